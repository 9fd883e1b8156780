"""Which change an audiencia may make of a record, and with which document: 002 §7.3 as ONE table. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum

from capture.audiencia.errors import AudienciaRefusal
from capture.padron.situacion import Situacion
from capture.records.states import Causa, Estado


class Cambio(StrEnum):
    """What becomes of a reviewed record."""

    SIN_MODIFICACION = "sin-modificacion"
    RETIRAR_INCONSISTENCIA = "retirar-inconsistencia"
    MODIFICAR_DATOS = "modificar-datos"
    """Form data change, and the padrón is asked again."""
    ACREDITAR = "acreditar"
    """Documents show that it is valid, whatever the padrón answered."""


class Documento(StrEnum):
    """What the promovente presents."""

    INFORMACION_NUEVA = "informacion-nueva"
    DATOS_CORRECTOS_VIGENTES = "datos-correctos-vigentes"
    DOCUMENTO_DE_AUTORIDAD = "documento-de-autoridad"
    SOLICITUD_DE_ACTUALIZACION = "solicitud-de-actualizacion"
    COPIA_DE_CREDENCIAL = "copia-de-credencial"


LABELS = {
    Documento.INFORMACION_NUEVA: "Información nueva para actualizar los datos",
    Documento.DATOS_CORRECTOS_VIGENTES: "Datos correctos vigentes de la persona",
    Documento.DOCUMENTO_DE_AUTORIDAD: "Original o copia certificada de documento expedido por autoridad "
    "competente que acredite la rehabilitación en los derechos políticos",
    Documento.SOLICITUD_DE_ACTUALIZACION: "Constancia de haber solicitado la actualización en el Registro "
    "Federal de Electores",
    Documento.COPIA_DE_CREDENCIAL: "Copia fotostática de la Credencial para Votar que acredite un nuevo "
    "trámite y confirme la inscripción vigente en el padrón electoral",
}
"""As the acta says it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What one kind of record allows beside leaving it as it is. `fuente`: the words of the annex."""

    cambio: Cambio | None
    documentos: frozenset[Documento] = field(default_factory=frozenset)
    fuente: str = ""


_NEW_DATA = (
    "En caso de que la situación registral que se muestre sea “Datos no encontrados” o “Baja de lista"
    " nominal”, la persona operadora podrá modificar los datos del formulario únicamente si la o el "
    "Promovente presenta información nueva para actualizarla."
)
_SUSPENSION = (
    "Para que los registros que se encuentren dados de baja del Padrón Electoral por “Suspensión de "
    "Derechos Políticos”, puedan ser considerados válidos, será necesario que la o el Promovente "
    "presente original o copia certificada de documento expedido por autoridad competente que "
    "acredite que la persona se encontraba rehabilitada en sus derechos políticos. Asimismo, deberá "
    "acreditarse haber solicitado su actualización en el Registro Federal de Electores."
)
_CREDENTIAL = (
    "A fin de que los registros que se ubiquen como dados de baja por “Cancelación de trámite” o "
    "“Duplicado en padrón electoral”, puedan ser considerados válidos, será preciso que la o el "
    "Promovente presente copia fotostática de la Credencial para Votar de la persona que acredite un "
    "nuevo trámite ante el Registro Federal de Electores y que confirme su inscripción vigente en el "
    "padrón electoral."
)
_NOT_FOUND = (
    "A efecto de que los “Registros no encontrados”, puedan ser considerados válidos es menester que "
    "la o el promovente proporcione los datos correctos vigentes de la persona que proporcionó su "
    "apoyo ciudadano para realizar una nueva búsqueda en el padrón electoral."
)
_MESA = (
    "La persona operadora explicará a la o el Promovente la causa de la inconsistencia, a efecto de "
    "que ésta última manifieste lo que a su derecho convenga, de ser el caso, presente los elementos "
    "por los cuales considera debe tenerse por válido el registro, y quede constancia en el acta "
    "correspondiente al ejercicio de la garantía de audiencia. De no haber manifestación alguna, la "
    "persona operadora procederá a guardar el registro sin modificación."
)
_D = Documento
INCONSISTENCY = Rule(Cambio.RETIRAR_INCONSISTENCIA, frozenset(), _MESA)
"""Of a record that the mesa found not valid."""
NOTHING = Rule(None)
"""For a situación that the annex does not name: it is shown and stays as it is."""
BY_SITUACION: dict[Situacion, Rule] = {
    Situacion.DATOS_NO_ENCONTRADOS: Rule(
        Cambio.MODIFICAR_DATOS, frozenset({_D.INFORMACION_NUEVA}), _NEW_DATA
    ),
    Situacion.BAJA_DE_LISTA_NOMINAL: Rule(
        Cambio.MODIFICAR_DATOS, frozenset({_D.INFORMACION_NUEVA}), _NEW_DATA
    ),
    Situacion.SUSPENSION: Rule(
        Cambio.ACREDITAR,
        frozenset({_D.DOCUMENTO_DE_AUTORIDAD, _D.SOLICITUD_DE_ACTUALIZACION}),
        _SUSPENSION,
    ),
    Situacion.CANCELACION: Rule(Cambio.ACREDITAR, frozenset({_D.COPIA_DE_CREDENCIAL}), _CREDENTIAL),
    Situacion.DUPLICADO: Rule(Cambio.ACREDITAR, frozenset({_D.COPIA_DE_CREDENCIAL}), _CREDENTIAL),
    Situacion.REGISTRO_NO_ENCONTRADO: Rule(
        Cambio.MODIFICAR_DATOS, frozenset({_D.DATOS_CORRECTOS_VIGENTES}), _NOT_FOUND
    ),
    Situacion.LISTA_NOMINAL: NOTHING,
    Situacion.DEFUNCION: NOTHING,
    Situacion.PERDIDA_DE_VIGENCIA: NOTHING,
    Situacion.OTRA_ENTIDAD: NOTHING,
}
CAUSES = {
    Cambio.RETIRAR_INCONSISTENCIA: Causa.MANIFESTACION,
    Cambio.MODIFICAR_DATOS: Causa.DATOS_CORREGIDOS,
    Cambio.ACREDITAR: Causa.DOCUMENTO_PRESENTADO,
}
AFTER = {
    Cambio.RETIRAR_INCONSISTENCIA: Estado.PARA_COMPULSA,
    Cambio.MODIFICAR_DATOS: Estado.PARA_COMPULSA,
    Cambio.ACREDITAR: Estado.COMPULSADO,
}
"""The state to which each change leads."""


def rule_for(estado: Estado, situacion: str | None, place: str) -> Rule:
    """What may be done with a record as it is. Raises AudienciaRefusal where there is nothing to review."""
    if estado is Estado.CON_INCONSISTENCIA:
        return INCONSISTENCY
    if estado is Estado.COMPULSADO and situacion is not None:
        return BY_SITUACION[Situacion(situacion)]
    expected = "con inconsistencia, o con situación registral"
    raise AudienciaRefusal("audiencia.estado", place, expected, estado.value)


def require_change(
    rule: Rule,
    cambio: Cambio,
    manifestacion: str,
    documentos: Collection[Documento],
    changes_data: bool,
    place: str,
) -> None:
    """Refuse what 002 §7.3 does not allow. Raises AudienciaRefusal.

    Rules: audiencia.cambio, audiencia.manifestacion, audiencia.documento, audiencia.datos.
    """
    if cambio is Cambio.SIN_MODIFICACION:
        if changes_data:
            raise AudienciaRefusal("audiencia.datos", place, "ningún dato", "datos modificados")
        return
    if cambio is not rule.cambio:
        allowed = rule.cambio.value if rule.cambio else "ninguna modificación"
        raise AudienciaRefusal("audiencia.cambio", place, allowed, cambio.value)
    if not manifestacion.strip():
        expected = "la manifestación de la o el promovente y la razón del cambio"
        raise AudienciaRefusal("audiencia.manifestacion", place, expected, "nada")
    if missing := rule.documentos - set(documentos):
        expected = "; ".join(LABELS[one] for one in sorted(missing))
        raise AudienciaRefusal("audiencia.documento", place, expected, "no se presentó")
    if changes_data is not (cambio is Cambio.MODIFICAR_DATOS):
        expected = "los datos que cambian" if cambio is Cambio.MODIFICAR_DATOS else "ningún dato"
        raise AudienciaRefusal("audiencia.datos", place, expected, "otra cosa")
