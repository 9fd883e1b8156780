"""The encrypted sum of a small urn with its Mesa, `sumas/<clave>.json`, and what it opens to.

The sum is the product, option by option, of the urn's encrypted tally and of the Mesa's ciphertexts: anybody
computes it again. One with fewer than k ballots, of both together, stays closed («reservada»).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from keys import canonical
from keys.errors import FormatRefusal
from keys.group import Group
from tally.archive import sha256
from tally.ballot import Ciphertext
from tally.decryption import PartialDecryption, decode_tally
from tally.election import base64_digest
from tally.encrypted_tally import EncryptedTally
from tally.errors import OpeningRefusal
from tally.small_urns import may_be_opened
from tally.small_urns_mesa import MesaTotals
from tally.small_urns_totals import Pair

VERSION = 1
TO_OPEN, RESERVED = "por-abrir", "reservada"
FIELDS = (
    "suma",
    "version",
    "consulta",
    "clave",
    "uuid",
    "computo",
    "mesa",
    "boletas_internet",
    "boletas_mesa",
    "boletas",
    "cifrada",
)
OPENED_FIELDS = ("version", "consulta", "clave", "uuid", "suma", "aportaciones", "resultado")


@dataclass(frozen=True, slots=True)
class EncryptedSum:
    """`urn_tally`, `mesa`: hashes of what was added. `remote`, `paper`: ballots of each."""

    consultation: str
    clave: str
    uuid: str
    urn_tally: str
    mesa: str
    remote: int
    paper: int
    k: int
    choices: tuple[Ciphertext, ...]

    @property
    def ballots(self) -> int:
        """Of internet and of the Mesa."""
        return self.remote + self.paper

    @property
    def to_open(self) -> bool:
        """Whether it is opened at all."""
        return may_be_opened(self.ballots, self.k)

    @property
    def place(self) -> str:
        """Its path in the public folder."""
        return f"sumas/{self.clave}.json"

    @property
    def tally(self) -> EncryptedTally:
        """In the form in which tallies are decrypted: one question."""
        return EncryptedTally((self.choices,))

    @property
    def data(self) -> bytes:
        """The canonical bytes."""
        return canonical.encode_sorted(
            {
                "suma": TO_OPEN if self.to_open else RESERVED,
                "version": VERSION,
                "consulta": self.consultation,
                "clave": self.clave,
                "uuid": self.uuid,
                "computo": self.urn_tally,
                "mesa": self.mesa,
                "boletas_internet": self.remote,
                "boletas_mesa": self.paper,
                "boletas": self.ballots,
                "cifrada": [{"alpha": a, "beta": b} for a, b in self.choices],
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes, k: int, place: str) -> EncryptedSum:
        """Read strictly; whether it is the product is not checked here. Raises FormatRefusal."""
        fields = canonical.record(canonical.parse(data, place), place, FIELDS)

        def text(name: str) -> str:
            return canonical.string(fields[name], f"{place}.{name}")

        made = cls(
            consultation=text("consulta"),
            clave=text("clave"),
            uuid=text("uuid"),
            urn_tally=canonical.digest(fields["computo"], f"{place}.computo"),
            mesa=canonical.digest(fields["mesa"], f"{place}.mesa"),
            remote=canonical.small_int(fields["boletas_internet"], f"{place}.boletas_internet"),
            paper=canonical.small_int(fields["boletas_mesa"], f"{place}.boletas_mesa"),
            k=k,
            choices=tuple(canonical.items(fields["cifrada"], f"{place}.cifrada", Ciphertext.from_json)),
        )
        canonical.require_same(data, made.data.decode(), place)
        return made

    @property
    def sha256(self) -> str:
        """Hash of the canonical bytes."""
        return sha256(self.data)

    @property
    def tally_hash(self) -> str:
        """What a share says that it opens: the whole document, not only its ciphertexts."""
        return self.sha256

    @property
    def fingerprint(self) -> str:
        """What the proofs of its decryption are bound to, in the place of an election's fingerprint."""
        return base64_digest(b"certeza/suma/v1\n" + self.data)


