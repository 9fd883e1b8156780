"""Nothing is deleted before its acuse was verified and kept, whatever happens in between (APO-13, APO-16)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from capture.device.errors import DeviceRefused
from capture.device.outbox import Outbox
from keys import atomic_file
from keys.errors import Refusal
from tests.capture.device.making import POLICY, acuse_of, sealed, taken
from tests.capture.packet.making import new_folio

pytestmark = pytest.mark.req("APO-13")


class Dies(Exception):  # noqa: N818
    """The device lost its power."""


def dying(act: Callable[..., None], at: int) -> Callable[..., None]:
    """`act`, dying at its call number `at` (from 0), before or (odd) after it took effect."""
    calls = iter(range(100))

    def once(*given: object, **named: object) -> None:
        turn = next(calls)
        if turn == at // 2 and at % 2 == 0:
            raise Dies
        act(*given, **named)
        if turn == at // 2:
            raise Dies

    return once


def test_what_is_kept_waits_in_the_order_of_capture_and_is_not_readable(tmp_path: Path) -> None:
    outbox, made = Outbox(tmp_path), [sealed() for _ in range(3)]
    for one in made:
        outbox.keep(one)
    assert {e.folio for e in Outbox(tmp_path).waiting()} == {one.envelope.folio for one in made}
    assert [e.folio for e in outbox.waiting()] == sorted(one.envelope.folio for one in made)
    assert outbox.body(made[0].envelope) == made[0].body
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    person = taken().fields
    assert not any(person[name].encode() in written for name in ("clave_elector", "curp", "apellido_paterno"))
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.rglob("*"))


def test_an_acuse_takes_the_place_of_its_record(tmp_path: Path) -> None:
    outbox, made = Outbox(tmp_path), sealed()
    outbox.keep(made)
    acuse = acuse_of(made)
    outbox.settle(made.envelope, acuse, POLICY)
    assert list(outbox.waiting()) == []
    assert [path.name for path in tmp_path.rglob("*.age")] == []
    assert outbox.acuse(made.envelope.folio) == acuse
    with pytest.raises(DeviceRefused):
        outbox.acuse(new_folio())


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"proceso": "F999"}, "acuse, proceso"),
        ({"folio": new_folio()}, "acuse, folio"),
        ({"modalidad": "manual"}, "acuse, modalidad"),
        ({"number": "0" * 9}, "acuse, número"),
        ({"registro": bytes(32)}, "acuse, registro"),
    ],
)
def test_the_acuse_of_something_else_deletes_nothing(
    tmp_path: Path, changes: dict[str, object], place: str
) -> None:
    outbox, made = Outbox(tmp_path), sealed()
    outbox.keep(made)
    with pytest.raises(DeviceRefused) as found:
        outbox.settle(made.envelope, acuse_of(made, **changes), POLICY)
    assert (found.value.rule, found.value.place) == ("acuse.ajeno", place)
    assert outbox.body(made.envelope) == made.body


def test_an_acuse_that_the_log_does_not_hold_deletes_nothing(tmp_path: Path) -> None:
    outbox, made = Outbox(tmp_path), sealed()
    outbox.keep(made)
    other = acuse_of(made, nonce=bytes([1]) * 32)
    text, proof = acuse_of(made).partition(b"\n\n")[0], other.partition(b"\n\n")[2]
    with pytest.raises(Refusal):
        outbox.settle(made.envelope, text + b"\n\n" + proof, POLICY)
    with pytest.raises(Refusal):
        outbox.settle(made.envelope, acuse_of(made), replace(POLICY, logs=()))
    assert [e.folio for e in outbox.waiting()] == [made.envelope.folio]


@pytest.mark.parametrize("at", range(4))
def test_a_device_that_dies_while_it_keeps_has_the_whole_record_or_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    made = sealed()
    with monkeypatch.context() as patch:
        patch.setattr(atomic_file, "replace", dying(atomic_file.replace, at))
        with pytest.raises(Dies):
            Outbox(tmp_path).keep(made)
    after = Outbox(tmp_path)
    found = list(after.waiting())
    assert len(found) == (1 if at == 3 else 0)
    assert [after.body(envelope) for envelope in found] == [made.body] * len(found)
    assert len(list(tmp_path.rglob("*.age"))) == len(found), "nothing is left that nobody waits for"


@pytest.mark.parametrize("at", range(6))
def test_a_device_that_dies_while_it_settles_has_the_record_or_its_acuse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    made = sealed()
    Outbox(tmp_path).keep(made)
    acuse = acuse_of(made)
    with monkeypatch.context() as patch:
        if at < 2:
            patch.setattr(atomic_file, "replace", dying(atomic_file.replace, at))
        else:
            patch.setattr(Path, "unlink", dying(Path.unlink, at - 2))
        with pytest.raises(Dies):
            Outbox(tmp_path).settle(made.envelope, acuse, POLICY)
    after = Outbox(tmp_path)
    if at == 0:
        assert [after.body(e) for e in after.waiting()] == [made.body]
        return
    assert list(after.waiting()) == []
    assert after.acuse(made.envelope.folio) == acuse
    assert list(tmp_path.rglob("*.age")) == []
