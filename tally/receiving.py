"""The server's side of the opening: shares arrive, are checked whole, and with enough of them all urns open.

A share is accepted or refused as one: a trustee whose file is wrong for one urn is told which, and can
hand in another. A wrong share above the threshold never blocks the count: neither one whose proof fails
nor one that was forged so that its proof holds (tally/agreement.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, ClassVar, TypeVar

from keys.ceremony.trustees import Trustees, verify_trustees
from keys.errors import FormatRefusal, Refusal
from keys.group import Group, group_named
from keys.group.choice import Arithmetic
from keys.system_error import reason
from tally import shares
from tally.agreement import Agreement, agree
from tally.consultation import Consultation, Urn
from tally.decryption import PartialDecryption
from tally.encrypted_tally import EncryptedTally
from tally.errors import OpeningRefusal, StoreError
from tally.opening import ClosedUrn, Sealed, check_share, open_urn, read_closed
from tally.parallel import over_urns
from tally.public_folder import PublicFolder
from tally.small_urns import is_small

Work = tuple[Urn, dict[int, bytes]]
"""An urn and, by owner, the canonical partial decryptions of it that were accepted."""
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a file that a trustee handed in. `reason` is None when it was accepted."""

    trustee: int
    sha256: str
    reason: str | None

    @property
    def accepted(self) -> bool:
        return self.reason is None


