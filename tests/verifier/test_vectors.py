"""Archives that belenios-tool made are accepted, with the result that was voted."""

from __future__ import annotations

import json
from concurrent.futures import Future
from importlib.util import find_spec
from pathlib import Path

import pytest
from bel import read, split, write
from certeza_verifier import chunks
from certeza_verifier.archive import Archive
from certeza_verifier.chunks import Chunk, ChunkResult
from certeza_verifier.urn import Options, UrnCheck, here
from checking import check, rules

NAMES = {
    "ed25519-blank": "con-resultado",
    "ed25519-two-questions": "con-resultado",
    "belenios2048-blank": "con-resultado",
    "ed25519-100-ballots": "con-boletas",
}


def archive(vectors: Path, name: str) -> Path:
    return next((vectors / name).glob("*.bel"))


@pytest.mark.req("VER-03")
@pytest.mark.req("VER-05")
@pytest.mark.parametrize("name", NAMES)
def test_vector_is_accepted(vectors: Path, tmp_path: Path, name: str, arithmetic: str) -> None:
    if name.startswith("belenios2048") and arithmetic != "libsodium":
        pytest.skip("este grupo no depende de la aritmética")
    report = check(archive(vectors, name).read_bytes(), tmp_path, arithmetic=arithmetic)
    assert report.findings == []
    assert report.verdict == "aceptado"
    assert report.stage == NAMES[name]
    assert report.done["boletas"] == report.ballots == report.done["pruebas-de-boletas"]


@pytest.mark.req("SEI-28")
@pytest.mark.parametrize("name", [name for name, stage in NAMES.items() if stage == "con-resultado"])
def test_result_is_what_was_voted(vectors: Path, tmp_path: Path, name: str) -> None:
    votes = [json.loads(line) for line in (vectors / name / "votes.txt").read_text().splitlines()]
    sums = [[sum(column) for column in zip(*answers, strict=True)] for answers in zip(*votes, strict=True)]
    assert check(archive(vectors, name).read_bytes(), tmp_path).facts.result == sums


@pytest.mark.parametrize("name", NAMES)
def test_our_writer_writes_the_same_bytes(vectors: Path, name: str) -> None:
    path = archive(vectors, name)
    assert write(read(path)).render() == path.read_bytes()


def test_every_stage_is_accepted(vectors: Path, tmp_path: Path) -> None:
    data = archive(vectors, "ed25519-blank").read_bytes()
    end, stages = 0, []
    for name, content in split(data):
        end += 512 + len(content) + -len(content) % 512
        kind = json.loads(content).get("type") if name.endswith("event.json") else None
        if kind and (kind != "Ballot" or len(stages) < 3):
            report = check(data[:end], tmp_path)
            assert report.findings == [], kind
            stages.append(report.stage)
    assert list(dict.fromkeys(stages)) == [
        "instalada",
        "con-boletas",
        "cerrada",
        "sumada",
        "en-apertura",
        "con-resultado",
    ]


def test_a_cut_anywhere_else_is_refused_without_a_traceback(vectors: Path, tmp_path: Path) -> None:
    """At every 512-byte boundary of the parts of the archive where something new begins."""
    data = archive(vectors, "ed25519-blank").read_bytes()
    ends, at = set(), 0
    for name, content in split(data):
        at += 512 + len(content) + -len(content) % 512
        if name.endswith(".event.json"):
            ends.add(at)
    cuts = [cut for cut in range(0, len(data), 512) if cut < 26000 or cut > len(data) - 21000]
    for cut in cuts:
        found = rules(check(data[:cut], tmp_path))
        assert found <= {"archivo-truncado", "cadena-huerfano", "cadena-vacia"}
        assert bool(found) == (cut not in ends), cut


def test_chunks_get_smaller_towards_the_end(vectors: Path) -> None:
    """So that no process is left alone with a large one; the ballots are all there, in order."""
    path, given = archive(vectors, "ed25519-100-ballots"), []

    def submit(chunk: Chunk) -> Future[ChunkResult]:
        given.append([height for height, _ in chunk.ballots])
        return here(chunk)

    with path.open("rb") as file:
        reading = Archive(file, path.stat().st_size)
        report = UrnCheck(reading, str(path), path.name, Options(), submit, workers=2).run()
    most = chunks.SIZE["nativa" if find_spec("certeza_native") else "libsodium"]
    sizes = [len(heights) for heights in given]
    assert report.verdict == "aceptado"
    assert [height for heights in given for height in heights] == list(range(1, 101))
    assert sizes == sorted(sizes, reverse=True)
    assert max(sizes) <= most
    assert sizes[-1] <= most // 4
