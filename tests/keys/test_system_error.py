"""What the system refuses is told in Spanish, with the name of the file that the person knows."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from keys import atomic_file
from keys.system_error import reason
from tally.errors import StoreError
from tally.public_folder import PublicFolder


@pytest.mark.parametrize("number", [errno.ENOENT, errno.ENOSPC, errno.ELOOP, errno.ENAMETOOLONG, errno.EXDEV])
def test_no_english_reaches_the_person(number: int) -> None:
    said = reason(OSError(number, os.strerror(number)))
    assert os.strerror(number) not in said
    assert said


def test_missing_public_file_is_named_in_spanish(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"consulta\.json: no existe"):
        PublicFolder(tmp_path).consultation()


@pytest.mark.parametrize("write", [atomic_file.create, atomic_file.replace])
def test_full_disk_names_the_file_and_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: object
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space") as caught:
        write(tmp_path / "llave.age", b"secreto")  # type: ignore[operator]
    assert caught.value.filename == str(tmp_path / "llave.age")
    assert list(tmp_path.iterdir()) == []
