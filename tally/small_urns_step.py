"""A trustee's second act: the sums of the small urns with their Mesas (docs/adr/0022-small-urns.md).

Once the Mesas are counted, on a copy of the public folder, offline. The record of every urn is checked again,
so that what is opened belongs to the same tallies that the first opening was bound to; of each small urn, its
Mesa's signature and proofs, and that the published sum is the product. All small urns at once, or nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from keys import canonical
from keys.errors import FormatRefusal
from keys.randomness import Randomness
from tally import decryption
from tally.archive import sha256
from tally.audit import UrnaAudit
from tally.consultation import Consultation, Urn
from tally.parallel import over_urns
from tally.public_folder import PublicFolder
from tally.shares import SUMS, ShareHeading, UrnShare
from tally.small_urns import is_small
from tally.small_urns_mesa import MesaKeys, MesaTotals, check_mesa
from tally.small_urns_sum import EncryptedSum, add, require_sum
from tally.trustee_step import MadeShare, Progress, Ready, TrusteeAct, opening_fingerprint


@dataclass(frozen=True, slots=True)
class MadeSums(MadeShare):
    """A trustee's file of the sums. `opening`: the fingerprint of the tallies of all urns."""

    opening: str


@dataclass(frozen=True, slots=True)
class ExaminedSum:
    """What a trustee found in one urn: the hash of its tally; of a small one, its sum and the share."""

    uuid: str
    tally: str
    sum_hash: str | None = None
    share: UrnShare | None = None


class SumAct(TrusteeAct):
    """Everything one process needs to work on sums. Picklable."""

    def prepare_sums(self, randomness: Randomness) -> ReadySums:
        """Read and check what all urns share, the keys of the Mesas included."""
        ready = self.prepare(randomness)
        return ReadySums(ready, mesa_keys(ready.public, ready.consultation))


@dataclass(frozen=True)
class ReadySums:
    """What all urns share, checked."""

    ready: Ready
    keys: MesaKeys

    def examine(self, urn: Urn) -> ExaminedSum:
        """One urn, whole; and of a small one its sum and the share of it. Raises Refusal."""
        ready = self.ready
        found = ready.audit(urn)
        if not is_small(found.ballots, ready.consultation.k):
            return ExaminedSum(urn.uuid, ready.tally_hash(found))
        tally = ready.sealed_tally(found)
        total = self.sum_of(urn, found)
        share = self._share(urn, total) if total.to_open else None
        return ExaminedSum(urn.uuid, tally, total.sha256, share)

    def sum_of(self, urn: Urn, found: UrnaAudit) -> EncryptedSum:
        """The sum of a small urn with its Mesa, computed, and the same as the published one."""
        public = self.ready.public
        try:
            made = recomputed(self.ready, self.keys, urn, found)
            require_sum(public.read(public.sum_file(urn.unidad)), made)
        except FormatRefusal as refusal:
            raise refusal.within(f"UT {urn.unidad.clave}") from None
        return made

    def _share(self, urn: Urn, total: EncryptedSum) -> UrnShare:
        ready = self.ready
        made = decryption.decrypt(
            ready.group, total.fingerprint, total.tally, ready.secret, ready.own_key, ready.randomness
        )
        return UrnShare(urn.uuid, total.tally_hash, made.data)


def mesa_keys(public: PublicFolder, consultation: Consultation) -> MesaKeys:
    """The keys of those who capture Mesas, one for each demarcación. Raises FormatRefusal, StoreError."""
    keys = MesaKeys.from_bytes(public.read(public.mesa_keys_file))
    keys.require_covers(consultation)
    return keys


def recomputed(ready: Ready, keys: MesaKeys, urn: Urn, found: UrnaAudit) -> EncryptedSum:
    """The sum of an audited small urn with what its Mesa handed in, once that is checked. Raises Refusal."""
    public, consultation = ready.public, ready.consultation
    mesa = read_mesa(public, urn, ready.group.order)
    election = found.known_election()
    if found.tally is None:
        raise FormatRefusal("urna.cerrada", urn.file, "una urna cerrada", "una urna abierta")
    pairs = check_mesa(ready.group, mesa, consultation.id, urn.unidad, election, keys.of(urn.unidad))
    return add(ready.group, consultation.id, found.tally, found.ballots, consultation.k, mesa, pairs)


def read_mesa(public: PublicFolder, urn: Urn, order: int) -> MesaTotals:
    """What the Mesa of an urn handed in. Raises FormatRefusal, StoreError when there is nothing."""
    path = public.mesa_file(urn.unidad)
    return MesaTotals.from_bytes(public.read(path), order, f"mesas/{urn.unidad.clave}.json")


def make_sums_share(
    act: SumAct,
    now: datetime,
    randomness: Randomness,
    *,
    processes: int | None = None,
    progress: Progress = lambda done, total: None,
) -> MadeSums:
    """Check everything and decrypt the sums that may be opened.

    Raises Refusal with UT and rule, or StoreError.

    Whoever hands the file over must first have the private file remember both fingerprints
    (`keys.ceremony.trustee_side.remember_sums`).
    """
    public = PublicFolder(act.folder)
    consultation = public.consultation()
    consultation.calendar.require_opening(now)
    urns = consultation.urns
    examined: list[ExaminedSum] = []
    for found in over_urns(ReadySums.examine, urns, act.prepare_sums, (randomness,), processes):
        examined.append(found)
        progress(len(examined), len(urns))
    shares = [found.share for found in examined if found.share is not None]
    heading = ShareHeading(consultation.id, act.owner, len(shares), SUMS)
    data = b"".join([heading.line, *(share.line for share in shares)])
    opening = opening_fingerprint(consultation.data, {found.uuid: found.tally for found in examined})
    sums = {found.uuid: found.sum_hash for found in examined if found.sum_hash is not None}
    keys = sha256(public.read(public.mesa_keys_file))
    return MadeSums(heading, data, sums_fingerprint(opening, keys, sums), opening)


def sums_fingerprint(opening: str, keys: str, sums: Mapping[str, str]) -> str:
    """SHA-256 that binds the tallies of all urns, the keys of the Mesas and every sum, reserved or not."""
    bound = {"apertura": opening, "llaves": keys, "sumas": dict(sums)}
    return sha256(canonical.encode_sorted(bound))
