"""What was acknowledged survives crashes, full disks and second writers; damage is told from crashes."""

from __future__ import annotations

import io
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keys.group import Group
from tally.errors import StoreBusy, StoreDamaged, StoreError, StoreMoved
from tally.store_files import FileArchive, write_atomically
from tests.tally.making import four_voters, make_election, steps_of

ROOT = Path(__file__).parents[2]
TORN = "*.cola-*"


def ends(archive: bytes) -> list[int]:
    """Offset after each event."""
    return [step.end for step in steps_of(archive)]


@pytest.fixture(scope="session")
def archive(fast: Group) -> bytes:
    """Setup and four ballots."""
    whole = four_voters(fast).archive
    return whole[: ends(whole)[4]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "UT-1.bel"


def append(archive: bytes, index: int) -> tuple[bytes, bytes]:
    """(the archive before event `index`, the blocks of the event)."""
    at = ends(archive)
    return archive[: at[index - 1]], archive[at[index - 1] : at[index]]


def test_create_append_replace_and_read(path: Path, archive: bytes) -> None:
    before, blocks = append(archive, 4)
    with FileArchive.create(path, before) as store:
        store.append(len(before), blocks)
        assert store.size == len(archive)
        with store.read() as stream:
            assert stream.read() == archive == path.read_bytes()
    with FileArchive(path) as store:
        assert store.size == len(archive)


@pytest.mark.parametrize("how", ["append", "append_atomically"])
def test_what_was_read_to_another_end_adds_nothing(path: Path, archive: bytes, how: str) -> None:
    before, blocks = append(archive, 4)
    with FileArchive.create(path, before) as store:
        for end in (0, len(before) - 512, len(archive)):
            with pytest.raises(StoreMoved, match=f"se leyó hasta el byte {end} y ahora tiene {len(before)}"):
                getattr(store, how)(end, blocks)
        assert path.read_bytes() == before
        getattr(store, how)(len(before), blocks)
        assert path.read_bytes() == archive


def test_create_never_overwrites(path: Path, archive: bytes) -> None:
    FileArchive.create(path, archive).close()
    with pytest.raises(StoreError):
        FileArchive.create(path, b"otra cosa")
    assert path.read_bytes() == archive


def test_a_missing_archive_is_an_error_of_the_store(path: Path) -> None:
    with pytest.raises(StoreError):
        FileArchive(path)


def test_a_second_writer_is_told_that_it_is_busy(path: Path, archive: bytes) -> None:
    before, blocks = append(archive, 4)
    with FileArchive.create(path, before) as first:
        with pytest.raises(StoreBusy):
            FileArchive(path)
        first.append(len(before), blocks)
        with pytest.raises(StoreBusy):
            FileArchive(path)
        first.append_atomically(first.size, b"")
        with pytest.raises(StoreBusy):
            FileArchive(path)
    FileArchive(path).close()


def test_a_writer_in_another_process_is_told_that_it_is_busy(path: Path, archive: bytes) -> None:
    code = f"from pathlib import Path; from tally.store_files import FileArchive as F; F(Path({str(path)!r}))"
    with FileArchive.create(path, archive):
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
        )
    assert "StoreBusy" in done.stderr
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def reopened(path: Path) -> int:
    with FileArchive(path) as store:
        return store.size


def test_a_tail_torn_at_any_byte_is_cut_and_kept_aside(path: Path, archive: bytes) -> None:
    before, blocks = append(archive, 4)
    cuts = [*range(0, len(blocks), 37), *range(505, 520), len(blocks) - 513, len(blocks) - 1]
    for cut in cuts:
        path.write_bytes(before + blocks[:cut])
        assert reopened(path) == len(before)
        assert path.read_bytes() == before
        kept = list(path.parent.glob(TORN))
        assert [k.read_bytes() for k in kept] == ([blocks[:cut]] if cut else [])
        for file in kept:
            file.unlink()


def test_a_tail_with_blocks_that_were_never_written_is_cut(path: Path, archive: bytes) -> None:
    before, blocks = append(archive, 4)
    starts = range(0, len(blocks), 512)
    for start in (*list(starts)[::3], starts[-1]):
        path.write_bytes(before + blocks[:start] + bytes(512) + blocks[start + 512 :])
        assert reopened(path) == len(before)
        path.write_bytes(before + blocks[:start] + bytes(len(blocks) - start))
        assert reopened(path) == len(before)


