"""Producer and independent verifier meet here and nowhere else: what one refuses, the other refuses.

The same corpus goes through `tally.audit` (in tests/tally), through `certeza_verifier`, and a sample of it
through belenios-tool: what it refuses we refuse, and what it accepts must be a point where ours is stricter.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from keys.group import Group
from tests.conformance.judges import tool_for
from tests.conftest import BELENIOS
from tests.tally import tampering
from tests.tally.judging import refusal
from tests.tally.making import four_voters, make_election, two_questions
from tests.tally.tampering import Tampered

work = pytest.importorskip(
    "certeza_verifier.work", reason="AVISO: falta certeza_verifier: los dos jueces NO se compararon"
)
urn = pytest.importorskip("certeza_verifier.urn")
profile = pytest.importorskip("certeza_verifier.profile")

pytestmark = [pytest.mark.req("VER-03"), pytest.mark.req("VER-04")]
ACCEPTED, REJECTED = "aceptado", "rechazado"
# The verifier reads the time of older archives of others too, which wrote it as a number.
LENIENT = {"header › tipo › 1 entero: aceptado"}


def verdict(archive: bytes, path: Path, *, strict: bool = True, arithmetic: str = "auto") -> str:
    """What the verifier says of one archive; with `strict`, as an urn of a consultation of ours."""
    path.write_bytes(archive)
    rules = profile.OURS if strict else profile.ANY
    options = urn.Options(profile=rules, arithmetic=arithmetic)
    return str(work.run_task(work.Task(path, path.name, options)).verdict)


def one_of_each(cases: Iterable[Tampered]) -> list[Tampered]:
    """The first and the last place of each kind of change: the kinds are what differs between judges."""
    found: dict[tuple[str, str, str], list[Tampered]] = {}
    for case in cases:
        kind = case.name.partition(" ")[2] if case.family != "acto" else case.name
        kept = found.setdefault((case.role, case.family, kind), [])
        if len(kept) == 2:
            kept.pop()
        kept.append(case)
    return [case for kept in found.values() for case in kept]


def misjudged(cases: Iterable[Tampered], path: Path) -> list[str]:
    wrong = []
    for case in cases:
        try:
            said = verdict(case.archive, path)
        except Exception as error:  # noqa: BLE001 - any exception is what is looked for
            said = f"{error!r:.200}"
        if said != REJECTED:
            wrong.append(f"{case}: {said}")
    return wrong


@pytest.mark.parametrize("role", tampering.ROLES)
def test_the_verifier_refuses_each_changed_place_too(fast: Group, tmp_path: Path, role: str) -> None:
    cases = one_of_each(tampering.of_role(four_voters(fast), role))
    assert len(cases) > 30
    assert set(misjudged(cases, tmp_path / "urna.bel")) <= LENIENT


def test_the_verifier_refuses_the_acts_too(fast: Group, tmp_path: Path) -> None:
    assert not misjudged(tampering.acts(four_voters(fast)), tmp_path / "urna.bel")


def test_the_verifier_refuses_a_turned_bit_anywhere(fast: Group, tmp_path: Path) -> None:
    path = tmp_path / "urna.bel"
    damaged = tampering.damaged(four_voters(fast).archive, step=431)
    assert [at for at, data in damaged if verdict(data, path) != REJECTED] == []


def test_both_accept_every_stage_of_what_we_make(fast: Group, tmp_path: Path) -> None:
    path = tmp_path / "urna.bel"
    empty = make_election(fast, [], voters=2, uuid="CertezaTest4444", seed="vacía")
    for made in (four_voters(fast), two_questions(fast), empty):
        for name, archive in made.stages().items():
            assert refusal(fast, archive) is None, name
            strict = len(made.election.questions) == 1
            assert verdict(archive, path, strict=strict) == ACCEPTED, name


def test_both_refuse_every_cut_that_is_no_stage(fast: Group, tmp_path: Path) -> None:
    made, path = four_voters(fast), tmp_path / "urna.bel"
    stages = {len(archive) for archive in made.stages().values()}
    cuts = [at for at in range(0, len(made.archive), 512) if at not in stages]
    assert [at for at in cuts if refusal(fast, made.archive[:at]) is None] == []
    assert [at for at in cuts[::3] if verdict(made.archive[:at], path) != REJECTED] == []


def test_both_accept_what_others_made(fast: Group, belenios: Path, tmp_path: Path) -> None:
    for name in ("ed25519-blank", "ed25519-two-questions"):
        (archive,) = (BELENIOS / name).glob("*.bel")
        data = archive.read_bytes()
        assert refusal(fast, data) is None
        assert verdict(data, tmp_path / "urna.bel", strict=False) == ACCEPTED


@pytest.mark.req("VER-05")
def test_what_belenios_tool_refuses_we_refuse_and_the_rest_is_ours_to_be_stricter(
    fast: Group, tmp_path: Path
) -> None:
    """Acts that are not marked as a point where we are stricter are refused by it as well."""
    tool = tool_for("Ed25519")
    made = four_voters(fast)
    accepted = []
    for number, case in enumerate(tampering.acts(made)):
        if case.stricter is None and (number % 4 == 0 or case.role in ("ballot", "result")):
            verdict_of_tool, _ = tool.accepts(case.archive, tmp_path / str(number))
            if verdict_of_tool:
                accepted.append(str(case))
    assert not accepted
