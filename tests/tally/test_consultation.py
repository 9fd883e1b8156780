"""The calendar and the public description of a consultation: read strictly, refused with a reason."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys.ceremony import Single, Trustees
from keys.errors import FormatRefusal, Refusal
from keys.group import Group
from tally.calendar import Calendar, instant, spoken
from tally.consultation import Consultation, LogReference, require_id, trustees_part
from tally.election import require_uuid
from tally.setup import Unidad, election_of, open_archive, uuid_of
from tests.tally import json_mutations
from tests.tally.making import CALENDAR, START, hold_ceremony, steps_of
from tests.tally.rewriting import sha256

UNIDADES = (
    Unidad("01-001", "Ñuñoa «norte»", "Álvaro Obregón", ("Árbol", "Luz")),
    Unidad("01-002", "Sin proyectos", "Álvaro Obregón", ()),
    Unidad("02-001", "Sur", "Coyoacán", ("Agua",)),
)


@pytest.fixture(scope="module")
def consultation(fast: Group) -> Consultation:
    board = hold_ceremony(fast, 3, 2)
    part = trustees_part(fast, board.trustees, ["Presidencia", "Consejería 1", "Consejería 2"])
    setups = {u.clave: sha256(u.clave.encode()) for u in UNIDADES if u.proyectos}
    return Consultation(
        id="pp-2023",
        nombre="Consulta",
        calendar=CALENDAR,
        bitacora=LogReference("log.example+01234567+AQ==", sha256(b"politica")),
        unidades=UNIDADES,
        setups=setups,
        **part,
    )


def test_a_consultation_is_read_as_written(consultation: Consultation) -> None:
    again = Consultation.from_bytes(consultation.data)
    assert again == consultation
    assert again.data == consultation.data
    assert [u.file for u in again.urns] == ["urna/01-001.bel", "urna/02-001.bel"]


def test_every_other_spelling_of_a_consultation_is_refused(consultation: Consultation) -> None:
    """Other values may be right; other spellings never are, and nothing but a refusal is raised."""
    accepted = []
    for change in json_mutations.changes(consultation.data.decode()):
        try:
            read = Consultation.from_bytes(change.text.encode("utf-8", "surrogatepass"))
        except Refusal:
            continue
        assert read.data == change.text.encode()
        # The order of the projects is that of the ballot: another order is another consultation.
        if change.family not in ("valor", "elemento", "largo", "ortografía", "orden"):
            accepted.append(f"{change.path} {change.family} {change.name}")
    assert not accepted


def changed(consultation: Consultation, **fields: object) -> bytes:
    value = json.loads(consultation.data) | fields
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def test_units_come_once_and_in_order(consultation: Consultation) -> None:
    units = json.loads(consultation.data)["unidades"]
    for wrong in (units[::-1], [units[0], units[0], *units[1:]], [*units, units[1]]):
        with pytest.raises(FormatRefusal) as refused:
            Consultation.from_bytes(changed(consultation, unidades=wrong))
        assert refused.value.rule == "consulta.orden"


@pytest.mark.parametrize("name", ["uuid", "archivo", "setup"])
def test_an_urn_has_all_its_fields(consultation: Consultation, name: str) -> None:
    units = json.loads(consultation.data)["unidades"]
    del units[0][name]
    with pytest.raises(FormatRefusal) as refused:
        Consultation.from_bytes(changed(consultation, unidades=units))
    assert refused.value.rule == "formato.campos"


@pytest.mark.parametrize(("name", "value"), [("uuid", "1" * 14), ("archivo", "urna/otra.bel")])
def test_fields_that_follow_from_others_are_recomputed(
    consultation: Consultation, name: str, value: str
) -> None:
    units = json.loads(consultation.data)["unidades"]
    units[0][name] = value
    with pytest.raises(FormatRefusal):
        Consultation.from_bytes(changed(consultation, unidades=units))


def test_a_unit_without_projects_has_no_urn(consultation: Consultation) -> None:
    units = json.loads(consultation.data)["unidades"]
    units[1] |= {"uuid": uuid_of("pp-2023", "01-002"), "archivo": "urna/01-002.bel", "setup": sha256(b"")}
    with pytest.raises(FormatRefusal):
        Consultation.from_bytes(changed(consultation, unidades=units))


@pytest.mark.parametrize("name", ["", "A", "a b", "ñ", "a/b", "..", "a" * 65, "a\n"])
def test_other_ids_are_refused(name: str) -> None:
    with pytest.raises(FormatRefusal):
        require_id(name, "id")


@pytest.mark.req("SEI-22")
def test_a_consultation_is_never_of_n_of_n_nor_of_singles(fast: Group) -> None:
    board = hold_ceremony(fast, 3, 2)
    (key, *_) = board.trustees.verification_keys
    pedersen = board.trustees.items[0]
    for trustees in (
        Trustees((Single(key),)),
        Trustees((pedersen, pedersen)),
        Trustees((Single(key), pedersen)),
    ):
        with pytest.raises(FormatRefusal):
            trustees_part(fast, trustees, ["x"] * 3)
    with pytest.raises(FormatRefusal) as refused:
        trustees_part(fast, hold_ceremony(fast, 2, 2).trustees, ["x"] * 2)
    assert refused.value.rule == "ceremonia.umbral"


# --- calendar ---


@pytest.mark.req("SEI-01")
def test_instants_out_of_order_are_refused() -> None:
    hour = timedelta(hours=1)
    Calendar(START, START + hour, START + hour)
    for wrong in ((START, START, START), (START + hour, START, START), (START, START + hour, START)):
        with pytest.raises(FormatRefusal):
            Calendar(*wrong)


@given(st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)), st.integers(-23 * 60, 23 * 60))  # noqa: DTZ001
def test_instants_are_read_as_written(moment: datetime, minutes: int) -> None:
    moment = moment.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    assert instant(moment.isoformat(), "x") == moment


@pytest.mark.parametrize(
    "text",
    [
        *("", "2023-04-28", "2023-04-28T20:00:00", "2023-04-28T20:00:00Z", "2023-04-28 20:00:00-06:00"),
        *(
            "2023-04-28T20:00:00.5-06:00",
            "2023-04-28T20:00-06:00",
            "20230428T200000-0600",
            "2023-02-30T00:00:00-06:00",
        ),
        *(
            "2023-04-28T24:00:00-06:00",
            "2023-04-28T20:00:60-06:00",
            "2023-04-28T20:00:00-06:00:00",
            None,
            5,
            [],
        ),
    ],
)
def test_other_instants_are_refused(text: object) -> None:
    with pytest.raises(FormatRefusal):
        instant(text, "x")


def test_a_calendar_is_read_as_written() -> None:
    assert Calendar.from_json(CALENDAR.to_json(), "x") == CALENDAR


def test_instants_are_spoken_with_their_zone() -> None:
    assert spoken(START) == "21/04/2023 20:00:00 (UTC)"
    mexico = timezone(timedelta(hours=-6))
    assert spoken(datetime(2023, 4, 28, 20, tzinfo=mexico)) == "28/04/2023 20:00:00 (UTC-06:00)"
    assert START.tzinfo == UTC


# --- setup ---


@given(st.text(max_size=20), st.text(max_size=20))
def test_uuids_of_units_have_the_form_and_differ(consultation: str, clave: str) -> None:
    uuid = uuid_of(consultation, clave)
    assert require_uuid(uuid, "x") == uuid
    assert len(uuid) == 14
    assert uuid == uuid_of(consultation, clave) != uuid_of(consultation, clave + "x")


@pytest.mark.req("SEI-17")
def test_the_election_of_a_unit_lists_its_projects_and_blank(fast: Group) -> None:
    board = hold_ceremony(fast, 3, 2)
    (key,) = fast.encode([board.trustees.election_key(fast)])
    election = election_of("pp-2023", "Consulta", UNIDADES[0], fast, key)
    (question,) = election.questions
    assert question.answers == ("Árbol", "Luz")
    assert (question.blank, question.minimum, question.maximum, question.size) == (True, 1, 1, 3)
    link = open_archive(fast, election, board.data, [], 5)
    (step,) = steps_of(link.blocks)
    assert step.event == link.event
    assert step.data["election"] == election.data
