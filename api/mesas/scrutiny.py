"""Actas de escrutinio y cómputo, UT by UT, and the results of the whole consultation with the Mesas (SEI-25).

Each acta is drawn up once, from the last capture, and kept; what is published at the end is made again from
the same captures with the same instants, and must be the same bytes. Nothing of it is in the public folder
before all of it is: one UT less would be no result.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection

from api.consultas.places import Places
from api.consultas.sight import places
from api.http.here import Here
from api.mesas.sight import LIMITED, order_of, own_unidad, require_published, urn_of
from api.processes.sight import hidden, tell
from tally import journal
from tally.acta_pdf import Imprint
from tally.consulta.cronograma import Fase, local
from tally.consulta.leaves_sql import Entry, put_leaves
from tally.consulta.store_sql import Consultas
from tally.consultation import Consultation
from tally.mesa import states
from tally.mesa.count import MesaCount
from tally.mesa.errors import MesaSettled
from tally.mesa.escrutinio import Escrutinio
from tally.mesa.issuing import IssuedMesa, MesaIssuing, escrutinio_of
from tally.mesa.printing import MesaPrinter
from tally.mesa.results import CSV_PLACE, JSON_PLACE, Computo, computo_of
from tally.mesa.stages_sql import Stages
from tally.mesa.states import Etapa, Paso
from tally.mesa.store_sql import CLEAR, SEALED, SqlMesas

FOLDER = "escrutinio"


def issue(here: Here, consulta: str, clave: str) -> Escrutinio:
    """Draw up the acta of one UT from what was captured; the same one again when it was. Raises Refusal."""
    where = places(here, consulta)
    with here.database.writing() as db:
        own_unidad(db, here, consulta, clave)
        found = Consultas(db).get(consulta, lock=True)
        require_published(found)
        known = SqlMesas(db, consulta).issued().get(clave)
        if known is None:
            found.cronograma.require(Fase.COMPUTO, here.now)
        made = _drawn(db, where, consulta, clave, known or here.now)
        SqlMesas(db, consulta).issue(made, here.who.account, made.instant)
        if known is None:
            detail = {"unidad": clave, "modo": made.mode, "acta": made.sha256}
            tell(db, here, "mesa.escrutinio", consulta, detail=detail)
    return made


def _drawn(db: Connection, where: Places, consulta: str, clave: str, moment: datetime) -> Escrutinio:
    consultation = where.public.consultation()
    count = _count(db, consulta, clave)
    if count is None:
        opened = states.reached(Stages(db, consulta).now(), Etapa.ABIERTA)
        if not opened:
            expected = "una Mesa capturada o, de una urna pequeña, su suma abierta"
            raise MesaSettled("escrutinio.etapa", f"UT {clave}", expected, "nada todavía")
    urn, order = urn_of(consultation, clave), order_of(consultation)
    return escrutinio_of(where.public, consultation.k, order, urn, count, _whole(moment))


def _count(db: Connection, consulta: str, clave: str) -> MesaCount | None:
    """The count in clear of a UT; None when there is none, or it is encrypted."""
    last = SqlMesas(db, consulta).last(clave)
    return None if last is None or last.mode == SEALED else MesaCount.from_bytes(last.data, clave)


def _whole(moment: datetime) -> datetime:
    return local(moment).replace(microsecond=0)


def issued(here: Here, consulta: str, clave: str) -> Escrutinio:
    """The acta of a UT in sight, made again. Raises Problem when there is none."""
    where = places(here, consulta)
    with here.database.reading() as db:
        if here.actor is not None and here.actor.role in LIMITED:
            own_unidad(db, here, consulta, clave)
        moment = SqlMesas(db, consulta).issued().get(clave)
        if moment is None:
            raise hidden()
        made = _drawn(db, where, consulta, clave, moment)
        if SqlMesas(db, consulta).escrutinio(clave) != made.data:
            raise MesaSettled("escrutinio.emitido", made.place, "el acta emitida", "otra")
    return made


def printer(here: Here, consulta: str) -> MesaPrinter:
    """What prints actas and carteles."""
    return MesaPrinter(Imprint.of(places(here, consulta).public.consultation()))


def publish(here: Here, consulta: str) -> Etapa:
    """All actas, carteles and the results with the Mesas, once every UT has its acta. Raises Refusal."""
    where = places(here, consulta)
    with here.services.openings.turn:
        with here.database.reading() as db:
            Consultas(db).get(consulta)
            etapa = Stages(db, consulta).now()
            if etapa is Etapa.COMPUTADA:
                return etapa
            states.require(etapa, Etapa.ABIERTA, "computo", consulta)
            consultation = where.public.consultation()
            drawn = _drawn_up(db, consulta, consultation)  # no Mesa that has its acta changes any more
            made = [*_made(db, where, consulta, consultation, drawn)]
        computo = computo_of(consulta, consultation.unidades, [m.acta for m in made], _whole(here.now))
        _write(here, where, made, computo)
        with here.database.writing() as db:
            etapa = Stages(db, consulta).move(Paso.COMPUTO, here.now)
            put_leaves(db, consulta, _acts(computo))
            tell(db, here, "mesas.computo", consulta, detail={"computo": computo.sha256})
    here.services.keeper.publish_log(consulta)
    return etapa


def _drawn_up(db: Connection, consulta: str, consultation: Consultation) -> dict[str, datetime]:
    """When each acta was. Raises MesaSettled while one is missing."""
    drawn = SqlMesas(db, consulta).issued()
    missing = [u.unidad.clave for u in consultation.urns if u.unidad.clave not in drawn]
    if missing:
        expected = "el acta de escrutinio de cada Unidad Territorial"
        raise MesaSettled("computo.faltan", consulta, expected, f"faltan: {', '.join(missing)}")
    return {clave: _whole(moment) for clave, moment in drawn.items()}


def _made(
    db: Connection, where: Places, consulta: str, consultation: Consultation, drawn: dict[str, datetime]
) -> Iterator[IssuedMesa]:
    store = SqlMesas(db, consulta)
    counts = {
        clave: MesaCount.from_bytes(last.data, clave)
        for clave, last in store.all_last().items()
        if last.mode == CLEAR
    }
    work = MesaIssuing(where.public.root, Imprint.of(consultation), max(drawn.values()))
    for one in work.issue(consultation, counts, moments=drawn):
        if store.escrutinio(one.acta.unidad.clave) != one.acta.data:
            raise MesaSettled("escrutinio.emitido", one.acta.place, "el acta emitida", "otra")
        yield one


def _write(here: Here, where: Places, made: list[IssuedMesa], computo: Computo) -> None:
    public, sign = where.public, here.services.documents.sign_pdf
    for one in made:
        public.write(public.root / one.acta.place, one.acta.data)
        public.write(public.root / FOLDER / f"{one.acta.unidad.clave}.pdf", sign(one.pdf))
    public.write(public.root / CSV_PLACE, computo.csv)
    public.write(public.root / JSON_PLACE, computo.data)


def _acts(computo: Computo) -> Iterator[Entry]:
    for acta in computo.actas:
        kind = journal.unit_kind(journal.ESCRUTINIO, acta.unidad.clave)
        yield journal.act_entry(kind, acta.instant, acta.sha256)
    yield journal.act_entry(journal.COMPUTO, computo.instant, computo.sha256)
