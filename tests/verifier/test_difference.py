"""Point 9: what an archive cannot show by itself is shown by an earlier copy."""

from __future__ import annotations

import shutil
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from bel import Parts, edited, write
from certeza_verifier import work
from certeza_verifier.commands import Settings, diferencia, urna
from certeza_verifier.report import Report, UrnReport
from certeza_verifier.work import Task
from forge import Urn, small_urn
from publico import Publico

pytestmark = [pytest.mark.req("VER-02"), pytest.mark.req("VER-03")]


def found(report: Report) -> set[str]:
    return {finding.rule for finding in report.all_findings}


@pytest.fixture(scope="module")
def urn() -> Urn:
    return small_urn()


def saved(path: Path, parts: Parts) -> Path:
    path.write_bytes(write(parts).render())
    return path


def early(urn: Urn, ballots: int) -> Parts:
    return Parts(urn.election, urn.parts.trustees, urn.parts.credentials, urn.parts.ballots[:ballots])


def with_a_false_signature(urn: Urn) -> Parts:
    """Three ballots, the second of which fails only where its proofs are checked."""
    parts = early(urn, 3)
    parts.ballots[1] = edited(parts.ballots[1], lambda b: b["signature"]["proof"].update(response="1"))
    return parts


def test_a_grown_archive(urn: Urn, tmp_path: Path) -> None:
    new = saved(tmp_path / "b.bel", urn.parts)
    for ballots in range(4):
        report = diferencia(saved(tmp_path / "a.bel", early(urn, ballots)), new)
        assert (report.verdict, found(report)) == ("aceptado", set())
    assert diferencia(new, new).verdict == "aceptado"


def test_a_removed_ballot(urn: Urn, tmp_path: Path) -> None:
    old = saved(tmp_path / "a.bel", early(urn, 3))
    parts = early(urn, 3)
    del parts.ballots[1]
    report = diferencia(old, saved(tmp_path / "b.bel", parts))
    assert found(report) == {"diferencia-cadena", "diferencia-bytes"}
    finding = report.all_findings[0]
    assert (finding.height, finding.rule) == (2, "diferencia-cadena")
    assert finding.expected != finding.got


def test_a_shorter_copy(urn: Urn, tmp_path: Path) -> None:
    old, new = saved(tmp_path / "a.bel", early(urn, 3)), saved(tmp_path / "b.bel", early(urn, 2))
    report = diferencia(old, new)
    assert found(report) == {"diferencia-cadena", "diferencia-bytes"}
    assert report.all_findings[0].got == "ningún evento"


def test_another_timestamp_changes_bytes_only(urn: Urn, tmp_path: Path) -> None:
    parts = early(urn, 2)
    old = saved(tmp_path / "a.bel", parts)
    parts = deepcopy(parts)
    parts.timestamp += 1
    assert found(diferencia(old, saved(tmp_path / "b.bel", parts))) == {"diferencia-bytes"}


def test_a_broken_copy_says_which(urn: Urn, tmp_path: Path) -> None:
    old, new = saved(tmp_path / "a.bel", early(urn, 1)), saved(tmp_path / "b.bel", early(urn, 2))
    new.write_bytes(new.read_bytes()[:-512])
    report = diferencia(old, new)
    assert found(report) == {"archivo-truncado"}
    assert report.all_findings[0].place.startswith("copia nueva")


def test_public_folders(tmp_path: Path) -> None:
    public = Publico(tmp_path / "nueva")
    public.save()
    old = Path(shutil.copytree(public.root, tmp_path / "vieja"))
    public.open(1, 2)
    assert diferencia(old, public.root).verdict == "aceptado"
    (public.root / "urna/07-010.bel").unlink()
    (public.root / "consulta.json").write_bytes(b"{}")
    assert found(diferencia(old, public.root)) == {"diferencia-falta", "diferencia-documento"}


def state(root: Path, name: str = "estado.json") -> Settings:
    return Settings(processes=1, state=root / name)


@pytest.mark.req("SEI-25")
@pytest.mark.parametrize(
    "name",
    [
        "computo.json",
        "escrutinio/05-001.json",
        "mesas/llaves.json",
        "mesas/07-010.json",
        "sumas/07-010.json",
        "sumas-abiertas/07-010.json",
        "actas/apertura-sumas.json",
    ],
)
def test_what_was_published_of_the_mesas_does_not_change(tmp_path: Path, name: str) -> None:
    public = Publico(tmp_path / "a")
    public.scrutinise(1, 3)
    new = Path(shutil.copytree(public.root, tmp_path / "b"))
    assert found(diferencia(public.root, new)) == set()
    (new / name).write_bytes((new / name).read_bytes() + b" ")
    assert found(diferencia(public.root, new)) == {"diferencia-documento"}
    (new / name).unlink()
    assert found(diferencia(public.root, new)) == {"diferencia-falta"}


