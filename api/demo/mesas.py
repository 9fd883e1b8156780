"""The day of the Mesas in a rehearsal: counts on paper, those of small urns encrypted, the actas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from api.demo.actas import district_folder
from api.demo.plan import Plan
from api.demo.screen import Advance
from keys import atomic_file
from keys.group import group_named
from tally.acta import Acta
from tally.acta_pdf import Imprint
from tally.consultation import Consultation, Urn
from tally.mesa.count import MesaCount
from tally.mesa.escrutinio import Escrutinio, separate, together
from tally.mesa.printing import MesaPrinter
from tally.mesa.results import Computo, computo_of
from tally.parallel import over_urns
from tally.public_folder import PublicFolder
from tally.small_urns_mesa import MesaKeys, MesaSigner, seal_totals
from tally.small_urns_receiving import publish_sums, read_opened, read_sum, receive_mesa, small_urns
from tally.small_urns_sum import EncryptedSum
from tally.small_urns_totals import TotalsMaker

SEED_BYTES = 32
SEED_FILE = "llave-de-mesas.txt"
MOST_BALLOTS = 40
"""Ballots that an invented Mesa counts, at most; one in MOST_BALLOTS counts none."""
SPARE = 100


def fix_keys(plan: Plan, consultation: Consultation) -> MesaKeys:
    """A key for who captures the Mesas of each demarcación; the private part stays in its own folder."""
    keys = []
    for name in sorted({urn.unidad.demarcacion for urn in consultation.urns}):
        seed = plan.randomness(f"mesa/llave/{name}").below(2 ** (8 * SEED_BYTES)).to_bytes(SEED_BYTES, "big")
        folder = district_folder(plan, name)
        folder.mkdir(parents=True, exist_ok=True)
        atomic_file.replace(folder / SEED_FILE, f"{seed.hex()}\n".encode(), atomic_file.PRIVATE)
        keys.append((name, MesaSigner(seed).public))
    made = MesaKeys(plan.id, tuple(keys))
    public = PublicFolder(plan.public)
    public.write(public.mesa_keys_file, made.data)
    return made


def signer_of(plan: Plan, demarcacion: str) -> MesaSigner:
    """The key of who captures the Mesas of a demarcación."""
    return MesaSigner(
        bytes.fromhex((district_folder(plan, demarcacion) / SEED_FILE).read_text("ascii").strip())
    )


@dataclass(frozen=True)
class MesaDay:
    """What was counted on paper, by clave: it is no more public than its acta."""

    counts: dict[str, MesaCount]
    sums: dict[str, EncryptedSum] = field(default_factory=dict)


def invented(plan: Plan, urn: Urn) -> MesaCount:
    """The count of one Mesa."""
    random = plan.randomness(f"mesa/{urn.unidad.clave}")
    size = len(urn.unidad.proyectos) + 1
    numbers = [0] * size
    for _ in range(random.below(MOST_BALLOTS)):
        # Half of them for one project, so that there is somebody who wins.
        numbers[1 if random.below(2) else random.below(size)] += 1
    total = sum(numbers)
    return MesaCount(urn.unidad.clave, total + SPARE, SPARE, tuple(numbers[1:]), numbers[0], total)


class _Mesa:
    """What the device of a Mesa does with a small urn's count."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._public = PublicFolder(plan.public)
        self._consultation = self._public.consultation()
        self._group = group_named(plan.group, plan.arithmetic)

    def hand_in(self, task: tuple[Urn, MesaCount]) -> str:
        """Encrypt, sign and hand in; its clave."""
        urn, count = task
        plan, unidad = self._plan, urn.unidad
        random = plan.randomness(f"mesa/{unidad.clave}/cifrado")
        maker = TotalsMaker(self._group, self._consultation.llave_publica, random)
        mesa = seal_totals(
            maker,
            signer_of(plan, unidad.demarcacion),
            plan.id,
            unidad.clave,
            self._consultation.election(self._group, unidad),
            count.numbers,
            (count.received, count.spare),
            plan.mesas_at,
        )
        receive_mesa(self._public, urn, mesa.data, plan.arithmetic)
        return unidad.clave


