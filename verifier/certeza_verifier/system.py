"""Files and streams of the person's own machine: what the system refused, in words; answers that arrive."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from pathlib import Path

from certeza_verifier.errors import NotJudged, shown

_REASONS = {
    errno.ENOENT: "no existe",
    errno.EACCES: "no hay permiso",
    errno.EPERM: "no hay permiso",
    errno.EROFS: "el medio es de solo lectura",
    errno.ENOSPC: "no queda espacio",
    errno.EDQUOT: "no queda espacio",
    errno.EISDIR: "es una carpeta",
    errno.ENOTDIR: "hay un archivo donde se esperaba una carpeta",
    errno.EEXIST: "ya existe",
    errno.EIO: "el medio no se puede leer o escribir",
    errno.ELOOP: "los enlaces dan vueltas",
    errno.ENAMETOOLONG: "el nombre es demasiado largo",
    errno.EMFILE: "hay demasiados archivos abiertos",
    errno.ENFILE: "hay demasiados archivos abiertos",
    errno.ECONNREFUSED: "nadie atiende en esa dirección",
    errno.ECONNRESET: "se cortó la conexión",
    errno.EPIPE: "quien leía cerró",
    errno.EBADF: "está cerrado",
}


def reason(error: BaseException) -> str:
    """Why the system refused, without the name of the file."""
    if isinstance(error, TimeoutError):
        return "no contestó a tiempo"
    number = error.errno if isinstance(error, OSError) else None
    known = _REASONS.get(number or 0)
    return known or (f"el sistema no lo permitió (error {number})" if number else shown(str(error)))


def require_regular(path: Path) -> None:
    """Raises NotJudged for what is not a file: a device or a pipe has no end, or waits for one."""
    if path.exists() and not path.is_file():
        what = "es una carpeta" if path.is_dir() else "es un dispositivo o una tubería"
        raise NotJudged(f"{shown(str(path))} no es un archivo: {what}.")


def require_folder(path: Path) -> None:
    """Raises NotJudged for what is not a folder."""
    if not path.is_dir():
        raise NotJudged(f"{shown(str(path))} {'no es una carpeta' if path.exists() else 'no existe'}.")


def read_whole(path: Path, limit: int) -> bytes:
    """A file of at most `limit` bytes. Raises NotJudged, or OSError when it cannot be read."""
    require_regular(path)
    with path.open("rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise NotJudged(f"{shown(str(path))} es mayor que {limit} bytes.")
    return data


def replace(path: Path, data: bytes) -> None:
    """Writes a file whole or not at all; what was there stays when it cannot. Raises OSError."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.nuevo")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def forgiving_streams() -> None:
    """Characters that the terminal's alphabet lacks are shown as «?»: a message is never an error."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def deliver(data: bytes) -> None:
    """Writes to stdout and sees that it arrives. Raises OSError."""
    if sys.stdout is None:
        raise OSError(errno.EBADF, "")
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except OSError:
        _drop_output()
        raise


def warn(text: str) -> None:
    """A line to stderr, when there is one."""
    with contextlib.suppress(OSError):
        if sys.stderr is not None:
            sys.stderr.write(f"{text}\n")
            sys.stderr.flush()


def _drop_output() -> None:
    """What is left in the buffer goes nowhere, so that nothing complains when the program ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
