"""The coordinator's table: what is accepted when, and what a crash leaves behind."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from keys import atomic_file
from keys.ceremony import CeremonyRefusal, Terms, steps
from keys.ceremony.announcement import Announcement, announce
from keys.ceremony.certificate import encode_certificates
from keys.ceremony.coordinator import advance
from keys.ceremony.folder import (
    ANNOUNCEMENT,
    GAMMA,
    RESULT,
    CeremonyFolder,
    accepted_name,
    inbox_name,
    open_ceremony,
    vinput_name,
)
from keys.ceremony.states import TABLE, Ceremony, Kind, Outcome, State
from keys.errors import Refusal
from keys.randomness import SeededRandomness

from .hold import Table, hold

pytestmark = pytest.mark.req("SEI-22")
ORDER = list(State)


@pytest.fixture(scope="module")
def table() -> Table:
    return hold(3, 2)


def message(table: Table, kind: Kind, index: int) -> bytes:
    lists = {
        Kind.CERTIFICATE: table.gamma,
        Kind.POLYNOMIAL: table.polynomials,
        Kind.VERIFICATION: table.voutputs,
    }
    return lists[kind][index - 1].encode()


def ceremony_in(table: Table, state: State) -> Ceremony:
    made = Ceremony(table.group, table.terms)
    for kind in list(Kind)[: ORDER.index(state)]:
        for index in table.terms.indices():
            made.receive(kind, index, message(table, kind, index), "x")
    assert made.state is state
    return made


def test_the_table_names_every_state_once() -> None:
    assert [row.then for row in TABLE.values()] == ORDER[1:]
    assert [row.awaits for row in TABLE.values()] == list(Kind)


@pytest.mark.parametrize(("state", "kind"), list(product(State, Kind)))
def test_every_state_with_every_kind(table: Table, state: State, kind: Kind) -> None:
    made = ceremony_in(table, state)
    position, awaited = list(Kind).index(kind), ORDER.index(state)
    data = message(table, kind, 2)
    if position > awaited:
        with pytest.raises(CeremonyRefusal, match=r"ceremonia\.mensaje\.orden") as caught:
            made.receive(kind, 2, data, "x")
        assert caught.value.culprit == 2
        assert made.accepted(kind, 2) is None
    else:
        expected = Outcome.NEW if position == awaited else Outcome.REPEATED
        assert made.receive(kind, 2, data, "x") is expected
        assert made.receive(kind, 2, data, "x") is Outcome.REPEATED
        with pytest.raises(CeremonyRefusal, match=r"ceremonia\.mensaje\.distinto"):
            made.receive(kind, 2, message(table, kind, 1), "x")
        assert made.accepted(kind, 2) == data


@pytest.mark.parametrize("kind", list(Kind))
def test_a_message_under_another_index_changes_nothing(table: Table, kind: Kind) -> None:
    made = ceremony_in(table, ORDER[list(Kind).index(kind)])
    with pytest.raises(Refusal) as caught:
        made.receive(kind, 1, message(table, kind, 2), "x")
    assert caught.value.culprit == 1
    assert made.missing() == [1, 2, 3]
    for index in (0, 4):
        with pytest.raises(CeremonyRefusal, match=r"ceremonia\.indice"):
            made.receive(kind, index, message(table, kind, 1), "x")


def test_a_second_valid_certificate_is_evidence(table: Table) -> None:
    made = Ceremony(table.group, table.terms)
    made.receive(Kind.CERTIFICATE, 1, table.gamma[0].encode(), "x")
    again = steps.make_certificate(table.group, table.terms, table.keys[0], 1, SeededRandomness("otra"))
    with pytest.raises(CeremonyRefusal, match=r"ceremonia\.mensaje\.distinto") as caught:
        made.receive(Kind.CERTIFICATE, 1, again.encode(), "x")
    assert caught.value.culprit == 1


def test_results_are_refused_before_their_time(table: Table) -> None:
    made = Ceremony(table.group, table.terms)
    for ask in (made.gamma, lambda: made.vinput(1), lambda: made.trustees):
        with pytest.raises(CeremonyRefusal, match=r"ceremonia\.estado"):
            ask()


@pytest.fixture
def folder(table: Table, tmp_path: Path) -> CeremonyFolder:
    made = CeremonyFolder(tmp_path)
    announcement = announce(table.terms, None, SeededRandomness("anuncio"))
    made.write(ANNOUNCEMENT, announcement.encode())
    return made


def test_a_folder_from_beginning_to_end(table: Table, folder: CeremonyFolder) -> None:
    for kind in Kind:
        assert advance(folder).ceremony.missing() == [1, 2, 3]
        for index in (3, 1, 2):
            # As belenios-tool writes it, with a final line feed.
            folder.write(inbox_name(kind, index), message(table, kind, index) + b"\n")
        assert not advance(folder).refused
    assert folder.read(GAMMA) == encode_certificates(table.gamma)
    assert folder.read(vinput_name(2)) == steps.make_vinput(table.polynomials, 2).encode()
    assert folder.read(RESULT) == table.trustees.encode()
    assert advance(folder).written == []


def test_a_replaced_message_is_refused_and_the_first_one_kept(table: Table, folder: CeremonyFolder) -> None:
    name = inbox_name(Kind.CERTIFICATE, 1)
    folder.write(name, table.gamma[0].encode())
    advance(folder)
    folder.write(name, table.gamma[1].encode())
    progress = advance(folder)
    assert [(r.rule, r.culprit) for r in progress.refused] == [("ceremonia.mensaje.distinto", 1)]
    assert folder.read(accepted_name(Kind.CERTIFICATE, 1)) == table.gamma[0].encode()


def test_a_polynomial_before_its_time_and_a_stray_file(table: Table, folder: CeremonyFolder) -> None:
    folder.write(inbox_name(Kind.POLYNOMIAL, 1), table.polynomials[0].encode())
    folder.write("buzon/otra cosa.txt", b"x")
    progress = advance(folder)
    assert [r.rule for r in progress.refused] == ["ceremonia.mensaje.orden"]
    assert progress.strangers == ["otra cosa.txt"]


def test_an_altered_accepted_message_is_noticed(table: Table, folder: CeremonyFolder) -> None:
    folder.write(accepted_name(Kind.CERTIFICATE, 1), table.gamma[1].encode())
    with pytest.raises(Refusal):
        open_ceremony(folder)


@pytest.mark.parametrize("crash_at", range(12))
def test_a_crash_at_any_write_is_repaired_by_running_again(
    table: Table, folder: CeremonyFolder, monkeypatch: pytest.MonkeyPatch, crash_at: int
) -> None:
    for index in table.terms.indices():
        folder.write(inbox_name(Kind.CERTIFICATE, index), table.gamma[index - 1].encode())
    crash(monkeypatch, crash_at)
    try:
        advance(folder)
    except KeyboardInterrupt:
        monkeypatch.undo()
        advance(folder)
    assert folder.read(GAMMA) == encode_certificates(table.gamma)


def crash(monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    """Stop at the `at`-th fsync or rename from here on."""
    count = iter(range(1000))

    def wrapped(real: object) -> object:
        def call(*arguments: object) -> object:
            if next(count) == at:
                raise KeyboardInterrupt
            return real(*arguments)  # type: ignore[operator]

        return call

    monkeypatch.setattr(atomic_file.os, "fsync", wrapped(atomic_file.os.fsync))
    monkeypatch.setattr(Path, "replace", wrapped(Path.replace))


@pytest.mark.parametrize(
    "change",
    [
        (b'"umbral":2', b'"umbral":3'),
        (b'"umbral":2', b'"umbral":0'),
        (b'"custodios":3', b'"custodios":4'),
        (b"Ed25519", b"Ed25518"),
        (b'"version":1', b'"version":2'),
        (b"Custodio 1", b"Custodio\\n1"),
        (b'"id":"', b'"id":"0'),
        (b"{", b"{ "),
    ],
)
def test_an_announcement_that_was_changed(folder: CeremonyFolder, change: tuple[bytes, bytes]) -> None:
    data = folder.announcement().encode()
    with pytest.raises(Refusal):
        Announcement.decode(data.replace(*change), "ceremonia.json").group()


def test_announcing_needs_a_threshold_below_the_size() -> None:
    with pytest.raises(CeremonyRefusal, match=r"ceremonia\.umbral\.todos"):
        announce(Terms("Ed25519", 3, 3), None, SeededRandomness("x"))
    with pytest.raises(Refusal, match=r"formato\.longitud"):
        announce(Terms("Ed25519", 3, 2), ["Una", "Dos"], SeededRandomness("x"))
