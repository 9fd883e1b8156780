"""An audiencia from its request to its acta, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from capture.audiencia.acta import NOT_REVIEWED, make_acta
from capture.audiencia.errors import AudienciaRefusal
from capture.audiencia.rules import Cambio, Documento
from capture.audiencia.session import Said, Session
from capture.audiencia.store_sql import Asked, SqlAudiencias
from capture.audiencia.tables import audiencia_revisiones
from capture.audiencia.terms import Fase
from capture.padron.situacion import Situacion
from capture.processing.datos import parse_datos
from capture.records.moves import SISTEMA, Actor, Changes, Move
from capture.records.record import Filter
from capture.records.states import Causa, Estado, Quien
from capture.records.store_sql import SqlRecords
from keys.errors import FormatRefusal
from ledger.database import Database
from tests.capture.processing.vault import PERIODO, Bodies, ClearBoveda, process, receive
from tests.capture.records.making import OPERADOR, PROCESO, START, ListedActs, folio

ASKED = START + timedelta(days=10)
DATE = ASKED + timedelta(hours=50)
ID = "audiencia-1"
ANA = Actor("ana", Quien.AUDIENCIA, "opl_operador")
BETO = Actor("beto", Quien.AUDIENCIA, "opl_operador")
ENLACE = Actor("enlace", Quien.AUDIENCIA, "opl_enlace")
SITUACIONES = (None, Situacion.DATOS_NO_ENCONTRADOS, Situacion.SUSPENSION, Situacion.DEFUNCION)


class Hall:
    """What one transaction needs."""

    def __init__(self, connection: Connection) -> None:
        self.acts = ListedActs()
        self.records = SqlRecords(connection, self.acts)
        self.audiencias = SqlAudiencias(connection, self.acts)
        boveda = ClearBoveda()
        self.session = Session(connection, self.records, self.audiencias, boveda, lambda _c, _p: PERIODO)

    def review(self, number: int, said: Said, actor: Actor = ANA) -> Estado:
        """Record `number`, during the session."""
        return self.session.review(ID, folio(number), said, actor, DATE)


@contextmanager
def hall(database: Database) -> Iterator[Hall]:
    """A transaction."""
    with database.writing() as connection:
        yield Hall(connection)


@pytest.fixture
def held(database: Database) -> Database:
    """One record with an inconsistency, three with a situación, one in the lista nominal; confirmed."""
    bodies = Bodies()
    for number in range(5):
        receive(database, bodies, number, f"AAAAAA8001013{number}M100")
    process(database, bodies).process_all()
    with hall(database) as h:
        for number, situacion in enumerate((*SITUACIONES, Situacion.LISTA_NOMINAL)):
            reviewed(h.records, number, situacion)
        asked = Asked(ID, PROCESO, "ieez", DATE, "Sala de sesiones", ("ana", "beto"))
        assert h.audiencias.ask(asked, ENLACE, ASKED) == []
        cut = h.audiencias.cut(ID, ENLACE, ASKED + timedelta(hours=1))
        assert [(one.numero, one.operador) for one in cut] == [
            (1, "ana"),
            (2, "beto"),
            (3, "ana"),
            (4, "beto"),
        ]
        h.audiencias.confirm(ID, ENLACE, DATE - timedelta(hours=9))
    return database


def reviewed(records: SqlRecords, number: int, situacion: Situacion | None) -> None:
    """From the mesa to where an audiencia finds it."""
    found = Changes(
        inciso="m", tipo_inconsistencia="Sin firma", detalle_inconsistencia="Sin firma", catalogo=0
    )
    valid = situacion is not None
    a = Estado.PARA_COMPULSA if valid else Estado.CON_INCONSISTENCIA
    changes = Changes() if valid else found
    mesa = Move(folio(number), Estado.EN_MESA, a, OPERADOR, START, Causa.REVISION, changes=changes)
    records.transition(mesa)
    if situacion is not None:
        known = Changes(situacion=situacion.value)
        records.transition(
            Move(folio(number), a, Estado.COMPULSADO, SISTEMA, START, Causa.COMPULSA, changes=known)
        )


WITHDRAWN = Said(Cambio.RETIRAR_INCONSISTENCIA, "La firma está en la imagen; así la plasmó la persona.")


@pytest.mark.req("APO-22")
def test_an_inconsistency_is_withdrawn_with_the_manifestation(held: Database) -> None:
    with hall(held) as h:
        assert h.review(0, WITHDRAWN) is Estado.PARA_COMPULSA
        record = h.records.get(folio(0))
        last = h.records.history(folio(0))[-1]
        assert (record.inciso, record.tipo_inconsistencia) == (None, None)
        assert (last.quien, last.como, last.causa) == ("ana", "audiencia", "manifestacion")
        assert h.session.reviewed(ID)[0].manifestacion == WITHDRAWN.manifestacion


@pytest.mark.req("APO-22")
def test_new_data_go_sealed_into_the_record_and_back_to_the_compulsa(held: Database) -> None:
    said = Said(
        Cambio.MODIFICAR_DATOS,
        "La clave se leyó mal.",
        (Documento.INFORMACION_NUEVA,),
        {"clave_elector": "ZZZZZZ80010132M100", "nombre": "María"},
    )
    with hall(held) as h:
        before = h.records.blob(folio(1), "huella_clave")
        assert h.review(1, said, BETO) is Estado.PARA_COMPULSA
        record = h.records.get(folio(1))
        assert record.situacion is None
        datos = h.records.blob(folio(1), "datos")
        assert datos is not None
        read = parse_datos(ClearBoveda().unseal(PROCESO, datos))
        assert read.text("clave_elector") == "ZZZZZZ80010132M100"
        assert read.campos["nombre"].fuente == "audiencia"
        assert h.records.blob(folio(1), "huella_clave") != before
        told = h.session.reviewed(ID)[0]
        assert told.antes == {"clave_elector": "AAAAAA80010131M100", "nombre": ""}
        assert told.despues == said.datos


@pytest.mark.req("APO-20", "APO-22")
def test_corrected_data_may_show_a_duplicate(held: Database) -> None:
    same = {"clave_elector": "AAAAAA80010130M100"}
    said = Said(Cambio.MODIFICAR_DATOS, "Se leyó mal.", (Documento.INFORMACION_NUEVA,), same)
    with hall(held) as h:
        assert h.review(1, said, BETO) is Estado.DUPLICADO
        assert h.records.get(folio(1)).duplicado_de == folio(0)
        assert sum(h.records.figures(Filter()).values()) == 5


@pytest.mark.req("APO-22")
def test_documents_accredit_a_record_and_the_answer_of_the_padron_stays(held: Database) -> None:
    half = Said(Cambio.ACREDITAR, "Fue rehabilitada.", (Documento.DOCUMENTO_DE_AUTORIDAD,))
    whole = Said(
        Cambio.ACREDITAR,
        "Fue rehabilitada.",
        (Documento.DOCUMENTO_DE_AUTORIDAD, Documento.SOLICITUD_DE_ACTUALIZACION),
    )
    with hall(held) as h:
        with pytest.raises(AudienciaRefusal, match=r"audiencia\.documento"):
            h.review(2, half)
        assert h.review(2, whole) is Estado.COMPULSADO
        record = h.records.get(folio(2))
        assert (record.acreditado, record.situacion) == (ID, Situacion.SUSPENSION.value)


def test_nobody_reviews_before_the_session_or_what_another_has_or_twice(held: Database) -> None:
    with hall(held) as h:
        with pytest.raises(AudienciaRefusal, match=r"audiencia\.inicio"):
            h.session.review(ID, folio(0), WITHDRAWN, ANA, DATE - timedelta(seconds=1))
        with pytest.raises(AudienciaRefusal, match=r"audiencia\.asignacion"):
            h.review(0, WITHDRAWN, BETO)
        with pytest.raises(AudienciaRefusal, match=r"audiencia\.asignacion"):
            h.review(4, Said(Cambio.SIN_MODIFICACION))
        h.review(0, Said(Cambio.SIN_MODIFICACION))
        with pytest.raises(AudienciaRefusal, match=r"audiencia\.revisado"):
            h.review(0, WITHDRAWN)
        with pytest.raises(AudienciaRefusal, match=r"audiencia\.cambio"):
            h.review(3, Said(Cambio.ACREDITAR, "m", tuple(Documento)), BETO)


def test_a_datum_that_no_form_has_is_refused(held: Database) -> None:
    said = Said(Cambio.MODIFICAR_DATOS, "m", (Documento.INFORMACION_NUEVA,), {"religion": "x"})
    with hall(held) as h, pytest.raises(FormatRefusal, match=r"datos\.campo"):
        h.review(1, said, BETO)


@pytest.mark.req("APO-14")
def test_what_was_said_rests_sealed(held: Database) -> None:
    with hall(held) as h:
        h.review(0, WITHDRAWN)
    with held.reading() as connection:
        row = connection.execute(audiencia_revisiones.select()).one()
    texts = [value for value in row if isinstance(value, str)]
    assert bytes(row.sellado).startswith(b"sellado:")
    assert not any(WITHDRAWN.manifestacion in text for text in texts)


@pytest.mark.req("APO-22")
def test_the_acta_has_a_line_for_every_record_of_the_cut(held: Database) -> None:
    with hall(held) as h:
        h.review(0, WITHDRAWN)
        h.review(3, Said(Cambio.SIN_MODIFICACION), BETO)
        h.audiencias.conclude(ID, ENLACE, DATE + timedelta(hours=2))
        found = h.audiencias.get(ID)
        acta = make_acta(found, h.audiencias.operators(ID), h.audiencias.assigned(ID), h.session.reviewed(ID))
        h.audiencias.notify(ID, ENLACE, DATE + timedelta(hours=20))
        assert h.audiencias.get(ID).fase is Fase.NOTIFICADA
    assert [line.folio for line in acta.lines] == [folio(number) for number in range(4)]
    assert acta.lines[0].estatus_antes == "con-inconsistencia"
    assert acta.lines[0].estatus_despues == "para-envio-a-compulsa"
    assert acta.lines[1].modificacion == NOT_REVIEWED
    assert sum(acta.totals.values()) == 4
    assert acta.totals["Se retira la inconsistencia"] == acta.totals["Sin modificación"] == 1


@pytest.mark.req("APO-22")
def test_steps_out_of_time_or_order_are_refused(database: Database) -> None:
    asked = Asked(ID, PROCESO, "ieez", DATE, "Sala", ("ana",))
    with hall(database) as h:
        with pytest.raises(AudienciaRefusal, match=r"audiencia\.anticipacion"):
            h.audiencias.ask(asked, ENLACE, DATE - timedelta(hours=47))
        h.audiencias.ask(asked, ENLACE, ASKED)
        with pytest.raises(AudienciaRefusal, match=r"audiencia\.fase"):
            h.audiencias.confirm(ID, ENLACE, ASKED)
        assert h.audiencias.cut(ID, ENLACE, ASKED) == []
        with pytest.raises(AudienciaRefusal, match=r"audiencia\.confirmacion"):
            h.audiencias.confirm(ID, ENLACE, DATE - timedelta(hours=7))
        with pytest.raises(AudienciaRefusal, match=r"audiencia\.inicio"):
            h.audiencias.conclude(ID, ENLACE, DATE - timedelta(hours=7))
        near = Asked("audiencia-2", PROCESO, "ieez", DATE + timedelta(minutes=30), "Sala", ("ana",))
        assert h.audiencias.ask(near, ENLACE, ASKED) == [DATE]