def test_a_mesa_may_correct_what_it_handed_in_until_its_sum_is_open(tmp_path: Path) -> None:
    public = Publico(tmp_path / "a")
    public.scrutinise(1, 3)
    shutil.rmtree(public.root / "sumas-abiertas")
    new = Path(shutil.copytree(public.root, tmp_path / "b"))
    (new / "mesas/07-010.json").write_bytes(b"{}")
    assert found(diferencia(public.root, new)) == set()


def test_state_saves_the_proofs_only(urn: Urn, tmp_path: Path) -> None:
    path, settings = saved(tmp_path / "u.bel", early(urn, 2)), state(tmp_path)
    assert urna(path, settings).counts["pruebas-de-boletas"] == 2
    assert urna(path, settings).counts.get("pruebas-de-boletas", 0) == 0
    saved(path, urn.parts)
    report = urna(path, settings)
    assert report.verdict == "aceptado"
    assert (report.counts["boletas"], report.counts["pruebas-de-boletas"]) == (3, 1)


def test_state_notices_a_rewritten_archive(urn: Urn, tmp_path: Path) -> None:
    path, settings = saved(tmp_path / "u.bel", early(urn, 3)), state(tmp_path)
    assert urna(path, settings).verdict == "aceptado"
    before = (tmp_path / "estado.json").read_bytes()
    parts = early(urn, 3)
    parts.ballots.reverse()
    report = urna(saved(path, parts), settings)
    assert found(report) == {"archivo-reescrito"}
    assert report.counts["pruebas-de-boletas"] == 3
    assert found(urna(saved(path, early(urn, 1)), settings)) == {"archivo-reescrito"}
    assert (tmp_path / "estado.json").read_bytes() == before


def test_state_is_not_kept_of_a_rejected_archive(urn: Urn, tmp_path: Path) -> None:
    parts = early(urn, 3)
    parts.ballots[1] = parts.ballots[1].replace(b'"response":"1', b'"response":"2', 1)
    path, settings = saved(tmp_path / "u.bel", parts), state(tmp_path)
    for _ in range(2):
        assert urna(path, settings).verdict == "rechazado"


def test_a_state_trusts_no_ballot_outside_its_bytes(urn: Urn, tmp_path: Path) -> None:
    """A state that says more ballots than its bytes hold (damaged, made by hand) hides no false one."""
    path, settings = saved(tmp_path / "u.bel", early(urn, 1)), state(tmp_path)
    assert urna(path, settings).verdict == "aceptado"
    text = (tmp_path / "estado.json").read_text()
    (tmp_path / "estado.json").write_text(text.replace('"boletas": 1', '"boletas": 1000'))
    assert found(urna(saved(path, with_a_false_signature(urn)), settings)) == {"boleta-firma"}


def test_a_state_remembers_the_bytes_that_were_verified(
    urn: Urn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mirror that is rewritten while it is verified is not remembered as it is afterwards."""
    path, settings = saved(tmp_path / "u.bel", early(urn, 3)), state(tmp_path)
    forged = with_a_false_signature(urn)
    verify = work.run_task

    def rewritten_after(task: Task, *rest: Any, **options: Any) -> UrnReport:
        report = verify(task, *rest, **options)
        saved(path, forged)
        return report

    monkeypatch.setattr(work, "run_task", rewritten_after)
    assert urna(path, settings).verdict == "aceptado"
    monkeypatch.undo()
    assert urna(path, settings).verdict == "rechazado"


def test_an_archive_rewritten_after_its_prefix_was_compared_has_no_verdict(
    urn: Urn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, settings = saved(tmp_path / "u.bel", early(urn, 3)), state(tmp_path)
    assert urna(path, settings).verdict == "aceptado"
    forged = with_a_false_signature(urn)
    compared = work.check_prefix

    def rewritten_after(*arguments: Any) -> None:
        compared(*arguments)
        saved(path, forged)

    monkeypatch.setattr(work, "check_prefix", rewritten_after)
    assert urna(path, settings).verdict == "no-juzgado"


BROKEN_STATES = [
    b"",
    b"[]",
    b"{",
    b'{"version":"0.1.0","archivos":{"a":1}}',
    b'{"version":"0.1.0","archivos":{"a":{"longitud":Infinity,"sha256":"","boletas":1}}}',
    b"\xff",
]


@pytest.mark.parametrize("text", BROKEN_STATES)
def test_a_broken_state_is_not_a_verdict(urn: Urn, tmp_path: Path, text: bytes) -> None:
    from certeza_verifier.errors import NotJudged

    (tmp_path / "estado.json").write_bytes(text)
    with pytest.raises(NotJudged):
        urna(saved(tmp_path / "u.bel", early(urn, 1)), state(tmp_path))
