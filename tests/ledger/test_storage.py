"""Every tile storage keeps the port's promises; the folder keeps them on a full disk too."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger import store_folder
from ledger.errors import StorageRefusal
from ledger.lock_sqlite import SqliteLock
from ledger.ports import TileStorage
from ledger.sequencer import Sequencer, create_log
from ledger.store_folder import FolderStorage

from .conftest import REPOSITORY
from .faults import MemoryStorage, audit, submissions
from .signing import IDENTITY

KINDS = ("folder", "memory", "object-local", "object-memory")


def made(kind: str, folder: Path) -> TileStorage:
    if kind == "folder":
        return FolderStorage(folder)
    if kind == "memory":
        return MemoryStorage()
    obstore = pytest.importorskip("obstore.store", reason="AVISO: falta obstore: NO se probó store_object")
    from ledger.store_object import ObjectStorage

    if kind == "object-local":
        return ObjectStorage(obstore.LocalStore(folder, mkdir=True), attributes=False)
    return ObjectStorage(obstore.MemoryStore(), prefix="bitacora/")


@pytest.fixture(params=KINDS)
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> TileStorage:
    return made(str(request.param), tmp_path / "log")


def test_resources_are_kept_and_never_changed(storage: TileStorage) -> None:
    files = {"tile/0/x001/000": b"a" * 8192, "tile/0/000.p/3": b"b" * 96, "tile/entries/000.p/3": b""}
    storage.put(files)
    storage.put(files)
    assert {path: storage.get(path) for path in files} == files
    with pytest.raises(StorageRefusal, match=r"tile/0/000\.p/3.*almacen\.distinto"):
        storage.put({"tile/0/000.p/3": b"c" * 96})
    assert storage.get("tile/0/000.p/3") == b"b" * 96


def test_what_is_missing_is_refused(storage: TileStorage) -> None:
    storage.put({"tile/0/000": b"x"})
    for path in ("checkpoint", "tile/0/000.p/3", "tile/1/000"):
        with pytest.raises(StorageRefusal, match=r"almacen\.falta"):
            storage.get(path)


def test_the_checkpoint_is_replaced(storage: TileStorage) -> None:
    for data in (b"uno", b"dos", b"dos"):
        storage.put_checkpoint("checkpoint", data)
        assert storage.get("checkpoint") == data


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "object-local"])
def test_signatures_are_added_only_to_the_checkpoint_that_was_read(kind: str, tmp_path: Path) -> None:
    storage = made(kind, tmp_path / "log")
    with pytest.raises(StorageRefusal, match=r"almacen\.falta"):
        storage.exchange_checkpoint("checkpoint", b"uno", b"dos")
    storage.put_checkpoint("checkpoint", b"uno")
    storage.exchange_checkpoint("checkpoint", b"uno", b"dos")
    with pytest.raises(StorageRefusal, match=r"almacen\.cambio"):
        storage.exchange_checkpoint("checkpoint", b"uno", b"tres")
    assert storage.get("checkpoint") == b"dos"


WRITING = """
import os, stat, sys
from pathlib import Path
from ledger import store_folder
def fsync(descriptor):
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        print("a medias", flush=True)
        sys.stdin.read()