def test_the_folder_for_torn_tails_may_be_another(path: Path, archive: bytes, tmp_path: Path) -> None:
    before, blocks = append(archive, 4)
    path.write_bytes(before + blocks[:700])
    FileArchive(path, tmp_path / "aparte").close()
    assert [p.name for p in (tmp_path / "aparte").iterdir()] == [f"UT-1.bel.cola-{len(before)}"]
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["UT-1.bel"]


@settings(max_examples=150)
@given(at=st.integers(0, 2**30), bit=st.integers(0, 7))
def test_a_turned_bit_is_damage_wherever_it_is(
    tmp_path_factory: pytest.TempPathFactory, archive: bytes, at: int, bit: int
) -> None:
    path = tmp_path_factory.mktemp("bits") / "UT-1.bel"
    damaged = bytearray(archive)
    damaged[at % len(archive)] ^= 1 << bit
    path.write_bytes(damaged)
    with pytest.raises(StoreDamaged):
        FileArchive(path)
    assert path.read_bytes() == damaged
    assert not list(path.parent.glob(TORN))


def test_damage_of_every_block_is_refused_and_changes_nothing(path: Path, archive: bytes) -> None:
    for start in range(0, len(archive), 512):
        damaged = archive[:start] + b"\xff" * 512 + archive[start + 512 :]
        path.write_bytes(damaged)
        with pytest.raises(StoreDamaged):
            FileArchive(path)
        assert path.read_bytes() == damaged


def test_blocks_lost_before_the_last_append_are_damage(path: Path, archive: bytes) -> None:
    """Whatever is lost, while events that were acknowledged follow: never shortened."""
    at = ends(archive)
    for start in range(0, at[3], 512):
        for damaged in (
            archive[:start] + bytes(512) + archive[start + 512 :],
            archive[:start] + archive[start + 512 :],
        ):
            path.write_bytes(damaged)
            with pytest.raises(StoreDamaged):
                FileArchive(path)
            assert path.read_bytes() == damaged


def test_what_is_no_archive_is_damage(path: Path) -> None:
    for data in (b"", b"x", bytes(512), b"x" * 5000):
        path.write_bytes(data)
        with pytest.raises(StoreDamaged):
            FileArchive(path)


CHILD = """
import json, sys
from pathlib import Path
from tally.store_files import FileArchive
from tests.tally.making import steps_of
path, source = map(Path, sys.argv[1:])
whole = source.read_bytes()
ends = [s.end for s in steps_of(whole)]
with FileArchive(path) as store:
    print("abierto", store.size, flush=True)
    for before, after in zip(ends, ends[1:]):
        if after > store.size:
            {write}
            print("hecho", store.size, flush=True)
print("fin", flush=True)
"""


def run_and_kill(write: str, path: Path, source: Path, wait: float | None) -> list[list[str]]:
    """Lines that a child printed before it was killed after its line number `wait` (None: never)."""
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD.format(write=write), str(path), str(source)],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    lines = [child.stdout.readline()]
    if wait is not None:
        try:
            child.wait(wait)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
    lines += child.stdout.read().splitlines()
    child.wait()
    return [line.split() for line in lines if line.strip()]


