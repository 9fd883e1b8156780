"""What a Mesa hands in for a small urn: `mesas/<clave>.json`, signed by who captures it (docs/formats.md).

The signature is what keeps the server from inventing a Mesa: with totals that it knows, the sum would tell it
the urn. The keys of those who capture are fixed in `mesas/llaves.json` before the urns are opened.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from keys import canonical
from keys.errors import FormatRefusal
from keys.group import Group
from ledger.vkey import verify_ed25519
from tally.archive import sha256
from tally.calendar import instant
from tally.consultation import Consultation
from tally.election import Election
from tally.errors import OpeningRefusal
from tally.setup import Unidad
from tally.small_urns_totals import EncryptedTotals, Pair, TotalsMaker, check_totals, context

VERSION = 1
KIND = "mesa"
HEADING = b"certeza/mesa/v1\n"
FIELDS = (
    "acta",
    "version",
    "consulta",
    "clave",
    "uuid",
    "instante",
    "recibidas",
    "sobrantes",
    "total",
    "totales",
    "llave",
    "firma",
)
KEYS_FIELDS = ("version", "consulta", "llaves")
_HEX = {n: re.compile(rf"[0-9a-f]{{{2 * n}}}", re.ASCII) for n in (32, 64)}


def hexadecimal(value: Any, size: int, place: str) -> str:
    """So many bytes in lower-case hexadecimal. Raises FormatRefusal."""
    text = canonical.string(value, place)
    if not _HEX[size].fullmatch(text):
        raise FormatRefusal("formato.hexadecimal", place, f"{2 * size} cifras hexadecimales", text)
    return text


class MesaSigner:
    """The key of who captures the Mesas of a Dirección Distrital. The 32-byte seed is the secret."""

    def __init__(self, seed: bytes) -> None:
        self._secret = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._secret.public_key().public_bytes_raw().hex()

    def sign(self, message: bytes) -> str:
        """64 bytes (RFC 8032), hexadecimal."""
        return self._secret.sign(message).hex()


@dataclass(frozen=True, slots=True)
class MesaKeys:
    """`mesas/llaves.json`: who may hand in totals, by demarcación. Each key: 32 bytes, hexadecimal."""

    consultation: str
    keys: tuple[tuple[str, str], ...]

    @property
    def data(self) -> bytes:
        """The canonical bytes."""
        listed = [{"demarcacion": name, "llave": key} for name, key in self.keys]
        return canonical.encode_sorted({"version": VERSION, "consulta": self.consultation, "llaves": listed})

    @classmethod
    def from_bytes(cls, data: bytes, place: str = "mesas/llaves.json") -> MesaKeys:
        """Read strictly. Raises FormatRefusal."""
        fields = canonical.record(canonical.parse(data, place), place, KEYS_FIELDS)
        if fields["version"] != VERSION:
            raise FormatRefusal("mesa.version", place, VERSION, fields["version"])
        keys = canonical.items(fields["llaves"], f"{place}.llaves", _key)
        for before, after in pairwise(name for name, _ in keys):
            if before >= after:
                raise FormatRefusal("mesa.orden", f"{place}.llaves", f"después de {before}", after)
        made = cls(canonical.string(fields["consulta"], f"{place}.consulta"), tuple(keys))
        canonical.require_same(data, made.data.decode(), place)
        return made

    def require_covers(self, consultation: Consultation, place: str = "mesas/llaves.json") -> None:
        """Of this consultation, one key for each demarcación with an urn. Raises FormatRefusal."""
        expected = sorted({urn.unidad.demarcacion for urn in consultation.urns})
        got = [name for name, _ in self.keys]
        if (self.consultation, got) != (consultation.id, expected):
            raise FormatRefusal("mesa.llaves", place, (consultation.id, expected), (self.consultation, got))

    def of(self, unidad: Unidad) -> str:
        """The key of the UT's demarcación. Raises FormatRefusal."""
        found = dict(self.keys).get(unidad.demarcacion)
        if found is None:
            raise FormatRefusal("mesa.llaves", "mesas/llaves.json", unidad.demarcacion, "ninguna llave")
        return found


def _key(value: Any, place: str) -> tuple[str, str]:
    fields = canonical.record(value, place, ("demarcacion", "llave"))
    name = canonical.string(fields["demarcacion"], f"{place}.demarcacion")
    return name, hexadecimal(fields["llave"], 32, f"{place}.llave")