storage = store_folder.FolderStorage(Path(sys.argv[1]))
store_folder.os.fsync = fsync
storage.put_checkpoint("checkpoint", b"uno")
"""


def test_another_process_leaves_alone_what_a_live_one_is_writing(tmp_path: Path) -> None:
    arguments = [sys.executable, "-c", WRITING, str(tmp_path / "log")]
    with subprocess.Popen(
        arguments, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "a medias\n"
        FolderStorage(tmp_path / "log").put_checkpoint("checkpoint", b"de otro proceso")
        assert len(list((tmp_path / ".log.tmp").iterdir())) == 1
        writer.communicate("")
    assert writer.returncode == 0
    assert (tmp_path / "log" / "checkpoint").read_bytes() == b"uno"
    assert list((tmp_path / ".log.tmp").iterdir()) == []


def test_an_earlier_process_of_the_same_number_holds_nothing(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path / "log")
    left = tmp_path / ".log.tmp" / f"{os.getpid()}-00000000-1"
    left.parent.mkdir()
    left.write_bytes(b"a medias")
    storage.put_checkpoint("checkpoint", b"uno")
    assert list(left.parent.iterdir()) == []


def test_deleting_is_quiet(storage: TileStorage) -> None:
    storage.put({"tile/0/000.p/3": b"x", "tile/0/000.p/4": b"y", "tile/0/000": b"z"})
    storage.delete(["tile/0/000.p/3", "tile/0/000.p/9", "tile/5/000.p/9"])
    storage.delete(["tile/0/000.p/4"])
    assert storage.get("tile/0/000") == b"z"
    with pytest.raises(StorageRefusal):
        storage.get("tile/0/000.p/3")
    storage.put({"tile/0/000.p/5": b"again"})


@pytest.mark.parametrize("kind", KINDS)
def test_a_log_over_every_storage(kind: str, tmp_path: Path) -> None:
    storage = made(kind, tmp_path / "log")
    lock = SqliteLock(tmp_path / "lock.db")
    create_log(storage, lock, IDENTITY)
    lock.release()
    acknowledged = {}
    for batch in submissions(1, 300, 5):
        lock = SqliteLock(tmp_path / "lock.db")
        sequencer = Sequencer(storage, lock, IDENTITY)
        acknowledged |= {s.key: o.index for s, o in zip(batch, sequencer.append(batch), strict=True)}  # type: ignore[union-attr]
        sequencer.close()
    assert len(audit(storage, acknowledged, [])) == 306


@pytest.mark.parametrize("path", ["", "/etc/x", "../x", "tile/../../x", "tile/.x", ".tmp/1"])
def test_the_folder_refuses_paths_outside(path: str, tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path / "log")
    with pytest.raises(StorageRefusal, match=r"almacen\.ruta"):
        storage.put({path: b"x"})
    with pytest.raises(StorageRefusal, match=r"almacen\.ruta"):
        storage.get(path)


FILES = {"tile/entries/000.p/2": b"e" * 50, "tile/0/000.p/2": b"h" * 64, "tile/1/x001/000": b"t" * 8192}


def on_nth(real: Callable[..., int], n: int, calls: list[str]) -> Callable[..., int]:
    def call(*arguments: object) -> int:
        calls.append(str(arguments))
        if len(calls) == n:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(*arguments)

    return call


@pytest.mark.parametrize("name", ["fsync", "open"])
def test_a_full_disk_leaves_whole_files_or_none(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Callable[..., int] = getattr(os, name)
    for n in range(1, 100):
        storage, calls = FolderStorage(tmp_path / str(n)), list[str]()
        monkeypatch.setattr(store_folder.os, name, on_nth(real, n, calls))
        try:
            storage.put(FILES)
            storage.put_checkpoint("checkpoint", b"c" * 200)
        except OSError as error:
            assert error.errno == errno.ENOSPC
        monkeypatch.undo()
        for path, data in (FILES | {"checkpoint": b"c" * 200}).items():
            target = tmp_path / str(n) / path
            assert not target.exists() or target.read_bytes() == data
        assert list((tmp_path / f".{n}.tmp").iterdir()) == []
        storage.put(FILES)
        storage.put_checkpoint("checkpoint", b"c" * 200)
        if len(calls) < n:
            break
    assert n > 6


def synced_folders(root: Path, monkeypatch: pytest.MonkeyPatch, put: Callable[[], None]) -> set[str]:
    """The folders, relative to `root`, that `put` has on the disk."""
    found: set[str] = set()
    real = os.fsync

    def fsync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            found.add(os.path.relpath(Path(f"/proc/self/fd/{descriptor}").readlink(), root))
        real(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(store_folder.os, "fsync", fsync)
        put()
    return found


def test_folders_that_a_crash_left_are_synced_before_they_are_relied_upon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "log" / "tile" / "0").mkdir(parents=True)  # made by a process that died before any fsync
    storage = FolderStorage(tmp_path / "log")
    first = synced_folders(tmp_path, monkeypatch, lambda: storage.put({"tile/0/000.p/1": b"h" * 32}))
    assert first >= {".", "log", "log/tile", "log/tile/0", "log/tile/0/000.p"}
    again = synced_folders(tmp_path, monkeypatch, lambda: storage.put({"tile/0/000.p/2": b"h" * 64}))
    assert again == {"log/tile/0/000.p"}


def test_files_are_on_disk_before_their_names_and_folders_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        published = [p for p in FILES if (tmp_path / "log" / p).exists()]
        synced.append(os.path.relpath(path, tmp_path / "log") if is_folder else f"file {len(published)}")
        real(descriptor)

    if not Path("/proc/self/fd").is_dir():
        pytest.skip("AVISO: sin /proc: NO se comprobó el orden de fsync")
    storage = FolderStorage(tmp_path / "log")
    monkeypatch.setattr(store_folder.os, "fsync", fsync)
    storage.put(FILES)
    assert [name for name in synced if name.startswith("file")] == ["file 0", "file 1", "file 2"]
    folders = {parent.as_posix() for path in FILES for parent in Path(path).parents}
    assert set(synced[synced.index("file 2") + 1 :]) == folders | {".."}
    synced.clear()
    storage.put(FILES)  # what an earlier crash may have left unsynced is made durable again
    assert set(synced) == {str(Path(path).parent) for path in FILES}


def test_a_file_system_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def link(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", link)
    storage = FolderStorage(tmp_path)
    storage.put(FILES)
    storage.put(FILES)
    assert {path: storage.get(path) for path in FILES} == FILES
    assert list((tmp_path.with_name(f".{tmp_path.name}.tmp")).iterdir()) == []


def test_readers_do_not_disturb_the_writer(tmp_path: Path) -> None:
    writer = FolderStorage(tmp_path)
    writer.put(FILES)
    (tmp_path.with_name(f".{tmp_path.name}.tmp") / "en curso").write_bytes(b"x")
    assert FolderStorage(tmp_path).get("tile/0/000.p/2") == FILES["tile/0/000.p/2"]
    assert (tmp_path.with_name(f".{tmp_path.name}.tmp") / "en curso").exists()
    FolderStorage(tmp_path).put_checkpoint("checkpoint", b"x")
    assert not (tmp_path.with_name(f".{tmp_path.name}.tmp") / "en curso").exists()