@pytest.fixture(scope="session")
def long_archive(fast: Group, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty ballots, not closed."""
    made = make_election(fast, [[[0, 1, 0]]] * 60, seed="larga", uuid="CertezaTest3333")
    path = tmp_path_factory.mktemp("larga") / "larga.bel"
    path.write_bytes(made.archive[: ends(made.archive)[60]])
    return path


@pytest.mark.req("SEI-28")
@pytest.mark.parametrize("write", ["append", "append_atomically"])
def test_nothing_acknowledged_is_lost_when_the_writer_is_killed(
    fast: Group, path: Path, long_archive: Path, write: str
) -> None:
    whole = long_archive.read_bytes()
    source = random.Random(f"muertes {write}")
    call = {
        "append": "store.append(before, whole[before:after])",
        "append_atomically": "store.append_atomically(before, whole[before:after])",
    }[write]
    interrupted = 0
    for _ in range(60):  # on a busy machine many end before they are killed, and begin anew
        if not path.exists() or path.stat().st_size == len(whole):
            path.unlink(missing_ok=True)
            FileArchive.create(path, whole[: ends(whole)[0]]).close()
        lines = run_and_kill(call, path, long_archive, source.uniform(0, 0.05))
        acknowledged = max(int(line[1]) for line in lines if line[0] in ("abierto", "hecho"))
        interrupted += lines[-1] != ["fin"]
        size = reopened(path)
        assert size >= acknowledged
        assert path.read_bytes() == whole[:size]
        assert size in ends(whole)
        assert [p.name for p in path.parent.iterdir() if p != path and ".cola-" not in p.name] == []
        if interrupted == 12:
            break
    assert interrupted > 0
    run_and_kill(call, path, long_archive, None)
    assert path.read_bytes() == whole
    made = make_election(fast, [[[0, 1, 0]]] * 60, seed="larga", uuid="CertezaTest3333")
    assert made.audit(path.read_bytes()).ballots == 60


LIMITED = """
import resource, sys
from pathlib import Path
from tally.errors import StoreError
from tally.store_files import FileArchive
path, blocks, room, how = Path(sys.argv[1]), Path(sys.argv[2]).read_bytes(), int(sys.argv[3]), sys.argv[4]
with FileArchive(path) as store:
    size = store.size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + room, size + room))
    try:
        getattr(store, how)(size, blocks)
    except StoreError as error:
        print("StoreError", store.size == size)
"""


@pytest.mark.parametrize("how", ["append", "append_atomically"])
@pytest.mark.parametrize("room", [0, 1, 512, 700])
def test_a_full_disk_is_an_error_and_changes_nothing(
    path: Path, archive: bytes, tmp_path: Path, room: int, how: str
) -> None:
    before, blocks = append(archive, 4)
    FileArchive.create(path, before).close()
    extra = tmp_path / "bloques"
    extra.write_bytes(blocks)
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(path), str(extra), str(room), how],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["StoreError", "True"], done.stderr
    assert path.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["UT-1.bel", "bloques"]
    with FileArchive(path) as store:
        store.append(len(before), blocks)
    assert path.read_bytes() == archive


def test_after_a_failed_append_the_next_one_succeeds(
    path: Path, archive: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, blocks = append(archive, 4)
    with FileArchive.create(path, before) as store:
        monkeypatch.setattr("os.fsync", _no_space)
        with pytest.raises(StoreError, match="no queda espacio"):
            store.append(len(before), blocks)
        assert path.read_bytes() == before
        monkeypatch.undo()
        store.append(len(before), blocks)
    assert path.read_bytes() == archive


def _no_space(handle: int) -> None:
    import errno

    raise OSError(errno.ENOSPC, "No space left on device")


def test_an_append_whose_undoing_failed_leaves_no_rest_behind_the_next(
    path: Path, archive: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk fails twice; then a shorter append follows in the same place."""
    before, blocks = append(archive, 4)
    with FileArchive.create(path, before) as store:
        monkeypatch.setattr("os.fsync", _no_space)
        monkeypatch.setattr("os.truncate", lambda *_: _no_space(0))
        with pytest.raises(StoreError):
            store.append(len(before), blocks + bytes(4096))
        monkeypatch.undo()
        store.append(len(before), blocks)
        with store.read() as stream:
            assert stream.read() == archive


def test_write_atomically_replaces_whole_files(tmp_path: Path) -> None:
    target = tmp_path / "nueva" / "consulta.json"
    write_atomically(target, b"uno")
    write_atomically(target, b"dos")
    assert target.read_bytes() == b"dos"
    assert [p.name for p in target.parent.iterdir()] == ["consulta.json"]


def test_the_store_audits_as_it_stands(fast: Group, path: Path) -> None:
    made = four_voters(fast)
    with FileArchive.create(path, made.archive) as store, store.read() as stream:
        assert made.auditor.audit(io.BytesIO(stream.read()), "urna").votes == made.votes
