"""At the Mesa: whether a person already opined by internet (SEI-24). Works on an opened listado, offline."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pyrage

from keys import canonical
from keys.errors import FormatRefusal
from tally.listado import SALT_BYTES, TITLE, commitment, listado_data
from tally.mesa.errors import AlreadyOpined, MesaRefusal

FIELDS = ("listado", "version", "consulta", "unidad", "claves_de_elector", "sal")
_CLAVE = re.compile(r"[A-Z]{6}[0-9]{8}[HM][0-9]{3}", re.ASCII)
_GAPS = re.compile(r"[\s-]+")
HIDDEN = "otra cosa, que no se muestra"


def normal_clave(typed: str) -> str:
    """A clave de elector as it was typed, in its one form. Raises MesaRefusal without quoting it."""
    clave = _GAPS.sub("", typed).upper()
    if not _CLAVE.fullmatch(clave):
        expected = "6 letras, 8 cifras, H o M y 3 cifras"
        raise MesaRefusal("listado.clave", "clave de elector", expected, HIDDEN)
    return clave


@dataclass(frozen=True, slots=True, repr=False)
class Listado:
    """Who opined by internet in a UT. Personal data: never shown whole, never logged."""

    consultation: str
    clave: str
    claves_de_elector: frozenset[str]
    commitment: str

    def require_may_opine(self, typed: str) -> None:
        """Raises AlreadyOpined for a person of the listado, MesaRefusal for what is no clave de elector."""
        if normal_clave(typed) in self.claves_de_elector:
            expected = "una persona que no opinó por internet"
            raise AlreadyOpined(
                "mesa.ya_opino", f"Mesa de la UT {self.clave}", expected, "ya emitió su opinión Vía Remota"
            )


def open_listado(sealed: bytes, identity: str, expected: str | None) -> Listado:
    """Open the age file that the Dirección Distrital received.

    `identity`: AGE-SECRET-KEY-1…; `expected`: the hash that the acta says (`listado`). Raises MesaRefusal.
    """
    try:
        data = bytes(pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(identity)]))
    except (pyrage.DecryptError, pyrage.IdentityError):
        raise MesaRefusal("listado.cifrado", "listado", "un archivo para esta llave", "otro") from None
    return read_listado(data, expected)


def read_listado(data: bytes, expected: str | None) -> Listado:
    """Read an opened listado strictly. Raises MesaRefusal without quoting any of it."""
    digest = commitment(data)
    if expected is not None and digest != expected:
        raise MesaRefusal("listado.huella", "listado", expected, digest)
    try:
        return _read(data, digest)
    except (FormatRefusal, ValueError):
        raise MesaRefusal("listado.forma", "listado", "un listado de claves de elector", HIDDEN) from None


def _read(data: bytes, digest: str) -> Listado:
    fields = canonical.record(canonical.parse(data, "listado"), "listado", FIELDS)
    claves: Sequence[str] = canonical.items(fields["claves_de_elector"], "listado", canonical.string)
    consultation, clave = (canonical.string(fields[n], "listado") for n in ("consulta", "unidad"))
    salt = bytes.fromhex(canonical.string(fields["sal"], "listado"))
    if (fields["listado"], fields["version"], len(salt)) != (TITLE, 1, SALT_BYTES):
        raise FormatRefusal("listado.version", "listado", TITLE, HIDDEN)
    canonical.require_same(data, listado_data(consultation, clave, claves, salt).decode(), "listado")
    return Listado(consultation, clave, frozenset(claves), digest)