def add(
    group: Group,
    consultation: str,
    tally: EncryptedTally,
    remote: int,
    k: int,
    mesa: MesaTotals,
    pairs: Sequence[Pair],
) -> EncryptedSum:
    """The sum of an urn's tally and of a Mesa. `pairs`: its ciphertexts, once checked (`check_mesa`)."""
    (row,) = tally.rows
    texts = [text for choice in row for text in choice]
    own = decode_tally(group, texts, f"{mesa.clave} › encrypted_tally")
    products = [group.product([a, b]) for a, b in zip(own, [e for pair in pairs for e in pair], strict=True)]
    encoded = group.encode(products)
    choices = tuple(Ciphertext(a, b) for a, b in zip(encoded[::2], encoded[1::2], strict=True))
    hashes = sha256(tally.data), mesa.sha256
    return EncryptedSum(consultation, mesa.clave, mesa.uuid, *hashes, remote, mesa.total, k, choices)


def require_sum(published: bytes, expected: EncryptedSum) -> None:
    """The published sum is the product, byte for byte. Raises FormatRefusal."""
    place = expected.place
    fields = canonical.record(canonical.parse(published, place), place, FIELDS)
    for name, value in canonical.parse(expected.data, place).items():
        if fields[name] != value:
            raise FormatRefusal("suma.producto", f"{place}.{name}", value, fields[name])
    canonical.require_same(published, expected.data.decode(), place)


@dataclass(frozen=True, slots=True)
class OpenedSum:
    """`sumas-abiertas/<clave>.json`. `shares`: partial decryptions by owner; `votes`: nulas first."""

    consultation: str
    clave: str
    uuid: str
    sum_hash: str
    shares: Mapping[int, bytes]
    votes: tuple[int, ...]

    @property
    def place(self) -> str:
        """Its path in the public folder."""
        return f"sumas-abiertas/{self.clave}.json"

    @property
    def data(self) -> bytes:
        """The canonical bytes."""
        given = [
            {"custodio": owner, "descifrado": canonical.parse(data, self.place)}
            for owner, data in sorted(self.shares.items())
        ]
        return canonical.encode_sorted(
            {
                "version": VERSION,
                "consulta": self.consultation,
                "clave": self.clave,
                "uuid": self.uuid,
                "suma": self.sum_hash,
                "aportaciones": given,
                "resultado": list(self.votes),
            }
        )

    @property
    def sha256(self) -> str:
        """Hash of the canonical bytes."""
        return sha256(self.data)

    @classmethod
    def from_bytes(cls, data: bytes, order: int, place: str) -> OpenedSum:
        """Read strictly; proofs are not checked here. Raises FormatRefusal."""
        fields = canonical.record(canonical.parse(data, place), place, OPENED_FIELDS)
        given = canonical.items(
            fields["aportaciones"], f"{place}.aportaciones", lambda v, p: _share(v, p, order)
        )
        votes = canonical.items(fields["resultado"], f"{place}.resultado", canonical.small_int)
        made = cls(
            consultation=canonical.string(fields["consulta"], f"{place}.consulta"),
            clave=canonical.string(fields["clave"], f"{place}.clave"),
            uuid=canonical.string(fields["uuid"], f"{place}.uuid"),
            sum_hash=canonical.digest(fields["suma"], f"{place}.suma"),
            shares=dict(given),
            votes=tuple(votes),
        )
        canonical.require_same(data, made.data.decode(), place)
        return made


def opened(total: EncryptedSum, shares: Mapping[int, bytes], votes: Sequence[int]) -> OpenedSum:
    """What a sum opened to. Raises OpeningRefusal when it does not add up to its ballots."""
    if sum(votes) != total.ballots:
        raise OpeningRefusal("suma.total", total.place, total.ballots, sum(votes))
    return OpenedSum(total.consultation, total.clave, total.uuid, total.sha256, dict(shares), tuple(votes))


def _share(value: Any, place: str, order: int) -> tuple[int, bytes]:
    fields = canonical.record(value, place, ("custodio", "descifrado"))
    data = canonical.encode(fields["descifrado"]).encode("utf-8", "surrogatepass")
    PartialDecryption.from_bytes(data, f"{place}.descifrado", order)
    return canonical.small_int(fields["custodio"], f"{place}.custodio"), data
