"""What clave de elector, CURP and birth date must say alike."""

from __future__ import annotations

from datetime import date

from capture.identity.clave_elector import ClaveElector
from capture.identity.curp import Curp
from capture.identity.errors import IdentityRefusal


def require_same_person(birth: date | None, clave: ClaveElector, curp: Curp | None) -> None:
    """Refuse when birth date, sex or entidad of birth differ. The first difference is named."""
    if birth is not None and f"{birth:%y%m%d}" != clave.yymmdd:
        expected = "la misma fecha que la clave de elector (posiciones 7 a 12)"
        raise IdentityRefusal("cruce.fecha", "Fecha de nacimiento", expected, "otra fecha")
    if curp is None:
        return
    if birth is not None and birth != curp.birth:
        expected = "la misma fecha que la CURP (posiciones 5 a 10)"
        raise IdentityRefusal("cruce.fecha", "Fecha de nacimiento", expected, "otra fecha")
    if f"{curp.birth:%y%m%d}" != clave.yymmdd:
        raise IdentityRefusal("cruce.fecha", "CURP", "la misma fecha que la clave de elector", "otra fecha")
    if curp.sexo not in ("X", clave.sexo):
        raise IdentityRefusal("cruce.sexo", "CURP", "el mismo sexo que la clave de elector", "otro sexo")
    _require_same_birthplace(clave, curp)


def _require_same_birthplace(clave: ClaveElector, curp: Curp) -> None:
    abroad = clave.entidad in ("87", "88")
    if (curp.entidad is None) != abroad or (curp.entidad is not None and curp.entidad != clave.entidad):
        expected = "la misma entidad de nacimiento que la clave de elector"
        raise IdentityRefusal("cruce.entidad", "CURP", expected, "otra entidad")
