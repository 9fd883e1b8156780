"""What the routes of consultations answer and are asked."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from tally.consulta.cronograma import NAMES, Fase
from tally.consulta.cronograma_2022 import ROWS
from tally.consulta.store_sql import Consulta, Custodio, StoredUnidad


class FaseView(BaseModel):
    """Una fase, con sus instantes de la hora del centro; `abierta` ahora."""

    fase: str
    nombre: str
    inicio: datetime
    fin: datetime
    abierta: bool


class RenglonView(BaseModel):
    """Un renglón del Cronograma de Actividades."""

    numero: int
    actividad: str
    area: str
    fase: str


class CustodioView(BaseModel):
    """Una persona custodia: su cargo y la huella de su certificado."""

    indice: int
    nombre: str
    huella: str | None


class CustodioCuenta(CustodioView):
    """Lo mismo, con la cuenta que entrega sus archivos."""

    cuenta: str | None


class ConsultaView(BaseModel):
    """Lo que cualquiera puede saber de una consulta."""

    id: str
    nombre: str
    anio: int
    estado: str
    grupo: str
    umbral: int
    k: int
    fases: list[FaseView]
    cronograma: list[RenglonView]
    custodios: list[CustodioView]
    unidades: int
    urnas: int
    abierta: datetime | None
    cerrada: datetime | None
    computada: datetime | None
    publicada: datetime | None


class ConsultaLine(BaseModel):
    """Un renglón de la lista de consultas."""

    id: str
    nombre: str
    anio: int
    estado: str


class UnidadView(BaseModel):
    """Una Unidad Territorial. Sin proyectos no tiene urna."""

    clave: str
    nombre: str
    demarcacion: str
    distrito: str
    proyectos: list[str]
    uuid: str | None
    setup: str | None
    secciones: list[str]


class EstadoView(BaseModel):
    """El estado al que se llegó."""

    estado: str


class Plazo(BaseModel):
    """De la hora del centro, o con su diferencia: «2027-04-22T20:00:00»."""

    inicio: str
    fin: str


class Nombramiento(BaseModel):
    """La cuenta que entrega los archivos de una persona custodia."""

    cuenta: str = Field(min_length=1, max_length=64)


class Adscripcion(BaseModel):
    """La Dirección Distrital de una cuenta y, de una Mesa, su Unidad Territorial."""

    distrito: str = Field(min_length=1, max_length=40)
    unidad: str | None = Field(default=None, max_length=32)


class AdscripcionView(Adscripcion):
    """Con la cuenta."""

    cuenta: str


class Sello(BaseModel):
    """Lo que la Contraloría hace constar."""

    dicho: str = Field(min_length=1, max_length=600)


class SelloView(Sello):
    """Con el tamaño y la raíz de la bitácora en ese instante."""

    cuando: datetime
    entradas: int
    raiz: str


def consulta_view(
    consulta: Consulta, custodios: list[Custodio], unidades: list[StoredUnidad], now: datetime
) -> ConsultaView:
    """As everybody sees it."""
    plan = consulta.cronograma
    fases = [
        FaseView(
            fase=f.value,
            nombre=NAMES[f],
            inicio=plan[f].inicio,
            fin=plan[f].fin,
            abierta=plan.open(f, now),
        )
        for f in Fase
    ]
    return ConsultaView(
        id=consulta.id,
        nombre=consulta.nombre,
        anio=consulta.anio,
        estado=consulta.estado.value,
        grupo=consulta.grupo,
        umbral=consulta.umbral,
        k=consulta.k,
        fases=fases,
        cronograma=[
            RenglonView(numero=r.numero, actividad=r.actividad, area=r.area, fase=r.fase.value) for r in ROWS
        ],
        custodios=[CustodioView(indice=c.indice, nombre=c.nombre, huella=c.huella) for c in custodios],
        unidades=len(unidades),
        urnas=sum(bool(u.unidad.proyectos) for u in unidades),
        abierta=consulta.abierta,
        cerrada=consulta.cerrada,
        computada=consulta.computada,
        publicada=consulta.publicada,
    )


def unidad_view(stored: StoredUnidad, secciones: list[str]) -> UnidadView:
    """A UT as everybody sees it."""
    unidad = stored.unidad
    return UnidadView(
        clave=unidad.clave,
        nombre=unidad.nombre,
        demarcacion=unidad.demarcacion,
        distrito=stored.distrito,
        proyectos=list(unidad.proyectos),
        uuid=stored.uuid if unidad.proyectos else None,
        setup=stored.setup,
        secciones=secciones,
    )
