"""The stages of a rehearsed consultation that do not depend on who holds the keys, and what they tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from api.demo import actas
from api.demo.counting import counted
from api.demo.log import ConsultationLog
from api.demo.mesas import MesaDay, fix_keys, hold_mesas, scrutinise
from api.demo.people import Conduct, Person, apportion, people_of, unidades_of
from api.demo.plan import Plan
from api.demo.screen import Screen
from api.demo.urns import close_all, set_up
from api.demo.voting import ZoneReport, hold_opinion, receipts_file
from keys.ceremony.trustees import Trustees
from tally import journal
from tally.acta import Opening as ActaOpening
from tally.acta_opening import SUMS
from tally.acta_results import Results
from tally.archive import sha256
from tally.casting import EMPTY_URNA_LEGEND, SUCCESS_LEGEND
from tally.consultation import Consultation
from tally.mesa.results import Computo
from tally.public_folder import PublicFolder
from tally.receiving import Opening
from tally.small_urns_receiving import SumOpening

REFUSED = {
    "urna.credencial_usada": (
        "segunda opinión en la misma urna: rechazada",
        "segundas opiniones en la misma urna: rechazadas",
    ),
    "urna.persona": (
        "segunda opinión en otra Unidad Territorial: rechazada",
        "segundas opiniones en otra Unidad Territorial: rechazadas",
    ),
    "calendario.opinion": (
        "envío antes de la apertura o después del cierre: rechazado",
        "envíos antes de la apertura o después del cierre: rechazados",
    ),
    "entrada": (
        "entrada con una Clave repuesta: rechazada",
        "entradas con una Clave repuesta: rechazadas",
    ),
}
"""What was tried and refused, by rule: one, many."""


@dataclass(frozen=True)
class Rehearsal:
    """What every stage works with."""

    plan: Plan
    screen: Screen
    log: ConsultationLog

    def vote(self, trustees: Trustees, names: Sequence[str]) -> tuple[Consultation, ZoneReport]:
        """From the empty urns to the encrypted tallies. `names`: the trustees' offices, in order."""
        consultation, people = self._set_up(trustees, names)
        report = self._hold_opinion(consultation, people)
        with self.screen.stage("Cierre: suma cifrada de cada urna") as progress:
            close_all(self.plan, consultation, progress)
            self.log.follow(consultation, progress)
        self.screen.fact("Todas las urnas cerradas; nadie ha descifrado nada")
        return consultation, report

    def publish(
        self, consultation: Consultation, opening: Opening, listados: Mapping[str, Sequence[str]]
    ) -> Results:
        """Actas, listados and totals of urns that are open; `listados` by clave of the UT."""
        with self.screen.stage("Actas de cómputo y listados") as progress:
            results = actas.issue(self.plan, consultation, opening, listados, progress)
            self._log_documents(results)
        made = counted(len(consultation.urns), "acta", "actas")
        self.screen.fact(f"{made} (JSON y PDF); listados cifrados para cada Dirección Distrital")
        witnessed, head = self.log.attest(self.plan.opened_at), self.log.head
        size, root = f"{head.size:,} entradas", head.root.hex()[:16]
        self.screen.fact(f"Bitácora pública: {size}; raíz {root}…; punto de control {witnessed}")
        return results

    def count_mesas(self, consultation: Consultation) -> MesaDay:
        """The Mesas count; of the small urns only encrypted totals come in, and the sums are published."""
        plan, screen = self.plan, self.screen
        with screen.stage("Mesas: escrutinio en papel y totales cifrados") as progress:
            day = hold_mesas(plan, consultation, progress)
            self._log_units(journal.MESA, "mesas", day.sums, plan.mesas_at)
            self._log_units(journal.SUM, "sumas", day.sums, plan.mesas_at)
        ballots = sum(count.total for count in day.counts.values())
        screen.fact(f"{counted(ballots, 'opinión', 'opiniones')} en papel, inventadas")
        self._tell_small(consultation, day)
        return day

    def publish_mesas(self, consultation: Consultation, opened: SumOpening | None, day: MesaDay) -> Computo:
        """Actas de escrutinio y cómputo, carteles and results. `opened`: None where no sum was to open."""
        plan, log = self.plan, self.log
        public = PublicFolder(plan.public)
        with self.screen.stage("Actas de escrutinio y cómputo, carteles y resultados") as progress:
            if opened is not None:
                self._log_sums(consultation, opened, day)
            computo = scrutinise(plan, consultation, day.counts, progress)
            claves = [acta.unidad.clave for acta in computo.actas]
            self._log_units(journal.ESCRUTINIO, "escrutinio", claves, plan.sums_at)
            log.act(journal.COMPUTO, plan.sums_at, public.read(public.root / "computo.json"))
        total = sum(acta.total for acta in computo.actas)
        self.screen.fact(f"{counted(total, 'opinión', 'opiniones')} de internet y Mesas; en JSON y CSV")
        log.attest(plan.sums_at)
        return computo

    def _log_sums(self, consultation: Consultation, opened: SumOpening, day: MesaDay) -> None:
        plan, public = self.plan, PublicFolder(self.plan.public)
        opening = ActaOpening.of(consultation, plan.sums_at)
        acta = actas.contributions_acta(opening, opened, SUMS).data
        public.write(public.root / "actas" / "apertura-sumas.json", acta)
        self.log.act(journal.SUMS_OPENING, plan.sums_at, acta)
        claves = [total.clave for total in day.sums.values() if total.to_open]
        self._log_units(journal.OPENED_SUM, "sumas-abiertas", claves, plan.sums_at)

    def _log_units(self, kind: str, folder: str, claves: Iterable[str], instant: datetime) -> None:
        root = self.plan.public / folder
        found = [(journal.unit_kind(kind, c), sha256((root / f"{c}.json").read_bytes())) for c in claves]
        self.log.acts(found, instant)

    def _tell_small(self, consultation: Consultation, day: MesaDay) -> None:
        k = consultation.k
        if not day.sums:
            self.screen.fact(f"Ninguna urna tiene menos de {k} boletas")
            return
        one = f"urna con menos de {k} boletas: no se abre sola, sino sumada con su Mesa"
        many = f"urnas con menos de {k} boletas: no se abren solas, sino sumadas con sus Mesas"
        self.screen.fact(counted(len(day.sums), one, many))
        for total in [found for found in day.sums.values() if not found.to_open]:
            ballots = counted(total.ballots, "opinión", "opiniones")
            self.screen.refusal(f"{total.clave}: {ballots} entre internet y Mesa: su suma queda reservada")

    def _set_up(
        self, trustees: Trustees, names: Sequence[str]
    ) -> tuple[Consultation, dict[str, list[Person]]]:
        """Urns, credentials and consulta.json; the first entries of the log."""
        plan, log, screen = self.plan, self.log, self.screen
        unidades = unidades_of(plan.rows, plan.randomness("proyectos"))
        with_urn = {u.clave for u in unidades if u.proyectos}
        counts = apportion([r for r in plan.rows if r.clave in with_urn], plan.people)
        people = people_of(unidades, counts, plan.randomness("personas"))
        with screen.stage("Credenciales y urnas vacías, una por Unidad Territorial") as progress:
            consultation = set_up(plan, unidades, people, trustees, names, log.reference, progress)
            log.act(journal.CEREMONY, plan.calendar.voting_start, trustees.encode())
            log.act(journal.CONSULTATION, plan.calendar.voting_start, consultation.data)
            log.act(journal.MESA_KEYS, plan.calendar.voting_start, fix_keys(plan, consultation).data)
            log.follow(consultation, progress)
        for empty in [u for u in unidades if not u.proyectos][:3]:
            legend = EMPTY_URNA_LEGEND.format(year=plan.calendar.voting_start.year)
            screen.refusal(f"{empty.clave} {empty.nombre}: «{legend}»")
        issued = sum(len(p) for p in people.values())
        urns = counted(len(consultation.urns), "urna", "urnas")
        screen.fact(f"{urns}; {counted(issued, 'persona', 'personas')} con Clave de Opinión")
        return consultation, people

    def _hold_opinion(self, consultation: Consultation, people: dict[str, list[Person]]) -> ZoneReport:
        plan, log = self.plan, self.log
        title = "Opinión por internet: boletas cifradas en cada dispositivo"
        with self.screen.stage(title) as progress:
            report = hold_opinion(plan, consultation, people, progress)
            log.follow(consultation, progress)
        receipts_file(plan.output / "ciudadania", report.trackers)
        self._tell_opinion(report)
        witnessed = log.attest(plan.calendar.voting_end)
        size = f"{log.head.size:,} entradas"
        self.screen.fact(f"Cada boleta está en la bitácora pública: {size}; punto de control {witnessed}")
        return report

    def _tell_opinion(self, report: ZoneReport) -> None:
        screen, did = self.screen, report.did
        opined = sum(len(names) for names in report.listados.values())
        opinions = counted(opined, "opinión", "opiniones")
        screen.fact(f"«{SUCCESS_LEGEND}»: {opinions} en las urnas, {did[Conduct.BLANK]} con «Voto nulo»")
        again = counted(did[Conduct.RETRIES], "reenvío", "reenvíos")
        screen.fact(f"{again} de la misma boleta: mismo comprobante, ninguna boleta de más")
        replaced = counted(did[Conduct.LOSES_CLAVE], "Clave repuesta", "Claves repuestas")
        silent = counted(did[Conduct.ABSTAINS], "persona no opinó", "personas no opinaron")
        screen.fact(f"{replaced}; {silent}")
        for rule, count in sorted(report.refused.items()):
            screen.refusal(f"{counted(count, *REFUSED.get(rule, (rule, rule)))} [{rule}]")

    def _log_documents(self, results: Results) -> None:
        plan, log = self.plan, self.log
        public = PublicFolder(plan.public)
        log.act(journal.OPENING, plan.opened_at, public.read(public.root / "actas" / "apertura.json"))
        log.acts([(journal.acta_kind(line.clave), line.acta) for line in results.urns], plan.opened_at)
        log.act(journal.RESULTS, plan.opened_at, results.data)