@dataclass(frozen=True, slots=True)
class MesaTotals:
    """One Mesa's encrypted totals. `received`, `spare`: ballots on paper; `total`: those counted."""

    consultation: str
    clave: str
    uuid: str
    instant: datetime
    received: int
    spare: int
    total: int
    totals: EncryptedTotals
    key: str
    signature: str = ""

    @property
    def place(self) -> str:
        """Its path in the public folder."""
        return f"mesas/{self.clave}.json"

    @property
    def signed(self) -> bytes:
        """What the signature is over."""
        return HEADING + canonical.encode_sorted(self._fields())

    @property
    def data(self) -> bytes:
        """The canonical bytes."""
        return canonical.encode_sorted(self._fields() | {"firma": self.signature})

    @property
    def sha256(self) -> str:
        """Hash of the canonical bytes."""
        return sha256(self.data)

    def _fields(self) -> dict[str, Any]:
        return {
            "acta": KIND,
            "version": VERSION,
            "consulta": self.consultation,
            "clave": self.clave,
            "uuid": self.uuid,
            "instante": self.instant.isoformat(timespec="seconds"),
            "recibidas": self.received,
            "sobrantes": self.spare,
            "total": self.total,
            "totales": self.totals.to_json(),
            "llave": self.key,
        }

    @classmethod
    def from_bytes(cls, data: bytes, order: int, place: str) -> MesaTotals:
        """Read strictly; neither proofs nor signature are checked here. Raises FormatRefusal."""
        fields = canonical.record(canonical.parse(data, place), place, FIELDS)
        if (fields["acta"], fields["version"]) != (KIND, VERSION):
            found = (fields["acta"], fields["version"])
            raise FormatRefusal("mesa.version", place, f"{KIND}, versión {VERSION}", found)

        def text(name: str) -> str:
            return canonical.string(fields[name], f"{place}.{name}")

        def number(name: str) -> int:
            return canonical.small_int(fields[name], f"{place}.{name}")

        made = cls(
            consultation=text("consulta"),
            clave=text("clave"),
            uuid=text("uuid"),
            instant=instant(fields["instante"], f"{place}.instante"),
            received=number("recibidas"),
            spare=number("sobrantes"),
            total=number("total"),
            totals=EncryptedTotals.from_json(fields["totales"], f"{place}.totales", order),
            key=hexadecimal(fields["llave"], 32, f"{place}.llave"),
            signature=hexadecimal(fields["firma"], 64, f"{place}.firma"),
        )
        canonical.require_same(data, made.data.decode(), place)
        return made


def seal_totals(
    maker: TotalsMaker,
    signer: MesaSigner,
    consultation: str,
    clave: str,
    election: Election,
    numbers: Sequence[int],
    papers: tuple[int, int],
    moment: datetime,
) -> MesaTotals:
    """Encrypt and sign a Mesa's count. `numbers`: nulas first, then the projects; `papers`: received, spare.

    Happens where the Mesa is captured: `numbers` goes nowhere else. Raises FormatRefusal.
    """
    total = sum(numbers)
    where = context(election.fingerprint, signer.public, total)
    made = MesaTotals(
        consultation=consultation,
        clave=clave,
        uuid=election.uuid,
        instant=moment.replace(microsecond=0),
        received=papers[0],
        spare=papers[1],
        total=total,
        totals=maker.make(where, numbers),
        key=signer.public,
    )
    require_papers(made)
    return replace(made, signature=signer.sign(made.signed))


def require_papers(mesa: MesaTotals) -> None:
    """No more ballots were counted than were given to people. Raises OpeningRefusal."""
    given = mesa.received - mesa.spare
    if not mesa.total <= given:
        raise OpeningRefusal(
            "mesa.boletas", mesa.place, f"a lo más {given} (recibidas menos sobrantes)", mesa.total
        )


def check_mesa(
    group: Group, mesa: MesaTotals, consultation: str, unidad: Unidad, election: Election, key: str
) -> list[Pair]:
    """The ciphertexts of a Mesa, nulas first, once everything about it holds. Raises Refusal.

    `key`: that of the UT's demarcación, from `mesas/llaves.json`.
    """
    place = mesa.place
    for name, expected, got in (
        ("consulta", consultation, mesa.consultation),
        ("clave", unidad.clave, mesa.clave),
        ("uuid", election.uuid, mesa.uuid),
        ("llave", key, mesa.key),
    ):
        if expected != got:
            raise FormatRefusal(f"mesa.{name}", f"{place}.{name}", expected, got)
    require_papers(mesa)
    verify_ed25519(bytes.fromhex(key), mesa.signed, bytes.fromhex(mesa.signature), f"{place}.firma")
    where = context(election.fingerprint, key, mesa.total)
    options = election.questions[0].size
    return check_totals(group, election.public_key, mesa.totals, options, mesa.total, where, place)
