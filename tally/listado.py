"""The Listado de Claves de Elector of one urn (SEI-23): who must not opine again at the Mesa.

Personal data: it leaves the server only encrypted with age to its Dirección Distrital. The acta carries a
salted hash of it, from which nothing can be guessed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pyrage

from keys import canonical
from keys.errors import FormatRefusal

TITLE = (
    "Listado de Claves de Elector de la Ciudadanía que emitió su opinión a través del Sistema "
    "Electrónico por Internet para la Consulta de Presupuesto Participativo"
)
SALT_BYTES = 32


def listado_data(consultation: str, clave: str, claves_de_elector: Sequence[str], salt: bytes) -> bytes:
    """Canonical bytes: sorted, none twice. `salt`: 32 random bytes. Raises FormatRefusal."""
    ordered = sorted(claves_de_elector)
    if len(set(ordered)) != len(ordered):
        raise FormatRefusal("listado.repetida", f"listado {clave}", "claves distintas", "una repetida")
    if len(salt) != SALT_BYTES:
        raise FormatRefusal("listado.sal", f"listado {clave}", f"{SALT_BYTES} bytes", len(salt))
    return canonical.encode_sorted(
        {
            "listado": TITLE,
            "version": 1,
            "consulta": consultation,
            "unidad": clave,
            "claves_de_elector": ordered,
            "sal": salt.hex(),
        }
    )


def commitment(data: bytes) -> str:
    """What the acta says of a listado: its SHA-256, which the salt inside keeps from being guessed."""
    return hashlib.sha256(data).hexdigest()


def sealed(data: bytes, recipient: str) -> bytes:
    """The age file for a Dirección Distrital. `recipient`: age1…"""
    return bytes(pyrage.encrypt(data, [pyrage.x25519.Recipient.from_str(recipient)]))
