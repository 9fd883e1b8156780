"""A program that nobody here wrote reads the same archives (VER-05): what it refuses, we refuse.

`belenios-tool` is found on the path; CERTEZA_BELENIOS_TOOL names another one. Version 2.0, Debian's, knows
only the 2048-bit group. Where we are stricter is in test_careful.py and test_canonical.py.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import pytest
from bel import Parts, edited, write
from checking import check
from forge import Maker, Urn, keys_of, question, small_urn

TOOL = os.environ.get("CERTEZA_BELENIOS_TOOL") or shutil.which("belenios-tool")
pytestmark = [
    pytest.mark.req("VER-05"),
    pytest.mark.skipif(TOOL is None, reason="AVISO: falta belenios-tool: NADA se comparó con otro programa"),
]


def judged(parts: Parts, urn: Urn, folder: Path) -> bool:
    """Whether belenios-tool accepts the archive."""
    folder.mkdir(exist_ok=True)
    (folder / f"{urn.uuid}.bel").write_bytes(write(parts).render())
    words = [str(TOOL), "election", "verify"]
    return subprocess.run(words, cwd=folder, capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def urn() -> Urn:
    return small_urn(seed=61, group_name="BELENIOS-2048")


def weighted(weights: list[int]) -> Urn:
    m = Maker("BELENIOS-2048", 62)
    urn = Urn(m, keys_of(m, None, (2, 1)), [question(2, 0, 2, None), question(1)], weights=weights)
    urn.vote(0, [1, 1], [0, 1])
    urn.vote(2, [0, 1], [1, 0])
    urn.vote(0, [0, 0], [0, 1])
    urn.close([1, 2], [weights[2], weights[0]])
    urn.open(1, 3)
    return urn


def named() -> Urn:
    """With the names that Belenios' server writes beside the keys."""
    urn = small_urn(seed=63, group_name="BELENIOS-2048")
    urn.parts.trustees = edited(
        urn.parts.trustees, lambda t: t[0][1]["verification_keys"][1].update(name="Ana «Ñ»")
    )
    return urn


def test_both_accept(urn: Urn, tmp_path: Path) -> None:
    for one in (urn, weighted([2, 1, 3, 1]), weighted([2**30, 1, 2**31, 1]), named()):
        assert judged(one.parts, one, tmp_path / "x")
        assert check(one.parts, tmp_path).findings == []
        shutil.rmtree(tmp_path / "x")


def cut(parts: Parts) -> None:
    parts.shares = parts.shares[:1]


ALTERED: dict[str, Callable[[Parts], object]] = {
    "firma": lambda p: p.ballots.__setitem__(0, edited(p.ballots[0], sign_otherwise)),
    "resultado": lambda p: setattr(p, "result", b'{"result":[[1,1,1,0]]}'),
    "faltan descifrados": cut,
    "boleta de menos": lambda p: p.ballots.pop(),
}


def sign_otherwise(ballot: dict[str, dict[str, dict[str, str]]]) -> None:
    ballot["signature"]["proof"]["response"] = "1"


@pytest.mark.parametrize("name", ALTERED)
def test_both_refuse(urn: Urn, tmp_path: Path, name: str) -> None:
    parts = deepcopy(urn.parts)
    ALTERED[name](parts)
    assert not judged(parts, urn, tmp_path / "x")
    assert check(parts, tmp_path).verdict == "rechazado"