@dataclass
class Opening:
    """The opening of one consultation, small urns apart. Verdicts are in order of arrival."""

    kind: ClassVar[str] = shares.OPENING
    opener: ClassVar[type[Opener]]
    public: PublicFolder
    consultation: Consultation
    arithmetic: Arithmetic = "auto"
    verdicts: list[Verdict] = field(default_factory=list)
    _accepted: dict[int, dict[str, bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._group: Group = group_named(self.consultation.grupo, self.arithmetic)
        self._trustees: Trustees = verify_trustees(self._group, self.public.trustees())
        self._sealed: dict[str, Sealed] = {}

    @cached_property
    def urns(self) -> dict[str, Urn]:
        """What is opened, by uuid. Raises Refusal, StoreError."""
        return {urn.uuid: urn for urn in self.find()}

    @property
    def owners(self) -> list[int]:
        """Trustees whose shares were accepted, in order of arrival."""
        return list(self._accepted)

    @property
    def enough(self) -> bool:
        """Whether the urns can be opened."""
        return len(self._accepted) >= self.consultation.umbral

    def receive(self, file: Path, now: datetime) -> Verdict:
        """Check a trustee's file whole. A refusal is a verdict; only what is not about the file raises."""
        self.consultation.calendar.require_opening(now)
        if file.exists() and not file.is_file():
            raise StoreError(str(file), "no es un archivo")
        try:
            data = file.read_bytes()
        except OSError as error:
            raise StoreError(str(file), reason(error)) from error
        digest = sha256(data).hexdigest()
        trustee = 0
        try:
            heading, lines = shares.read(data.splitlines(keepends=True), file.name, self._group.order)
            trustee = heading.trustee
            self._require_expected(heading, file.name)
            found = {line.uuid: self._checked(trustee, line, file.name) for line in lines}
            self._require_complete(found, file.name)
            self._accepted[trustee] = found
            verdict = Verdict(trustee, digest, None)
        except Refusal as refusal:
            verdict = Verdict(trustee, digest, str(refusal))
        self.verdicts.append(verdict)
        return verdict

    def open_all(
        self, processes: int | None = None, progress: Callable[[int, int], None] | None = None
    ) -> None:
        """Add shares and result to every urn, after setting aside the shares that do not fit the others.

        Whose share is set aside gets a refusal instead of the verdict it had. Nothing is written before all
        urns were tried. Doing it again with the same shares ends what a crash interrupted. Raises
        OpeningRefusal below the threshold, when the shares open an urn in no combination (then another one
        must arrive), and when an urn was opened with others.
        """
        count = len(self.urns)
        report = progress or (lambda _done, _total: None)
        self._require_enough()
        opened: dict[tuple[int, ...], Urn] = {}
        for done, (urn, owners, forged) in enumerate(
            self._over_urns(self.opener.compare, processes), start=1
        ):
            self._set_aside(forged, urn)
            if owners:
                opened.setdefault(owners, urn)
            report(done, 2 * count)
        self._require_enough()
        self._require_same(opened)
        for done, _ in enumerate(self._over_urns(self.opener.open, processes), start=1):
            report(count + done, 2 * count)

    def _over_urns(self, act: Callable[[Any, Work], R], processes: int | None) -> Iterator[R]:
        urns = [
            (urn, {owner: found[urn.uuid] for owner, found in self._accepted.items()})
            for urn in self.urns.values()
        ]
        arguments = (self.public.root, self.consultation.grupo, self.consultation.umbral, self.arithmetic)
        return over_urns(act, urns, self.opener, arguments, processes)

    def _set_aside(self, forged: Sequence[int], urn: Urn) -> None:
        for owner in forged:
            if self._accepted.pop(owner, None) is None:
                continue
            place = f"custodio {owner} › UT {urn.unidad.clave}"
            refusal = OpeningRefusal(
                "aportacion.concuerda", place, "los factores que determinan las demás aportaciones", "otros"
            )
            self.verdicts = [
                replace(v, reason=str(refusal)) if v.accepted and v.trustee == owner else v
                for v in self.verdicts
            ]

    def _require_enough(self) -> None:
        if not self.enough:
            needed = f"{self.consultation.umbral} aportaciones"
            raise OpeningRefusal("descifrado.umbral", "apertura", needed, len(self._accepted))

    def _require_same(self, opened: Mapping[tuple[int, ...], Urn]) -> None:
        """Urns that are open were opened with these shares: the actas could not tell who opened them."""
        for owners, urn in opened.items():
            if set(owners) != set(self._accepted):
                expected = f"las aportaciones con que se abrió: {', '.join(map(str, owners))}"
                got = f"las de {', '.join(map(str, sorted(self._accepted)))}"
                raise OpeningRefusal("apertura.custodios", f"UT {urn.unidad.clave}", expected, got)

    def _require_expected(self, heading: shares.ShareHeading, place: str) -> None:
        if heading.kind != self.kind:
            raise OpeningRefusal("aportacion.tipo", place, self.kind, heading.kind)
        if heading.consultation != self.consultation.id:
            raise OpeningRefusal("aportacion.consulta", place, self.consultation.id, heading.consultation)
        count = len(self._trustees.verification_keys)
        if not 1 <= heading.trustee <= count:
            raise OpeningRefusal("descifrado.custodio", place, f"de 1 a {count}", heading.trustee)
        if heading.urns != len(self.urns):
            raise OpeningRefusal("aportacion.urnas", place, len(self.urns), heading.urns)
        if heading.trustee in self._accepted:
            raise OpeningRefusal("descifrado.repetido", place, "una aportación por custodio", heading.trustee)

    def _checked(self, trustee: int, share: shares.UrnShare, place: str) -> bytes:
        urn = self.urns.get(share.uuid)
        if urn is None:
            raise OpeningRefusal("aportacion.urna", place, "una urna que se abre", share.uuid)
        where = f"{place} › UT {urn.unidad.clave}"
        check_share(self._group, self._trustees, self._sealed_of(urn), trustee, share, where)
        return share.partial

    def _sealed_of(self, urn: Urn) -> Sealed:
        if urn.uuid not in self._sealed:
            self._sealed[urn.uuid] = self.read_sealed(urn)
        return self._sealed[urn.uuid]

    def find(self) -> list[Urn]:
        """Every urn that may be opened alone. Raises OpeningRefusal when one is not closed."""
        every, k = self.consultation.urns, self.consultation.k
        closed = {u.uuid: read_closed_file(self.public, u) for u in every}
        self._sealed |= closed
        return [u for u in every if not is_small(closed[u.uuid].ballots, k)]

    def read_sealed(self, urn: Urn) -> Sealed:
        """What is opened of an urn."""
        return read_closed_file(self.public, urn)

    def _require_complete(self, found: dict[str, bytes], place: str) -> None:
        missing = [urn.unidad.clave for uuid, urn in self.urns.items() if uuid not in found]
        if missing:
            raise FormatRefusal("aportacion.urnas", place, "todas las urnas", f"faltan {', '.join(missing)}")


class Opener:
    """What a process needs to open urns."""

    def __init__(self, root: Path, group: str, threshold: int, arithmetic: Arithmetic) -> None:
        self.public = PublicFolder(root)
        self.threshold = threshold
        self.group = group_named(group, arithmetic)
        self.trustees = verify_trustees(self.group, self.public.trustees())

    def compare(self, work: Work) -> tuple[Urn, tuple[int, ...], tuple[int, ...]]:
        """The urn, who opened it if it is open, and whose shares of it do not fit the others."""
        urn, shares = work
        closed = read_closed_file(self.public, urn)
        found = self.agreement(urn, closed.tally, closed.ballots, shares)
        return urn, closed.owners, found.forged

    def agreement(
        self, urn: Urn, tally: EncryptedTally, ballots: int, shares: Mapping[int, bytes]
    ) -> Agreement:
        """What a tally opens to, and whose shares do not fit the others. Raises OpeningRefusal."""
        order, place = self.group.order, f"UT {urn.unidad.clave}"
        partials = {o: PartialDecryption.from_bytes(data, place, order) for o, data in shares.items()}
        return agree(self.group, self.threshold, tally, ballots, partials, place)

    def open(self, work: Work) -> None:
        """Open one urn with checked shares."""
        urn, partials = work
        with self.public.archive(urn.unidad) as store:
            open_urn(self.group, self.trustees, store, partials, urn.file)


Opening.opener = Opener


def read_closed_file(public: PublicFolder, urn: Urn) -> ClosedUrn:
    """An urn of ours from its file. Raises OpeningRefusal when it is still open, StoreError."""
    return read_closed(_ReadOnly(public, urn), urn.file)


class _ReadOnly:
    """An archive that can only be read: no lock is taken."""

    def __init__(self, public: PublicFolder, urn: Urn) -> None:
        self._public, self._urn = public, urn

    def read(self) -> AbstractContextManager[BinaryIO]:
        return self._public.open_urn(self._urn)
