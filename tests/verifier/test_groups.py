"""The call that decodes elements and computes with them, and the choice of what computes."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest
from certeza_verifier import groups
from certeza_verifier.errors import NotJudged
from forge import Maker
from test_careful import BAD_POINTS, good, mixed

pytestmark = pytest.mark.req("VER-03")


@pytest.mark.parametrize("asked", [0, 1, 2, 3])
@pytest.mark.parametrize("text", [*BAD_POINTS, "mixed"])
def test_point_7_with_proofs(text: str, asked: int, arithmetic: str) -> None:
    """The call that also computes commitments refuses as `parse` does, whatever is asked of which element."""
    group, bad = groups.group("Ed25519", arithmetic), mixed(good()) if text == "mixed" else text
    with pytest.raises(groups.PointError) as caught:
        group.parse_and_multiply([good(), bad, good()], [[0, 2]], (group.generator,), [((1,), asked, 8)])
    assert (caught.value.index, caught.value.rule) == (1, BAD_POINTS.get(text, "punto-fuera-del-grupo"))


@pytest.mark.parametrize("name", groups.NAMES)
def test_one_call_or_three_give_the_same(name: str, arithmetic: str) -> None:
    group, m = groups.group(name, arithmetic), Maker(name=name)
    elements = [m.group.multiply((m.g,), [((n,), (), ())])[0] for n in (2, 3, 5, 7)]
    texts, bases = [m.text(element) for element in elements], (group.generator,)
    jobs = [((11 * i,), i, group.order - 13 - i) for i in range(6)]
    found, products = group.parse_and_multiply(texts, [[0, 1, 3], []], bases, jobs)
    every = [*group.parse(texts), group.combine([found[i] for i in (0, 1, 3)]), group.combine([])]
    assert [group.text(element) for element in found] == [group.text(element) for element in every]
    plain = [(fixed, (every[i],), (exponent,)) for fixed, i, exponent in jobs]
    assert products == group.multiply_text(bases, plain)


def test_an_extension_too_old_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "certeza_native", ModuleType("certeza_native"))
    monkeypatch.delitem(sys.modules, "certeza_verifier.groups.native", raising=False)
    chosen = groups.group.__wrapped__  # without what it remembers
    assert chosen("Ed25519").backend == "libsodium"
    with pytest.raises(NotJudged, match="certeza_native"):
        chosen("Ed25519", "nativa")
