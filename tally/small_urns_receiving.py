"""The server's side of the sums: they are published, shares arrive, and with enough of them all sums open.

As in the first opening (tally/receiving.py): a share is accepted or refused as one, and a forged one above
the threshold blocks nothing.
"""

from __future__ import annotations

from pathlib import Path

from keys.group import group_named
from keys.group.choice import Arithmetic
from tally import decryption, shares
from tally.consultation import Consultation, Urn
from tally.decryption import PartialDecryption
from tally.errors import OpeningRefusal
from tally.opening import ClosedUrn, Sealed
from tally.parallel import over_urns
from tally.public_folder import PublicFolder
from tally.receiving import Opener, Opening, Work, read_closed_file
from tally.small_urns import is_small
from tally.small_urns_mesa import MesaTotals, check_mesa
from tally.small_urns_step import mesa_keys, read_mesa
from tally.small_urns_sum import EncryptedSum, OpenedSum, add, opened


def small_urns(public: PublicFolder, consultation: Consultation) -> list[Urn]:
    """The urns that are not opened alone. Raises OpeningRefusal when one is still open, StoreError."""
    k = consultation.k
    return [u for u in consultation.urns if is_small(read_closed_file(public, u).ballots, k)]


class MesaDesk:
    """Takes what Mesas hand in, and adds it to their urns. Reads what all share once."""

    def __init__(self, root: Path, arithmetic: Arithmetic = "auto") -> None:
        self._public = PublicFolder(root)
        self._consultation = self._public.consultation()
        self._group = group_named(self._consultation.grupo, arithmetic)
        self._keys = mesa_keys(self._public, self._consultation)

    def receive(self, urn: Urn, data: bytes) -> MesaTotals:
        """Check what a Mesa hands in for a small urn and publish it. Raises Refusal; nothing is kept then.

        What was handed in before is replaced, until its sum is open; the sums must be published again.
        """
        mesa = self.check(urn, data)
        self._public.write(self._public.mesa_file(urn.unidad), mesa.data)
        return mesa

    def check(self, urn: Urn, data: bytes) -> MesaTotals:
        """What a Mesa hands in for a small urn, once everything about it holds. Raises Refusal."""
        place = f"mesas/{urn.unidad.clave}.json"
        closed = read_closed_file(self._public, urn)
        if not is_small(closed.ballots, self._consultation.k):
            raise OpeningRefusal("mesa.urna", place, "una urna pequeña", "una que se abre sola")
        if self._public.opened_sum_file(urn.unidad).exists():
            raise OpeningRefusal("mesa.cerrada", place, "una suma por abrir", "ya está abierta")
        mesa = MesaTotals.from_bytes(data, self._group.order, place)
        self._sum(urn, closed, mesa)
        return mesa

    def publish(self, urn: Urn) -> EncryptedSum:
        """The sum with what the Mesa published, written."""
        mesa = read_mesa(self._public, urn, self._group.order)
        made = self._sum(urn, read_closed_file(self._public, urn), mesa)
        self._public.write(self._public.sum_file(urn.unidad), made.data)
        return made

    def _sum(self, urn: Urn, closed: ClosedUrn, mesa: MesaTotals) -> EncryptedSum:
        """The sum with what a Mesa handed in. Raises Refusal when anything about it is wrong."""
        own, unidad = self._consultation, urn.unidad
        pairs = check_mesa(self._group, mesa, own.id, unidad, closed.election, self._keys.of(unidad))
        return add(self._group, own.id, closed.tally, closed.ballots, own.k, mesa, pairs)


def publish_sums(
    public: PublicFolder,
    consultation: Consultation,
    arithmetic: Arithmetic = "auto",
    processes: int | None = None,
) -> list[EncryptedSum]:
    """`sumas/<clave>.json` of every small urn. Raises Refusal, or StoreError while a Mesa is missing."""
    urns = small_urns(public, consultation)
    return list(over_urns(MesaDesk.publish, urns, MesaDesk, (public.root, arithmetic), processes))


class SumOpener(Opener):
    """What a process needs to open sums."""

    def __init__(self, root: Path, group: str, threshold: int, arithmetic: Arithmetic) -> None:
        super().__init__(root, group, threshold, arithmetic)
        self._k = self.public.consultation().k

    def compare(self, work: Work) -> tuple[Urn, tuple[int, ...], tuple[int, ...]]:
        """The urn, who opened its sum if it is open, and whose shares of it do not fit the others."""
        urn, given = work
        total = read_sum(self.public, urn, self._k)
        found = self.agreement(urn, total.tally, total.ballots, given)
        done = read_opened(self.public, urn, self.group.order)
        return urn, tuple(sorted(done.shares)) if done else (), found.forged

    def open(self, work: Work) -> None:
        """Open one sum with checked shares. One already open stays as it is."""
        urn, given = work
        if read_opened(self.public, urn, self.group.order) is not None:
            return
        total, place = read_sum(self.public, urn, self._k), f"UT {urn.unidad.clave}"
        partials = {o: PartialDecryption.from_bytes(d, place, self.group.order) for o, d in given.items()}
        factors = decryption.combine(self.group, partials, self.trustees.combination(self.group, partials))
        (votes,) = decryption.result(self.group, total.tally, factors, total.ballots)
        made = opened(total, given, votes)
        self.public.write(self.public.opened_sum_file(urn.unidad), made.data)


class SumOpening(Opening):
    """The opening of the sums of one consultation, once `publish_sums` made them."""

    kind = shares.SUMS
    opener = SumOpener

    def find(self) -> list[Urn]:
        """The small urns whose sum has enough ballots to be opened."""
        small = small_urns(self.public, self.consultation)
        return [u for u in small if read_sum(self.public, u, self.consultation.k).to_open]

    def read_sealed(self, urn: Urn) -> Sealed:
        """The sum of an urn."""
        return read_sum(self.public, urn, self.consultation.k)


def read_sum(public: PublicFolder, urn: Urn, k: int) -> EncryptedSum:
    """The published sum of a small urn. Raises FormatRefusal, StoreError."""
    data = public.read(public.sum_file(urn.unidad))
    return EncryptedSum.from_bytes(data, k, f"sumas/{urn.unidad.clave}.json")


def read_opened(public: PublicFolder, urn: Urn, order: int) -> OpenedSum | None:
    """What the sum of a small urn opened to; None while it is closed. Raises FormatRefusal, StoreError."""
    path = public.opened_sum_file(urn.unidad)
    if not path.exists():
        return None
    return OpenedSum.from_bytes(public.read(path), order, f"sumas-abiertas/{urn.unidad.clave}.json")
