"""Every altered archive of the corpus is refused, for the reason it was altered for."""

from __future__ import annotations

import io
from collections import Counter

import pytest

from keys.errors import Refusal
from keys.group import Group
from tally.audit import UrnaAuditor
from tests.tally import tampering
from tests.tally.judging import judge, refusal
from tests.tally.making import four_voters
from tests.tally.rewriting import take_apart
from tests.tally.tampering import Tampered

pytestmark = [pytest.mark.req("SEI-28"), pytest.mark.req("VER-03")]


def misjudged(group: Group, cases: list[Tampered]) -> list[str]:
    """What went wrong, case by case; empty when all were refused for the right reason."""
    wrong = []
    for case in cases:
        try:
            found = refusal(group, case.archive)
        except Exception as error:  # noqa: BLE001 - any other exception is what is looked for
            wrong.append(f"{case}: {error!r:.200}")
            continue
        if found is None:
            wrong.append(f"{case}: ACEPTADO")
        elif not found.rule.startswith(case.rules):
            wrong.append(f"{case}: {found.rule} en vez de {case.rules}")
    return wrong


def test_the_rewriter_changes_nothing_by_itself(fast: Group) -> None:
    made = four_voters(fast)
    assert take_apart(made.archive).write() == made.archive
    assert judge(fast, made.archive).votes == [[1, 2, 1]]


@pytest.mark.parametrize("role", tampering.ROLES)
def test_each_place_of_each_message_changed_is_refused(fast: Group, role: str) -> None:
    cases = list(tampering.of_role(four_voters(fast), role))
    assert len(cases) > 40
    assert not misjudged(fast, cases)


def test_acts_against_the_urn_are_refused(ed25519: Group) -> None:
    cases = list(tampering.acts(four_voters(ed25519)))
    assert len(cases) > 250
    assert not misjudged(ed25519, cases)


def test_every_kind_of_change_of_points_is_refused_by_libsodium_too() -> None:
    from tests.conftest import make_group

    group = make_group("libsodium")
    made = four_voters(group)
    cases = [c for role in ("ballot", "partial") for c in tampering.of_role(made, role)]
    chosen = [c for c in cases if c.family in ("elemento", "valor") and "signature" not in c.name][::3]
    assert not misjudged(group, chosen)


def test_the_corpus_changes_every_message_and_reaches_every_family_of_rules(fast: Group) -> None:
    rules: Counter[str] = Counter()
    for case in tampering.acts(four_voters(fast)):
        found = refusal(fast, case.archive)
        rules[found.rule.split(".")[0] if found else "aceptado"] += 1
    expected = {"archivo", "cadena", "boleta", "computo", "descifrado", "resultado", "urna", "credenciales"}
    assert expected <= set(rules)


def test_a_turned_bit_anywhere_is_refused(fast: Group) -> None:
    made = four_voters(fast)
    accepted = [at for at, data in tampering.damaged(made.archive) if refusal(fast, data) is None]
    assert not accepted


def test_an_archive_of_another_consultation_is_refused(fast: Group) -> None:
    made = four_voters(fast)
    foreign = tampering.other_consultation(made)
    assert refusal(fast, foreign) is None
    with pytest.raises(Refusal) as refused:
        UrnaAuditor(fast, made.board.trustees, made.board.data).audit(io.BytesIO(foreign), "urna")
    assert refused.value.rule == "urna.custodios"


def test_a_refusal_says_where_and_what(fast: Group) -> None:
    made = four_voters(fast)
    plan = take_apart(made.archive)
    plan.pieces[-1].data["result"] = b'{"result":[[2,1,1]]}'
    found = refusal(fast, plan.write())
    assert found is not None
    assert (found.rule, found.expected, found.got) == ("resultado.valor", "[[1, 2, 1]]", "[[2, 1, 1]]")
    assert "evento 9 (Result)" in found.place
