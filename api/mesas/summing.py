"""The sums of the small urns with their Mesas: published, and opened by the Consejo General (docs/adr/0022).

1. publish  what the Mesas handed in and every sum, as files; then ONE transaction: the stage, and their acts
            for the log. From then on nothing of them is corrected. A UT whose Mesa is missing stops it.
2. open     with enough shares, every sum that may be opened; then ONE transaction: the stage, and the acts.

Where no sum is to be opened both happen at once. Stopped anywhere, asking again goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import Connection

from api.consultas.places import Places
from api.consultas.sight import places
from api.http.here import Here
from api.mesas.sight import require_published
from api.processes.sight import tell
from tally import journal
from tally.acta import Opening
from tally.acta_opening import SUMS as SUMS_ACTA
from tally.acta_opening import Contribution, opening_acta_of
from tally.archive import sha256
from tally.consulta.cronograma import Fase, local
from tally.consulta.leaves_sql import Entry, put_leaves
from tally.consulta.shares_sql import Aportaciones
from tally.consulta.store_sql import Consultas
from tally.consultation import Consultation, Urn
from tally.mesa import states
from tally.mesa.errors import MesaSettled
from tally.mesa.stages_sql import Stages
from tally.mesa.states import Etapa, Paso
from tally.mesa.store_sql import Capture, SqlMesas
from tally.shares import SUMS
from tally.small_urns_receiving import publish_sums, small_urns
from tally.small_urns_sum import EncryptedSum

ACTA = "actas/apertura-sumas.json"
Given = list[tuple[Urn, Capture]]
"""The small urns, each with what its Mesa handed in."""


def publish(here: Here, consulta: str) -> Etapa:
    """Add what the Mesas handed in to their urns, and publish the sums. Raises Refusal, StoreError."""
    where = places(here, consulta)
    with here.services.openings.turn:
        with here.database.reading() as db:
            found = Consultas(db).get(consulta)
            require_published(found)
            found.cronograma.require(Fase.COMPUTO, here.now)
            states.require(Stages(db, consulta).now(), Etapa.CAPTURA, "sumas", consulta)
            consultation = where.public.consultation()
            given = _given(db, consulta, small_urns(where.public, consultation))
        for urn, last in given:
            where.public.write(where.public.mesa_file(urn.unidad), last.data)
        sums = publish_sums(where.public, consultation)
        etapa = _settle(here, where, given, sums)
    here.services.keeper.publish_log(consulta)
    return etapa


def _settle(here: Here, where: Places, given: Given, sums: list[EncryptedSum]) -> Etapa:
    """From here on nothing of the sums changes. Raises MesaSettled when a Mesa was corrected meanwhile."""
    consulta = where.public.consultation().id
    waiting = [total for total in sums if total.to_open]
    with here.database.writing() as db:
        etapa = Stages(db, consulta).move(Paso.SUMAS, here.now)
        if _given(db, consulta, [urn for urn, _ in given]) != given:
            expected = "las Mesas con que se hicieron las sumas"
            raise MesaSettled("sumas.cambio", consulta, expected, "otra captura; repita la publicación")
        put_leaves(db, consulta, _acts_of_sums(sums, here.now))
        if not waiting:
            etapa = Stages(db, consulta).move(Paso.APERTURA, here.now)
        detail = {"sumas": str(len(sums)), "por_abrir": str(len(waiting))}
        tell(db, here, "sumas.publicacion", consulta, detail=detail)
    return etapa


def _given(db: Connection, consulta: str, small: Iterable[Urn]) -> Given:
    """What counts of the Mesa of each small urn. Raises MesaSettled while one is missing."""
    store = SqlMesas(db, consulta)
    found = [(urn, store.last(urn.unidad.clave)) for urn in small]
    missing = [urn.unidad.clave for urn, last in found if last is None]
    if missing:
        expected = "los totales cifrados de la Mesa de cada urna pequeña"
        raise MesaSettled("sumas.faltan", consulta, expected, f"faltan: {', '.join(missing)}")
    return [(urn, last) for urn, last in found if last is not None]


def _acts_of_sums(sums: Iterable[EncryptedSum], now: datetime) -> Iterator[Entry]:
    for total in sums:
        kinds = ((journal.MESA, total.mesa), (journal.SUM, total.sha256))
        for kind, digest in kinds:
            yield journal.act_entry(journal.unit_kind(kind, total.clave), local(now), digest)


def open_sums(here: Here, consulta: str) -> Etapa:
    """Open every sum that may be opened, with the shares that arrived. Raises Refusal: too few of them."""
    with here.services.openings.turn:
        with here.database.reading() as db:
            Consultas(db).get(consulta)
            etapa = Stages(db, consulta).now()
        if states.reached(etapa, Etapa.ABIERTA):
            return etapa
        states.require(etapa, Etapa.SUMADA, "apertura", consulta)
        opening = here.services.openings.open_all(consulta, here.now, SUMS)
        etapa = _keep(here, consulta, opening.consultation, list(opening.urns.values()))
    here.services.keeper.publish_log(consulta)
    return etapa


def _keep(here: Here, consulta: str, consultation: Consultation, urns: list[Urn]) -> Etapa:
    public, moment = places(here, consulta).public, local(here.now)
    with here.database.writing() as db:
        etapa = Stages(db, consulta).move(Paso.APERTURA, here.now)
        given = Aportaciones(db, consulta, SUMS).all()
        contributions = [Contribution(one.custodio, one.sha256, one.motivo) for one in given]
        acta = opening_acta_of(Opening.of(consultation, moment), contributions, SUMS_ACTA)
        public.write(public.root / ACTA, acta.data)
        put_leaves(db, consulta, [journal.act_entry(journal.SUMS_OPENING, moment, acta.sha256)])
        for urn in urns:
            kind = journal.unit_kind(journal.OPENED_SUM, urn.unidad.clave)
            digest = sha256(public.read(public.opened_sum_file(urn.unidad)))
            put_leaves(db, consulta, [journal.act_entry(kind, moment, digest)])
        detail = {"sumas": str(len(urns)), "custodios": ", ".join(map(str, acta.accepted))}
        tell(db, here, "sumas.apertura", consulta, detail=detail)
    return etapa
