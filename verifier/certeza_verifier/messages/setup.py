"""`setup_data`, `sized_encrypted_tally` and the `owned_*` structures: small messages that refer by hash."""

from __future__ import annotations

from typing import NamedTuple

from certeza_verifier import canonical


class SetupData(NamedTuple):
    """Hashes of the three structures of the setup (specification, «Elections»)."""

    election: str
    trustees: str
    credentials: str


class SizedTally(NamedTuple):
    """Payload of EncryptedTally (specification, «Encrypted tally»)."""

    num_tallied: int
    total_weight: int
    encrypted_tally: str


class Owned(NamedTuple):
    """Payload of PartialDecryption: owner counts trustees from 1 (specification, «Partial decryptions»)."""

    owner: int
    payload: str


def parse_setup(data: bytes) -> SetupData:
    """`setup_data`."""
    place = "setup_data"
    values = canonical.fields(canonical.load(data, place), SetupData._fields, place)
    setup = SetupData(
        *[canonical.digest(v, f"{place}.{n}") for v, n in zip(values, SetupData._fields, strict=True)]
    )
    text = (
        f'{{"election":"{setup.election}","trustees":"{setup.trustees}","credentials":"{setup.credentials}"}}'
    )
    canonical.same(data, text, place)
    return setup


def parse_sized(data: bytes) -> SizedTally:
    """`sized_encrypted_tally`."""
    place = "sized_encrypted_tally"
    count, weight, tally = canonical.fields(canonical.load(data, place), SizedTally._fields, place)
    sized = SizedTally(
        canonical.integer(count, f"{place}.num_tallied"),
        canonical.weight(weight, f"{place}.total_weight"),
        canonical.digest(tally, f"{place}.encrypted_tally"),
    )
    written = canonical.write_weight(sized.total_weight)
    text = f'{{"num_tallied":{sized[0]},"total_weight":{written},"encrypted_tally":"{sized[2]}"}}'
    canonical.same(data, text, place)
    return sized


def parse_owned(data: bytes) -> Owned:
    """`owned_partial_decryption`."""
    place = "owned_partial_decryption"
    owner, payload = canonical.fields(canonical.load(data, place), Owned._fields, place)
    owned = Owned(canonical.integer(owner, f"{place}.owner"), canonical.digest(payload, f"{place}.payload"))
    canonical.same(data, f'{{"owner":{owned.owner},"payload":"{owned.payload}"}}', place)
    return owned
