"""The folder of a rehearsal: held by one at a time, and only ever taken from an earlier rehearsal."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.demo.screen import Screen
from keys.errors import FormatRefusal

MARK = ".ensayo-certeza"
"""A file that says that a folder was made by a rehearsal, so that another may replace its content."""
_TEXT = "Carpeta hecha por «certeza demo»; el siguiente ensayo reemplaza lo que hay en ella.\n"
_RULE = "ensayo.salida"


@contextmanager
def reserved(output: Path, screen: Screen, finished: str) -> Iterator[None]:
    """Hold `output`, empty, while a rehearsal runs. `finished`: the file that a whole one leaves last.

    The mark stays from the first instant on and carries the lock, which ends with the process, however that
    ends: after a crash the next rehearsal finds a folder that it may replace. Raises FormatRefusal, OSError.
    """
    _require_ours(output)
    output.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(output / MARK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _lock(descriptor, output)
        _clear(output, screen, finished)
        _sign(descriptor, output)
        try:
            yield
        except BaseException:
            screen.refusal(f"El ensayo quedó a medias en {output}; el siguiente lo borra y empieza de nuevo.")
            raise
    finally:
        os.close(descriptor)


def _require_ours(output: Path) -> None:
    if not output.exists():
        return
    if not output.is_dir():
        raise FormatRefusal(_RULE, str(output), "una carpeta", "otra cosa")
    if not (output / MARK).is_file() and any(output.iterdir()):
        raise FormatRefusal(_RULE, str(output), "una carpeta vacía o de otro ensayo", "otra cosa")


def _lock(descriptor: int, output: Path) -> None:
    # A record lock, unlike flock's, is not inherited by the worker processes that a crash may leave behind.
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise FormatRefusal(
            _RULE, str(output), "una carpeta que ningún otro ensayo use ahora", "otro ensayo en marcha"
        ) from None


def _sign(descriptor: int, output: Path) -> None:
    try:
        os.pwrite(descriptor, _TEXT.encode(), 0)
    except OSError as error:
        error.filename = str(output / MARK)
        raise


def _clear(output: Path, screen: Screen, finished: str) -> None:
    old = [path for path in output.iterdir() if path.name != MARK]
    if not old:
        return
    how = "" if (output / finished).is_file() else ", que quedó a medias"
    screen.fact(f"Se borra el ensayo anterior{how}: {output}")
    # What says that it is whole goes first: an interrupted removal must not look like a rehearsal.
    for path in sorted(old, key=lambda p: p.name != finished):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
