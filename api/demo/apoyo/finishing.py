"""The last stages: results to the OPL, one audiencia, and whether everything adds up."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime

from api.demo.apoyo import checking, judging
from api.demo.apoyo.checking import Outcome
from api.demo.apoyo.collecting import require_nota_of_the_cut
from api.demo.apoyo.delivering import Delivered, Results
from api.demo.apoyo.hearing import Hearing
from api.demo.apoyo.registering import PASSPHRASE
from api.demo.apoyo.rehearsal import ApoyoRehearsal, ApoyoSummary
from api.demo.errors import UnexpectedOutcome

PRELIMINARY, DEFINITIVE = "preliminar", "definitivo"
AGE_FOLDER = "con-age"
_NOTA_LATER = "notas-del-mismo-corte"


def deliver(r: ApoyoRehearsal, corte: str, told: datetime | None = None) -> list[Delivered]:
    """A package for each aspirante. `told`: when the end of the audiencias was notified."""
    moment = r.town.plan.preliminary if told is None else r.town.plan.definitive
    if r.town.clock() < moment:
        r.town.clock.move_to(moment)
    results = Results(r.town, r.office, r.key)
    made = []
    with r.screen.stage(f"Resultados: corte {corte}, cifrado a la llave del OPL") as progress:
        for number, candidate in enumerate(r.candidates, 1):
            made.append(results.deliver(candidate, corte, told))
            progress(number, len(r.candidates))
        if told is not None:
            results.crossing()
        with_age = judging.has_age()
        if with_age:
            folder = r.town.plan.output / "opl" / AGE_FOLDER / corte
            judging.open_with_age(r.key, PASSPHRASE, made[-1], folder)
    r.screen.fact(
        f"El OPL descifró {len(made)} paquetes, los verificaron dos programas, y devolvió sus acuses"
    )
    if with_age:
        r.screen.fact("El programa «age» de Debian descifra lo mismo, byte por byte")
    return made


def hear(r: ApoyoRehearsal) -> datetime:
    """One aspirante goes through what was found; when the end of it was notified."""
    numbers = {citizen.person.numero: citizen for citizen in r.people}
    hearing = Hearing(r.town, r.office, numbers)
    with r.screen.stage("Garantía de audiencia de un aspirante") as progress:
        hearing.ask(r.candidates[0])
        cut = hearing.prepare()
        hearing.hold(progress)
        acta = hearing.conclude()
        r.wait_for_compulsa()
    (r.town.plan.output / "acta-circunstanciada.pdf").write_bytes(acta)
    checking.same("registros revisados en la audiencia", hearing.did.total(), cut)
    told = ", ".join(f"{many} «{name.replace('-', ' ')}»" for name, many in hearing.did.most_common())
    r.screen.fact(f"{cut} registros revisados con la persona aspirante: {told}")
    if hearing.concluded is None:
        raise UnexpectedOutcome("la audiencia no concluyó")
    return hearing.concluded


def check(r: ApoyoRehearsal, first: Sequence[Delivered], last: Sequence[Delivered]) -> ApoyoSummary:
    """Portal, notas, packages, steps, devices and logs say the same; other programs judge the rest."""
    with r.screen.stage("Todas las cifras suman; un programa independiente juzga las bitácoras") as progress:
        r.town.deliver()
        time.sleep(2 * r.town.settings.logs.pump_seconds)
        files = judging.acuses_of(r.town)
        codes = judging.codes_of(files)
        rows = tuple(_row(r, delivered, codes) for delivered in last)
        checking.same("registros recibidos y acuses", sum(row.sent for row in rows), len(files))
        checking.same("paquetes preliminares", sum(d.figures["enviados"] for d in first), len(files))
        for candidate in r.candidates:
            require_nota_of_the_cut(r, candidate, _NOTA_LATER)
        progress(1, 3)
        leaves = judging.require_leaves(r.town, codes)
        judging.judge_logs(r.town)
        progress(2, 3)
        rule = judging.judge_acuses(r.town, files)
        documents = judging.judge_documents(r.town, r.office)
        progress(3, 3)
    total = sum(row.sent for row in rows)
    r.screen.fact(
        f"{total:,} registros: lo mismo dicen portal, notas, paquetes, actividades A a E y bitácora"
    )
    r.screen.fact(f"Bitácora de apoyo: {leaves:,} entradas, correcta; una por cada acuse de los dispositivos")
    r.screen.fact(
        f"{judging.FEW} acuses comprobados sin conexión; {documents} documentos oficiales comprobados"
    )
    r.screen.refusal(f"Un acuse con una cifra cambiada: rechazado [{rule}]")
    return ApoyoSummary(rows, (*first, *last), len(files), leaves, documents)


def _row(r: ApoyoRehearsal, delivered: Delivered, codes: frozenset[str]) -> Outcome:
    shown = checking.figures(r.office, delivered.candidate)
    valid = checking.require_package(shown, delivered, codes)
    made = checking.require_steps(r.office, delivered.candidate, shown.sent)
    checking.same(f"entregas de {delivered.candidate.proceso}", made, 2)
    return Outcome(delivered.candidate, shown.sent, shown.columns, valid)
