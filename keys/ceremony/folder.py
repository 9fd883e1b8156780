"""The folder that travels on a stick. Anyone may have written to it: whatever is read is checked elsewhere.

docs/ceremony.md draws it. Trustees write to `buzon/`; all the rest is the coordinator's.
"""

from __future__ import annotations

import re
from pathlib import Path

from keys import atomic_file
from keys.ceremony.announcement import Announcement
from keys.ceremony.channel import CeremonyRefusal
from keys.ceremony.states import Ceremony, Kind, State

MAX_BYTES = 8 * 2**20
ANNOUNCEMENT = "ceremonia.json"
INBOX = "buzon"
ACCEPTED = "aceptados"
GAMMA = "certificados.jsons"
VINPUTS = "entradas"
RESULT = "trustees.json"
_NAME = re.compile(rf"({'|'.join(k.value for k in Kind)})-([1-9][0-9]?)\.json", re.ASCII)


class CeremonyFolder:
    """Names and bytes; no meaning."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def read(self, name: str) -> bytes | None:
        """The bytes of a regular file, or None when there is none of that name."""
        path = self.root / name
        if not path.exists():
            return None
        if not path.is_file():
            raise CeremonyRefusal("ceremonia.carpeta", str(path), "un archivo", "otra cosa")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise CeremonyRefusal("ceremonia.carpeta.tamaño", str(path), f"hasta {MAX_BYTES} bytes", "más")
        return data

    def require(self, name: str, who: str) -> bytes:
        """`read`, refusing absence: `who` is expected to have written it."""
        data = self.read(name)
        if data is None:
            raise CeremonyRefusal(
                "ceremonia.carpeta.falta", str(self.root / name), f"un archivo que escribe {who}", "nada"
            )
        return data

    def write(self, name: str, data: bytes, mode: int = atomic_file.PUBLIC) -> bool:
        """Write a file unless it has these bytes already. Returns whether it was written."""
        path = self.root / name
        if path.is_file() and self.read(name) == data:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic_file.replace(path, data, mode)
        return True

    def announcement(self) -> Announcement:
        data = self.require(ANNOUNCEMENT, "quien coordina, con «certeza ceremonia iniciar»")
        return Announcement.decode(data, ANNOUNCEMENT)

    def received(self, kind: Kind, index: int) -> bytes | None:
        """What a trustee left in the inbox; a final line feed, as belenios-tool writes, is dropped."""
        data = self.read(inbox_name(kind, index))
        return None if data is None else data.removesuffix(b"\n")

    def strangers(self) -> list[str]:
        """Names in the inbox that no step uses, temporary files apart."""
        folder = self.root / INBOX
        if not folder.is_dir():
            return []
        size = self.announcement().terms.size
        return sorted(
            p.name
            for p in folder.iterdir()
            if not p.name.startswith(".") and not ((m := _NAME.fullmatch(p.name)) and int(m.group(2)) <= size)
        )


def inbox_name(kind: Kind, index: int) -> str:
    """Where trustee `index` leaves a message."""
    return f"{INBOX}/{kind.value}-{index}.json"


def accepted_name(kind: Kind, index: int) -> str:
    """Where the coordinator keeps the message that was accepted."""
    return f"{ACCEPTED}/{kind.value}-{index}.json"


def vinput_name(index: int) -> str:
    """Where the coordinator leaves what trustee `index` must verify."""
    return f"{VINPUTS}/{index}.json"


def open_ceremony(folder: CeremonyFolder) -> tuple[Announcement, Ceremony]:
    """Rebuild the state from the accepted messages, by the same checks that accepted them."""
    announcement = folder.announcement()
    ceremony = Ceremony(announcement.group(), announcement.terms)
    for kind in Kind:
        for index in announcement.terms.indices():
            name = accepted_name(kind, index)
            data = folder.read(name)
            if data is not None:
                ceremony.receive(kind, index, data, name)
    return announcement, ceremony


def publish(folder: CeremonyFolder, ceremony: Ceremony) -> list[str]:
    """Write what the present state makes known. Returns the names written now."""
    files: dict[str, bytes] = {}
    if ceremony.state is not State.CERTIFICATES:
        files[GAMMA] = ceremony.gamma()
    if ceremony.state in (State.VERIFICATIONS, State.COMPLETE):
        files |= {vinput_name(i): ceremony.vinput(i) for i in ceremony.terms.indices()}
    if ceremony.state is State.COMPLETE:
        files[RESULT] = ceremony.trustees.encode()
    return [name for name, data in files.items() if folder.write(name, data)]