def hold_mesas(plan: Plan, consultation: Consultation, progress: Advance) -> MesaDay:
    """Every Mesa counts; those of small urns hand in encrypted totals, and the sums are published."""
    public = PublicFolder(plan.public)
    counts = {urn.unidad.clave: invented(plan, urn) for urn in consultation.urns}
    small = small_urns(public, consultation)
    if not small:
        return MesaDay(counts)
    waiting = [urn for urn in small if not public.opened_sum_file(urn.unidad).exists()]
    tasks = [(urn, counts[urn.unidad.clave]) for urn in waiting]
    for done, _ in enumerate(over_urns(_Mesa.hand_in, tasks, _Mesa, (plan,), plan.processes), start=1):
        progress(done, len(tasks))
    sums = publish_sums(public, consultation, plan.arithmetic, plan.processes)
    return MesaDay(counts, {total.clave: total for total in sums})


def day_of(plan: Plan, consultation: Consultation) -> MesaDay:
    """The day that `hold_mesas` held, from a seed that is the same and from what it published."""
    public = PublicFolder(plan.public)
    counts = {urn.unidad.clave: invented(plan, urn) for urn in consultation.urns}
    sums = {u.unidad.clave: read_sum(public, u, consultation.k) for u in small_urns(public, consultation)}
    return MesaDay(counts, sums)


@dataclass(frozen=True)
class EscrutinioWork:
    """What a process needs to issue actas de escrutinio. Picklable."""

    plan: Plan
    imprint: Imprint
    k: int


class _Scrutineer:
    def __init__(self, work: EscrutinioWork) -> None:
        self._work = work
        self._public = PublicFolder(work.plan.public)
        self._order = group_named(work.plan.group, work.plan.arithmetic).order
        self._printer = MesaPrinter(work.imprint)

    def issue(self, task: tuple[Urn, MesaCount]) -> Escrutinio:
        """Write acta (JSON, PDF) and cartel of one UT."""
        urn, count = task
        public, unidad, moment = self._public, urn.unidad, self._work.plan.sums_at
        acta = Acta.from_bytes(public.read(public.acta_file(unidad)), f"actas/{unidad.clave}.json")
        if acta.reserved:
            total = read_sum(public, urn, self._work.k)
            opened = read_opened(public, urn, self._order)
            made = together(acta, total, (count.received, count.spare), opened, moment)
        else:
            made = separate(acta, count, moment)
        self._write(made)
        return made

    def _write(self, made: Escrutinio) -> None:
        public, clave = self._public, made.unidad.clave
        public.write(public.root / made.place, made.data)
        public.write(public.root / "escrutinio" / f"{clave}.pdf", self._printer.acta(made))
        district = district_folder(self._work.plan, made.unidad.demarcacion)
        PublicFolder(district).write(district / f"cartel-{clave}.pdf", self._printer.cartel(made))


def scrutinise(
    plan: Plan, consultation: Consultation, counts: Mapping[str, MesaCount], progress: Advance
) -> Computo:
    """The actas de escrutinio y cómputo, the carteles, and the results as JSON and CSV."""
    work = EscrutinioWork(plan, Imprint.of(consultation), consultation.k)
    tasks: Sequence[tuple[Urn, MesaCount]] = [(urn, counts[urn.unidad.clave]) for urn in consultation.urns]
    actas: list[Escrutinio] = []
    for acta in over_urns(_Scrutineer.issue, tasks, _Scrutineer, (work,), plan.processes):
        actas.append(acta)
        progress(len(actas), len(tasks))
    computo = computo_of(plan.id, consultation.unidades, actas, plan.sums_at)
    public = PublicFolder(plan.public)
    public.write(public.root / "computo.json", computo.data)
    public.write(public.root / "computo.csv", computo.csv)
    return computo
