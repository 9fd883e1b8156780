"""Mesas of the small consultation of the tests: keys, counts, and what they hand in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from keys.group import Group
from keys.randomness import SeededRandomness, SystemRandomness
from tally.consultation import Consultation, Urn
from tally.public_folder import PublicFolder
from tally.small_urns_mesa import MesaKeys, MesaSigner, MesaTotals, seal_totals
from tally.small_urns_receiving import MesaDesk, publish_sums, small_urns
from tally.small_urns_step import MadeSums, SumAct, make_sums_share
from tally.small_urns_totals import TotalsMaker
from tally.trustee_step import MadeShare, TrusteeAct, make_share
from tests.tally.making import OPENING, Board
from tests.tally.small_consultation import make_closed

SIGNER = MesaSigner(bytes(range(32)))
COUNTS = {"01-001": (1, 4, 2), "01-002": (0, 3, 0, 5)}
"""Per UT what the Mesa counted on paper: nulas, then the projects."""


def publish_keys(public: PublicFolder, consultation: Consultation) -> MesaKeys:
    """One key for the only demarcación."""
    keys = MesaKeys(consultation.id, (("UNO", SIGNER.public),))
    public.write(public.mesa_keys_file, keys.data)
    return keys


def count(
    group: Group,
    consultation: Consultation,
    urn: Urn,
    numbers: Sequence[int],
    signer: MesaSigner = SIGNER,
    seed: str = "mesa",
) -> MesaTotals:
    """What the Mesa of an urn hands in."""
    random = SeededRandomness(f"{seed} {urn.unidad.clave}")
    maker = TotalsMaker(group, consultation.llave_publica, random)
    election = consultation.election(group, urn.unidad)
    papers = (sum(numbers) + 10, 10)
    clave = urn.unidad.clave
    return seal_totals(maker, signer, consultation.id, clave, election, numbers, papers, OPENING)


def with_mesas(
    group: Group, root: Path, k: int = 5, counts: Mapping[str, Sequence[int]] = COUNTS
) -> tuple[Board, Consultation]:
    """A closed consultation whose small urns have their Mesas and their encrypted sums."""
    board, consultation = make_closed(group, root, k)
    public = PublicFolder(root)
    publish_keys(public, consultation)
    for urn in small_urns(public, consultation):
        mesa = count(group, consultation, urn, counts[urn.unidad.clave])
        MesaDesk(public.root).receive(urn, mesa.data)
    publish_sums(public, consultation)
    return board, consultation


def first_share(root: Path, board: Board, owner: int) -> MadeShare:
    """A trustee's share of the urns that are opened alone."""
    return make_share(TrusteeAct(root, owner, board.secrets[owner]), OPENING, SystemRandomness())


def sums_share(root: Path, board: Board, owner: int) -> MadeSums:
    """A trustee's share of the sums."""
    return make_sums_share(SumAct(root, owner, board.secrets[owner]), OPENING, SystemRandomness())
