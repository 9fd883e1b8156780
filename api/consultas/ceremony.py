"""The key ceremony over HTTP: the same folder, messages and checks as `certeza ceremonia` (docs/ceremony.md).

Each custodio works with `certeza custodio` on an own machine: takes a copy of the folder, and hands in one
file a step. The service is the coordinator: it never sees a secret.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from keys.ceremony import acta, coordinator, rehearsal_folder
from keys.ceremony.announcement import Announcement, announce
from keys.ceremony.channel import CeremonyRefusal
from keys.ceremony.folder import ANNOUNCEMENT, RESULT, CeremonyFolder, inbox_name, open_ceremony
from keys.ceremony.rehearsal import read_answer, read_challenge
from keys.ceremony.states import Ceremony, Kind, State
from keys.ceremony.terms import Terms
from keys.randomness import SystemRandomness
from tally.acta import written
from tally.consulta.cronograma import local
from tally.consulta.errors import ConsultaRefusal, NoConsulta
from tally.consulta.store_sql import Consulta

ACTA, ACTA_TEXT = "acta.json", "acta.txt"
MAX_MESSAGE = 8 * 2**20
_SECRET = rehearsal_folder.OPENING


def require_announced(folder: CeremonyFolder) -> None:
    """Raises NoConsulta before the ceremony is announced."""
    if folder.read(ANNOUNCEMENT) is None:
        raise NoConsulta("ceremonia.anuncio", "ceremonia", "una ceremonia anunciada", "ninguna")


def begin(folder: CeremonyFolder, consulta: Consulta, names: list[str]) -> Announcement:
    """Announce the ceremony of a consultation. Raises ConsultaRefusal when one was."""
    if folder.read(ANNOUNCEMENT) is not None:
        raise ConsultaRefusal("ceremonia.anuncio", consulta.id, "una consulta sin ceremonia", "una anunciada")
    made = announce(Terms(consulta.grupo, len(names), consulta.umbral), names, SystemRandomness())
    folder.write(ANNOUNCEMENT, made.encode())
    return made


def receive(folder: CeremonyFolder, kind: Kind, index: int, data: bytes, now: datetime) -> Ceremony:
    """Take a custodio's message and lead the ceremony on; what is refused is kept nowhere. Raises Refusal.

    The same bytes again change nothing; other bytes for a step that was accepted are refused.
    """
    name = inbox_name(kind, index)
    _, before = open_ceremony(folder)
    data = data.removesuffix(b"\n")
    before.receive(kind, index, data, name)
    folder.write(name, data)
    found = coordinator.advance(folder)
    if found.ceremony.state is not State.CERTIFICATES:
        write_acta(folder, found.announcement, found.ceremony, now)
    return found.ceremony


def write_acta(folder: CeremonyFolder, announcement: Announcement, ceremony: Ceremony, now: datetime) -> None:
    """The acta, with the fingerprints to be read aloud."""
    made = acta.ceremony_acta(announcement, ceremony, instant(now))
    folder.write(ACTA, acta.encode(made))
    folder.write(ACTA_TEXT, acta.ceremony_text(made).encode())


def fingerprints(ceremony: Ceremony) -> dict[int, str]:
    """Of the certificates, by index."""
    return {one.context.index: one.fingerprint for one in ceremony.certificates}


def start_rehearsal(folder: CeremonyFolder, *, anew: bool) -> None:
    """A number that the custodios recover together. `anew`: the rehearsal before is set aside."""
    _, ceremony = open_ceremony(folder)
    trustees = ceremony.trustees
    if anew:
        rehearsal_folder.set_aside(folder)
    if folder.read(rehearsal_folder.CHALLENGE) is not None:
        raise ConsultaRefusal("ensayo.reto", "ensayo", "un ensayo por empezar", "uno empezado")
    rehearsal_folder.start(folder, ceremony.group, trustees, SystemRandomness())


def take_answer(folder: CeremonyFolder, index: int, data: bytes) -> None:
    """A custodio's answer to the rehearsal. What is refused is kept nowhere. Raises Refusal."""
    _, ceremony = open_ceremony(folder)
    group, trustees = ceremony.group, ceremony.trustees
    known = folder.read(rehearsal_folder.CHALLENGE)
    if known is None:
        raise NoConsulta("ensayo.reto", "ensayo", "un ensayo empezado", "ninguno")
    challenge = read_challenge(group, trustees, known, rehearsal_folder.CHALLENGE)
    name = rehearsal_folder.answer_name(index)
    read_answer(group, trustees, challenge, index, data, name)
    folder.write(name, data)


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """How a rehearsal ended. `passed`: enough custodios recovered the number."""

    passed: bool
    acta: bytes


def end_rehearsal(folder: CeremonyFolder, now: datetime) -> Rehearsed:
    """Count the answers and write the acta. Raises Refusal."""
    announcement, ceremony = open_ceremony(folder)
    if folder.read(rehearsal_folder.CHALLENGE) is None:
        raise NoConsulta("ensayo.reto", "ensayo", "un ensayo empezado", "ninguno")
    found = rehearsal_folder.collect(folder, announcement, ceremony.group, ceremony.trustees)
    made = acta.rehearsal_acta(
        announcement,
        found.challenge,
        found.opening,
        list(found.answers),
        found.refused,
        found.recovered,
        instant(now),
    )
    folder.write(rehearsal_folder.ACTA, acta.encode(made))
    text = acta.rehearsal_text(made, announcement.names)
    folder.write(rehearsal_folder.ACTA_TEXT, text.encode())
    return Rehearsed(bool(made["superado"]), acta.encode(made))


def trustees_of(folder: CeremonyFolder) -> bytes:
    """The bytes of trustees.json. Raises CeremonyRefusal until the ceremony is complete."""
    data = folder.read(RESULT)
    if data is None:
        raise CeremonyRefusal("ceremonia.estado", RESULT, "una ceremonia completa", "una incompleta")
    return data


def copy_of(folder: CeremonyFolder) -> bytes:
    """The folder as an archive (tar) for a custodio's machine: all of it but the rehearsal's number."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, data in files_of(folder):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return target.getvalue()


def files_of(folder: CeremonyFolder) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of what travels, sorted."""
    for path in sorted(folder.root.rglob("*")):
        name = path.relative_to(folder.root).as_posix()
        hidden = any(part.startswith(".") for part in path.relative_to(folder.root).parts)
        if path.is_file() and not hidden and path.name != _SECRET.rpartition("/")[2]:
            data = folder.read(name)
            if data is not None:
                yield name, data


def instant(now: datetime) -> str:
    """As the actas write it: the clock of Mexico City, whole seconds."""
    return written(local(now).replace(microsecond=0))
