"""Apertura y Cómputo de la Urna Virtual: from enough shares to actas, listados and results (SEI-22, SEI-23).

1. open      shares and result in every urn's file, each urn whole or not at all; then ONE transaction: the
             state, and the new events for the log.
2. issue     actas and listados from the open urns and the people marked; files of the public folder.
3. publish   ONE transaction: listados, the acts for the log, the state. What the folder has is in the log.

Stopped anywhere, asking again goes on: 1 leaves open urns as they are, 2 is made anew with the instant of 1.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime

from api.consultas.places import Places, places_of
from api.http.here import Here
from api.processes.sight import tell
from tally import journal
from tally.acta import Opening
from tally.acta_opening import Contribution, OpeningActa, opening_acta_of
from tally.acta_pdf import Imprint
from tally.acta_results import Results, results_of
from tally.consulta import states
from tally.consulta.cronograma import local
from tally.consulta.errors import ConsultaRefusal
from tally.consulta.issuing import Issued, Issuing, UrnTask
from tally.consulta.leaves_sql import put_leaves
from tally.consulta.names_sql import who_opined
from tally.consulta.people_sql import DistrictKeys
from tally.consulta.results_table import results_csv
from tally.consulta.shares_sql import Aportaciones, Listados
from tally.consulta.states import Estado, Paso
from tally.consulta.store_sql import Consultas
from tally.consultation import Consultation
from tally.listado import SALT_BYTES
from tally.mesa import keys_sql as mesa_keys
from tally.small_urns_receiving import small_urns

CSV = "resultados.csv"
_OPENED = frozenset({"PartialDecryption", "Result"})


class Computing:
    """Of one consultation, for one request."""

    def __init__(self, here: Here, consulta: str) -> None:
        self._here = here
        self._id = consulta
        self._places: Places = places_of(here.services.settings, consulta)

    def run(self) -> None:
        """Do what is left of it. Raises Refusal: too early, too few shares, a district without its key."""
        with self._here.services.openings.turn:
            self._run()
        self._here.services.keeper.publish_log(self._id)

    def _run(self) -> None:
        with self._here.database.reading() as db:
            found = Consultas(db).get(self._id)
        if found.estado is Estado.CERRADA:
            found.cronograma.calendar.require_opening(self._here.now)
            self._require_keys()
            self._require_mesa_keys()
            self._open()
        with self._here.database.reading() as db:
            found = Consultas(db).get(self._id)
        if found.estado is not Estado.PUBLICADA:
            states.require(found.estado, Estado.COMPUTADA, "computo", self._id)
            self._publish(found.computada or self._here.now)

    def _require_keys(self) -> None:
        with self._here.database.reading() as db:
            known = DistrictKeys(db, self._id).all()
            needed = {u.distrito for u in Consultas(db).unidades(self._id) if u.unidad.proyectos}
        missing = sorted(needed - known.keys())
        if missing:
            expected = "la llave de cada Dirección Distrital, para cifrarle sus listados"
            raise ConsultaRefusal("computo.llaves", self._id, expected, f"faltan: {', '.join(missing)}")

    def _require_mesa_keys(self) -> None:
        """After the opening keys come too late: a small urn would stay closed for ever."""
        with self._here.database.reading() as db:
            if mesa_keys.is_fixed(db, self._id):
                return
            names = mesa_keys.missing(db, self._id)
        public = self._places.public
        if small_urns(public, public.consultation()):
            expected = "la llave de las Mesas de cada demarcación: hay urnas que no se abren solas"
            raise ConsultaRefusal("computo.llaves_mesas", self._id, expected, f"faltan: {', '.join(names)}")

    def _open(self) -> None:
        here = self._here
        opening = here.services.openings.open_all(self._id, here.now)
        entries = list(self._opened(opening.consultation))
        with here.database.writing() as db:
            Consultas(db).move(self._id, Paso.COMPUTO, here.now.replace(microsecond=0))
            put_leaves(db, self._id, entries)
            told = {"custodios": ", ".join(map(str, sorted(opening.owners)))}
            tell(db, here, "consulta.computo", self._id, detail=told)

    def _opened(self, consultation: Consultation) -> Iterator[tuple[bytes, bytes]]:
        """The entries of the events that the opening added, by urn."""
        for urn in consultation.urns:
            with self._places.public.open_urn(urn) as stream:
                for event in journal.events_of(stream, urn.file):
                    if event.type in _OPENED:
                        yield journal.urn_entry(urn.uuid, event)

    def _publish(self, instant: datetime) -> None:
        here, public = self._here, self._places.public
        consultation = public.consultation()
        opening = Opening.of(consultation, local(instant))
        issued = Issuing(public.root, opening, Imprint.of(consultation)).issue(self._tasks(consultation))
        acta = self._opening_acta(opening)
        ballots = sum(one.acta.persons for one in issued)
        results = results_of(opening, consultation.unidades, [one.acta for one in issued], ballots)
        self._write(issued, acta, results)
        with here.database.writing() as db:
            Consultas(db).move(self._id, Paso.PUBLICACION, here.now)
            store = Listados(db, self._id)
            for one in issued:
                store.add(one.acta.unidad.clave, one.acta.listado or "", one.acta.persons, one.listado)
            put_leaves(db, self._id, _acts(opening.instant, acta, issued, results))
            tell(db, here, "consulta.publicacion", self._id, detail={"resultados": results.sha256})

    def _tasks(self, consultation: Consultation) -> list[UrnTask]:
        here = self._here
        keeper = here.services.accounts.means.key
        with here.database.reading() as db:
            keys = DistrictKeys(db, self._id).all()
            district = {u.unidad.clave: u.distrito for u in Consultas(db).unidades(self._id)}
            return [
                UrnTask(
                    urn,
                    who_opined(db, keeper, self._id, urn.uuid),
                    keys[district[urn.unidad.clave]],
                    here.services.random(SALT_BYTES),
                )
                for urn in consultation.urns
            ]

    def _opening_acta(self, opening: Opening) -> OpeningActa:
        with self._here.database.reading() as db:
            given = Aportaciones(db, self._id).all()
        return opening_acta_of(opening, [Contribution(one.custodio, one.sha256, one.motivo) for one in given])

    def _write(self, issued: list[Issued], acta: OpeningActa, results: Results) -> None:
        public, documents = self._places.public, self._here.services.documents
        for one in issued:
            public.write(public.acta_file(one.acta.unidad), one.acta.data)
            public.write(public.acta_file(one.acta.unidad, ".pdf"), documents.sign_pdf(one.pdf))
        public.write(public.root / "actas" / "apertura.json", acta.data)
        public.write(public.root / "resultados.json", results.data)
        with self._here.database.reading() as db:
            district = {u.unidad.clave: u.distrito for u in Consultas(db).unidades(self._id)}
        self._places.work.mkdir(parents=True, exist_ok=True)
        public.write(self._places.work / CSV, results_csv([one.acta for one in issued], district))


def _acts(
    instant: datetime, acta: OpeningActa, issued: list[Issued], results: Results
) -> Iterator[tuple[bytes, bytes]]:
    yield journal.act_entry(journal.OPENING, instant, acta.sha256)
    for one in issued:
        kind = journal.acta_kind(one.acta.unidad.clave)
        yield journal.act_entry(kind, instant, hashlib.sha256(one.acta.data).hexdigest())
    yield journal.act_entry(journal.RESULTS, instant, results.sha256)
