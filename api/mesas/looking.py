"""Which UTs are not opened alone, how far their sums are, and why: for everybody."""

from __future__ import annotations

from api.consultas.sight import places
from api.http.here import Here
from api.mesas.forms import UrnaPequena, UrnasPequenas
from api.mesas.sight import order_of, require_published
from tally.acta import Acta
from tally.consulta.store_sql import Consultas
from tally.consultation import Urn
from tally.mesa.stages_sql import Stages
from tally.public_folder import PublicFolder
from tally.small_urns import RESERVA
from tally.small_urns_receiving import read_opened, read_sum, small_urns

TO_SUM, TO_OPEN, OPEN, RESERVED = "por-sumar", "por-abrir", "abierta", "reservada"


def look(here: Here, consulta: str) -> UrnasPequenas:
    """Raises ConsultaRefusal before the first opening: until then nobody says which urns are small."""
    with here.database.reading() as db:
        require_published(Consultas(db).get(consulta))
        etapa = Stages(db, consulta).now()
    public = places(here, consulta).public
    consultation = public.consultation()
    order = order_of(consultation)
    found = [_of(public, urn, consultation.k, order) for urn in small_urns(public, consultation)]
    return UrnasPequenas(k=consultation.k, etapa=etapa.value, razon=RESERVA, unidades=found)


def _of(public: PublicFolder, urn: Urn, k: int, order: int) -> UrnaPequena:
    unidad = urn.unidad
    acta = Acta.from_bytes(public.read(public.acta_file(unidad)), f"actas/{unidad.clave}.json")
    total = read_sum(public, urn, k) if public.sum_file(unidad).exists() else None
    stage = TO_SUM
    if total is not None:
        opened = read_opened(public, urn, order) is not None
        stage = OPEN if opened else TO_OPEN if total.to_open else RESERVED
    return UrnaPequena(
        clave=unidad.clave,
        nombre=unidad.nombre,
        demarcacion=unidad.demarcacion,
        boletas_internet=acta.urn.ballots,
        boletas_mesa=total.paper if total else None,
        situacion=stage,
        suma=total.sha256 if total else None,
    )
