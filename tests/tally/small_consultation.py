"""A closed consultation of two urns in a folder, for tests of the opening: 2 of 3 trustees, five ballots."""

from __future__ import annotations

from pathlib import Path

from keys import credentials
from keys.group import Group
from keys.randomness import SeededRandomness
from tally.archive import sha256
from tally.casting import OpenUrna
from tally.closing import close
from tally.consultation import Consultation, LogReference, trustees_part
from tally.encryption import BallotMaker
from tally.participation import Participants
from tally.public_credentials import derive
from tally.public_folder import PublicFolder
from tally.setup import Unidad, election_of, open_archive
from tally.store_files import FileArchive
from tests.tally.making import CALENDAR, DURING, TIMESTAMP, Board, hold_ceremony

ID = "prueba-2023"
UNIDADES = (
    Unidad("01-001", "Norte", "UNO", ("Parque", "Luz")),
    Unidad("01-002", "Sur", "UNO", ("Agua", "Cancha", "Huerto")),
)
VOTES = {"01-001": (1, 2, 0), "01-002": (3, 3)}
"""Per urn the marked answer of each person, 0 is blank."""
RESULTS = {"01-001": [[1, 1, 1]], "01-002": [[0, 0, 0, 2]]}


def make_closed(group: Group, root: Path, k: int = 1) -> tuple[Board, Consultation]:
    """Everything up to the encrypted tallies, as the public folder has it. With k = 1 no urn is small."""
    board = hold_ceremony(group, 3, 2)
    part = trustees_part(group, board.trustees, ["Presidencia", "Consejería 1", "Consejería 2"])
    folder = PublicFolder(root)
    setups = {u.clave: _urn(group, folder, board, u, part["llave_publica"]) for u in UNIDADES}
    consultation = Consultation(
        id=ID,
        nombre="Consulta",
        calendar=CALENDAR,
        bitacora=LogReference("log.example+01234567+AQ==", sha256(b"politica")),
        unidades=UNIDADES,
        setups=setups,
        k=k,
        **part,
    )
    folder.write(folder.trustees_file, board.trustees.encode())
    folder.write(folder.consultation_file, consultation.data)
    return board, consultation


def _urn(group: Group, folder: PublicFolder, board: Board, unidad: Unidad, key: str) -> str:
    random = SeededRandomness(unidad.clave)
    election = election_of(ID, "Consulta", unidad, group, key)
    private = [credentials.generate(random) for _ in VOTES[unidad.clave]]
    public = derive(group, election.uuid, private)
    link = open_archive(group, election, board.trustees.encode(), public, TIMESTAMP)
    persons = [(election.uuid, c, f"{unidad.clave}/{i}") for i, c in enumerate(public)]
    with FileArchive.create(folder.urn_file(unidad), link.blocks) as store:
        urn = OpenUrna(group, store, CALENDAR, Participants(persons))
        maker = BallotMaker(group, election, random)
        for secret, mark in zip(private, VOTES[unidad.clave], strict=True):
            size = election.questions[0].size
            urn.cast(maker.make(secret, [[int(i == mark) for i in range(size)]]).data, DURING)
        close(group, store, unidad.clave)
    return link.event.hash
