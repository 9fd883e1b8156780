"""Issuing a Clave, and replacing one that was lost (SEI-07, SEI-09). Pure, and slow on purpose (Argon2id).

Whoever calls this is the credential authority: it puts the Clave in one message and forgets it. Only
`replace` needs the authority's own age identity; issuing needs its public half.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pyrage

from keys import clave, credentials
from keys.clave import Wrapped
from keys.group import Group
from keys.randomness import Randomness
from tally.claves.errors import ClaveRefusal
from tally.claves.person import normal
from tally.public_credentials import derive


@dataclass(frozen=True, slots=True)
class Issued:
    """A new Clave and what is kept of it. `public`: (uuid, public credential) of each urn."""

    clave: str = field(repr=False)
    wrapped: Wrapped
    for_authority: bytes
    public: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Replaced:
    """A Clave in the place of a lost one: it opens the same credential."""

    clave: str = field(repr=False)
    wrapped: Wrapped


def issue(
    group: Group,
    consulta: str,
    clave_elector: str,
    uuids: Sequence[str],
    authority: str,
    randomness: Randomness,
) -> Issued:
    """A private credential and a Clave for one person. `uuids`: of the urns of the person's section;
    `authority`: the age recipient of the credential authority (age1…)."""
    private = credentials.generate(randomness)
    made = _wrapped(consulta, clave_elector, private, randomness)
    recipient = pyrage.x25519.Recipient.from_str(authority)
    sealed = bytes(pyrage.encrypt(private.encode(), [recipient]))
    public = [(uuid, *derive(group, uuid, [private])) for uuid in uuids]
    return Issued(made.clave, made.wrapped, sealed, tuple((uuid, text) for uuid, text in public))


def replace(
    consulta: str,
    clave_elector: str,
    sealed: bytes,
    authority: pyrage.x25519.Identity,
    randomness: Randomness,
) -> Replaced:
    """A new Clave for the credential that the authority keeps. Raises ClaveRefusal for another's seal."""
    try:
        private = bytes(pyrage.decrypt(sealed, [authority])).decode()
    except pyrage.DecryptError:
        expected = "la credencial sellada para esta autoridad"
        raise ClaveRefusal("clave.autoridad", "reposición", expected, "un sello de otra llave") from None
    credentials.require_form(private, "credencial")
    return _wrapped(consulta, clave_elector, private, randomness)


def _wrapped(consulta: str, clave_elector: str, private: str, randomness: Randomness) -> Replaced:
    new = clave.generate(randomness)
    return Replaced(new, clave.wrap(clave.derive(new, consulta, normal(clave_elector)), private, randomness))
