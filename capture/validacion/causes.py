"""The «Causas de rechazo» of source 000, 7.3.1, in its words. Pure."""

from __future__ import annotations

from capture.validacion.errors import ValidacionRefusal

CAUSES = {
    1: "El nombre de la persona registrada no coincide con el nombre de la Credencial para votar.",
    2: "El domicilio de la Ciudad de México registrado no coincide con el domicilio de la Credencial para "
    "votar.",
    3: "La Credencial para votar se presenta en copia.",
    4: "La Credencial para votar se presenta en una fotografía o imagen de este documento digitalizado "
    "(Fotografía de otra imagen).",
    5: "La Credencial para votar se presenta es ilegible y/o está incompleta y/o está alterada.",
    6: "No se anexó imagen de la Credencial para votar.",
    7: "Se anexo imagen del reverso de la Credencial para votar.",
    8: "La imagen anexada no proporciona información suficiente para validar y confirmar la identidad de la "
    "persona.",
}


def require_cause(number: int) -> str:
    """The words of a cause. Raises ValidacionRefusal."""
    if number not in CAUSES:
        raise ValidacionRefusal("validacion.causa", "causa", f"de 1 a {len(CAUSES)}", number)
    return CAUSES[number]
