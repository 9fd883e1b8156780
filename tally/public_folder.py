"""The public folder of a consultation (docs/formats.md): where everything lies, read and written whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from keys.errors import FormatRefusal
from keys.system_error import reason
from tally.consultation import Consultation, Urn
from tally.errors import StoreError
from tally.setup import Unidad
from tally.store_files import FileArchive, write_atomically

_CLAVE = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,31}", re.ASCII)


def require_clave(clave: str, place: str) -> str:
    """A clave that is safe as a file name. Raises FormatRefusal."""
    if not _CLAVE.fullmatch(clave):
        raise FormatRefusal("consulta.clave", place, "letras, cifras y guiones, a lo más 32", clave)
    return clave


class PublicFolder:
    """Paths, whole-file reads and writes. Raises StoreError for the disk, FormatRefusal for forms."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def consultation_file(self) -> Path:
        return self.root / "consulta.json"

    @property
    def trustees_file(self) -> Path:
        return self.root / "trustees.json"

    def urn_file(self, unidad: Unidad) -> Path:
        return self.root / "urna" / f"{require_clave(unidad.clave, 'clave')}.bel"

    def acta_file(self, unidad: Unidad, suffix: str = ".json") -> Path:
        return self.root / "actas" / f"{require_clave(unidad.clave, 'clave')}{suffix}"

    @property
    def mesa_keys_file(self) -> Path:
        return self.root / "mesas" / "llaves.json"

    def mesa_file(self, unidad: Unidad) -> Path:
        return self._of("mesas", unidad)

    def sum_file(self, unidad: Unidad) -> Path:
        return self._of("sumas", unidad)

    def opened_sum_file(self, unidad: Unidad) -> Path:
        return self._of("sumas-abiertas", unidad)

    def _of(self, folder: str, unidad: Unidad) -> Path:
        return self.root / folder / f"{require_clave(unidad.clave, 'clave')}.json"

    def consultation(self) -> Consultation:
        """The consultation that the folder holds."""
        return Consultation.from_bytes(self.read(self.consultation_file), "consulta.json")

    def trustees(self) -> bytes:
        """The bytes of trustees.json."""
        return self.read(self.trustees_file)

    @property
    def aside(self) -> Path:
        """Beside the public folder, never in it: what a crash left torn."""
        return self.root.with_name(f"{self.root.name}.apartado")

    @property
    def unfinished(self) -> Path:
        """Where the folders within put temporary files: a crash leaves none where files are counted."""
        return self.root / ".documentos.tmp"

    def create_archive(self, unidad: Unidad, blocks: bytes) -> None:
        """The archive of a new urn."""
        FileArchive.create(self.urn_file(unidad), blocks, self.aside, self.unfinished).close()

    def archive(self, unidad: Unidad) -> FileArchive:
        """The archive of one urn, open for writing."""
        return FileArchive(self.urn_file(unidad), self.aside)

    @contextmanager
    def open_urn(self, urn: Urn) -> Iterator[BinaryIO]:
        """The archive of one urn, to read."""
        try:
            with self.urn_file(urn.unidad).open("rb") as stream:
                yield stream
        except OSError as error:
            raise StoreError(str(self.urn_file(urn.unidad)), reason(error)) from error

    def read(self, path: Path) -> bytes:
        """One whole file."""
        try:
            return path.read_bytes()
        except OSError as error:
            raise StoreError(str(path), reason(error)) from error

    def write(self, path: Path, data: bytes) -> None:
        """One whole file, atomically."""
        inside = path.is_relative_to(self.root) and path.parent != self.root
        write_atomically(path, data, self.unfinished if inside else None)
