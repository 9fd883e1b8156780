"""Which packets are taken, and in which state their records begin (002 §2.6, §3.7, §4.11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from capture.intake.errors import IntakeRefusal
from capture.intake.rules import Arrival, judge
from capture.intake.sender import Sender, Term
from capture.limits import CaptureLimits
from capture.packet.errors import PacketRefusal
from capture.records.states import Estado
from tests.capture.packet.making import NOON, PROCESO, new_key, packet

from .registering import END, START

KEY = new_key()
RECIPIENT = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
TERM = Term(PROCESO, True, START, END, True)
SENDER = Sender("dispositivo", KEY.public_key(), "A000000001", "auxiliar", "a@ejemplo.mx", PROCESO)
SECOND = timedelta(seconds=1)


def arrival(now: datetime = NOON, sender: Sender = SENDER, term: Term = TERM, **envelope: object) -> Arrival:
    made, _ = packet(KEY, RECIPIENT, **envelope)
    return Arrival(made, sender, term, now, CaptureLimits())


def test_what_comes_in_time_from_who_may_send_is_received() -> None:
    assert judge(arrival()).estado is Estado.RECIBIDO


@pytest.mark.req("APO-08")
@pytest.mark.parametrize(
    ("now", "outcome"),
    [
        (START - SECOND, "paquete.no-ha-comenzado"),
        (START, Estado.FUERA_DE_PERIODO),  # captured later than now, within the skew, before the start
        (END + timedelta(hours=24), Estado.RECIBIDO),
        (END + timedelta(hours=24) + SECOND, "paquete.fuera-de-plazo"),
    ],
)
def test_the_24_hours_after_the_periodo_are_for_what_was_captured_in_it(
    now: datetime, outcome: Estado | str
) -> None:
    captured = START - SECOND if now == START else min(now, END)
    case = arrival(now, capturado=captured)
    if isinstance(outcome, Estado):
        assert judge(case).estado is outcome
    else:
        with pytest.raises(IntakeRefusal) as refused:
            judge(case)
        assert refused.value.rule == outcome


@pytest.mark.req("APO-08")
def test_what_was_captured_after_the_end_does_not_count() -> None:
    assert judge(arrival(END + SECOND, capturado=END + SECOND)).estado is Estado.FUERA_DE_PERIODO
    assert judge(arrival(END + SECOND, capturado=END)).estado is Estado.RECIBIDO


@pytest.mark.req("APO-04")
def test_after_the_baja_of_the_auxiliar_nothing_counts_also_what_was_captured_before() -> None:
    gone = replace(SENDER, emisor_baja=NOON)
    assert judge(arrival(NOON, gone)).estado is Estado.BAJA_DE_AUXILIAR
    assert judge(arrival(NOON + SECOND, gone)).estado is Estado.BAJA_DE_AUXILIAR
    assert judge(arrival(NOON - SECOND, gone)).estado is Estado.RECIBIDO


@pytest.mark.req("APO-07")
def test_a_device_that_was_removed_is_not_authorised() -> None:
    gone = replace(SENDER, dispositivo_baja=NOON)
    assert judge(arrival(NOON, gone)).estado is Estado.DISPOSITIVO_NO_AUTORIZADO


@pytest.mark.parametrize(
    ("rule", "sender", "term", "envelope"),
    [
        ("paquete.emisor", replace(SENDER, emisor="A000000002"), TERM, {}),
        ("paquete.emisor", replace(SENDER, modalidad="mi-apoyo"), TERM, {}),
        ("paquete.ajeno", replace(SENDER, proceso="F1"), TERM, {}),
        ("paquete.credencial-ajena", replace(SENDER, cic="987654321"), TERM, {}),
        ("paquete.tamano", SENDER, TERM, {"tamano": 4 * 1024 * 1024 + 1}),
        ("paquete.tamano", SENDER, TERM, {"tamano": 0}),
        ("paquete.reloj", SENDER, TERM, {"capturado": NOON + timedelta(hours=24, seconds=1)}),
        ("paquete.inactivo", SENDER, replace(TERM, activo=False), {}),
    ],
)
def test_what_is_not_for_here_is_refused_with_a_stable_code(
    rule: str, sender: Sender, term: Term, envelope: dict[str, object]
) -> None:
    with pytest.raises(IntakeRefusal) as refused:
        judge(arrival(NOON, sender, term, **envelope))
    assert refused.value.rule == rule


def test_mi_apoyo_is_for_processes_that_admit_it() -> None:
    citizen = replace(SENDER, emisor="a", modalidad="mi-apoyo", proceso=None, cic="123456789")
    case = arrival(NOON, citizen, modalidad="mi-apoyo", emisor="a")
    assert judge(case).estado is Estado.RECIBIDO
    with pytest.raises(IntakeRefusal) as refused:
        judge(replace(case, term=replace(TERM, mi_apoyo=False)))
    assert refused.value.rule == "paquete.modalidad"


def test_the_signature_comes_before_every_other_rule() -> None:
    case = arrival(NOON, replace(SENDER, key=new_key().public_key()), replace(TERM, activo=False))
    with pytest.raises(PacketRefusal) as refused:
        judge(case)
    assert refused.value.rule == "paquete.firma"
