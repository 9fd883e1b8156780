"""The complete ceremonies held with belenios-tool 2.5.1, secrets included."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from keys.ceremony.certificate import Certificate, decode_certificates
from keys.ceremony.channel import TrusteeKeys, derive_keys
from keys.ceremony.messages import Polynomial
from keys.ceremony.terms import Terms
from keys.group import Group, group_named

ROOT = Path(__file__).parents[2] / "vectors" / "belenios"
NAMES = ("ed25519-blank", "ed25519-two-questions", "belenios2048-blank")


class Held(NamedTuple):
    """One ceremony of the vectors."""

    folder: Path
    group: Group
    terms: Terms
    gamma: list[Certificate]
    polynomials: list[Polynomial]
    names: list[str]

    def file(self, index: int, suffix: str) -> bytes:
        """The file of trustee `index`, without its final line feed."""
        place = "secrets" if suffix in ("key", "dkey") else "ceremony"
        return (self.folder / place / f"{self.names[index - 1]}.{suffix}").read_bytes().removesuffix(b"\n")

    def keys(self, index: int) -> TrusteeKeys:
        return derive_keys(self.group, self.file(index, "key").decode())

    def public(self, name: str) -> bytes:
        """A file of the whole ceremony, as it is."""
        return (self.folder / "ceremony" / name).read_bytes()


@cache
def held(name: str) -> Held:
    folder = ROOT / name
    group = group_named("BELENIOS-2048" if name.startswith("belenios") else "Ed25519")
    data = (folder / "ceremony" / "certs.jsons").read_bytes()
    gamma = decode_certificates(group, data, "certs.jsons")
    context = gamma[0].context
    terms = Terms(context.group, context.size, context.threshold)
    lines = (folder / "ceremony" / "polynomials.jsons").read_bytes().splitlines()
    polynomials = [Polynomial.decode(group, line, "polynomials", terms.size) for line in lines]
    names = [(folder / "ceremony" / f"{i}.trustee").read_text().strip() for i in terms.indices()]
    return Held(folder, group, terms, gamma, polynomials, names)
