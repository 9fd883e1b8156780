"""The day of the Mesas in a rehearsal: counts on paper, those of small urns encrypted, the actas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from api.demo.actas import district_folder
from api.demo.plan import Plan
from api.demo.screen import Advance
from keys import atomic_file
from keys.group import group_named
from tally.acta_pdf import Imprint
from tally.consultation import Consultation, Urn
from tally.mesa.count import MesaCount
from tally.mesa.escrutinio import Escrutinio
from tally.mesa.issuing import IssuedMesa, MesaIssuing
from tally.mesa.results import Computo, computo_of
from tally.parallel import over_urns
from tally.public_folder import PublicFolder
from tally.small_urns_mesa import MesaKeys, MesaSigner, seal_totals
from tally.small_urns_receiving import MesaDesk, publish_sums, read_sum, small_urns
from tally.small_urns_sum import EncryptedSum
from tally.small_urns_totals import TotalsMaker

SEED_BYTES = 32
SEED_FILE = "llave-de-mesas.txt"
MOST_BALLOTS = 40
"""Ballots that an invented Mesa counts, at most; one in MOST_BALLOTS counts none."""
SPARE = 100


def fix_keys(plan: Plan, consultation: Consultation) -> MesaKeys:
    """A key for who captures the Mesas of each demarcación; the private part stays in its own folder."""
    names = sorted({urn.unidad.demarcacion for urn in consultation.urns})
    made = MesaKeys(plan.id, tuple((name, own_key(plan, name)) for name in names))
    public = PublicFolder(plan.public)
    public.write(public.mesa_keys_file, made.data)
    return made


def own_key(plan: Plan, demarcacion: str) -> str:
    """The public part of a new key, whose private part stays in the demarcación's own folder."""
    seed = plan.randomness(f"mesa/llave/{demarcacion}").below(2 ** (8 * SEED_BYTES))
    folder = district_folder(plan, demarcacion)
    folder.mkdir(parents=True, exist_ok=True)
    data = seed.to_bytes(SEED_BYTES, "big")
    atomic_file.replace(folder / SEED_FILE, f"{data.hex()}\n".encode(), atomic_file.PRIVATE)
    return MesaSigner(data).public


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

    @property
    def waiting(self) -> int:
        """How many sums the trustees open; the others stay closed."""
        return sum(total.to_open for total in self.sums.values())


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
        self._consultation = PublicFolder(plan.public).consultation()
        self._group = group_named(plan.group, plan.arithmetic)
        self._desk = MesaDesk(plan.public, plan.arithmetic)

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
        self._desk.receive(urn, mesa.data)
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


def scrutinise(
    plan: Plan, consultation: Consultation, counts: Mapping[str, MesaCount], progress: Advance
) -> Computo:
    """The actas de escrutinio y cómputo, the carteles, and the results as JSON and CSV."""
    public = PublicFolder(plan.public)
    work = MesaIssuing(plan.public, Imprint.of(consultation), plan.sums_at, plan.arithmetic)
    small = {urn.unidad.clave for urn in small_urns(public, consultation)}
    clear = {clave: count for clave, count in counts.items() if clave not in small}
    actas: list[Escrutinio] = []
    for issued in work.issue(consultation, clear, plan.processes):
        actas.append(issued.acta)
        _write(plan, public, issued)
        progress(len(actas), len(consultation.urns))
    computo = computo_of(plan.id, consultation.unidades, actas, plan.sums_at)
    public.write(public.root / "computo.json", computo.data)
    public.write(public.root / "computo.csv", computo.csv)
    return computo


def _write(plan: Plan, public: PublicFolder, issued: IssuedMesa) -> None:
    acta, clave = issued.acta, issued.acta.unidad.clave
    public.write(public.root / acta.place, acta.data)
    public.write(public.root / "escrutinio" / f"{clave}.pdf", issued.pdf)
    district = district_folder(plan, acta.unidad.demarcacion)
    PublicFolder(district).write(district / f"cartel-{clave}.pdf", issued.cartel)
