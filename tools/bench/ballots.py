"""One ballot: how long it takes to make, to accept and to verify; and what the peers need."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path

from keys.group import group_named
from keys.group.choice import native_present
from keys.randomness import SystemRandomness
from tally.archive import members
from tally.checking import BallotChecker
from tally.election import Election
from tally.encryption import BallotMaker
from tally.public_credentials import PublicCredentials
from tools.bench.archives import make_archive
from tools.bench.measure import median_of, median_program

VECTOR = Path(__file__).parents[2] / "tests/vectors/belenios/ed25519-100-ballots/fk29KZhf2DUSXC.bel"
BELENIOS_MS = 20.0
"""belenios-tool 2.5.1, milliseconds a ballot for the same archive on the same kind of machine, as published
with the vectors."""
PAILLIER_BITS = 2048
Row = tuple[str, float, str]
"""What, milliseconds, remark."""


def verification(folder: Path, seed: str, large: int) -> Iterator[Row]:
    """The verifier as a program, less what it needs for an archive of one ballot."""
    one = make_archive(folder / "1.bel", 1, 10, seed)
    many = make_archive(folder / f"{large}.bel", large, 10, seed)
    for arithmetic in arithmetics():
        base = ["--aritmetica", arithmetic, "--sin-progreso"]
        alone = median_program(["certeza-verify", "urna", one, "--procesos", "1", *base], cores=1)
        vector = median_program(["certeza-verify", "urna", VECTOR, "--procesos", "1", *base], cores=1)
        per_ballot = (vector.wall - alone.wall) / 99
        yield f"verify ed25519-100-ballots, {arithmetic}, one core", 1000 * per_ballot, _ratio(per_ballot)
        walls = {}
        for processes in (1, 2):
            run = median_program(
                ["certeza-verify", "urna", many, "--procesos", str(processes), *base], cores=processes, runs=1
            )
            walls[processes] = (run.wall - alone.wall) / (large - 1)
        yield f"verify {large} ballots, {arithmetic}, one core", 1000 * walls[1], _ratio(walls[1])
        speed = walls[1] / walls[2]
        yield (
            f"verify {large} ballots, {arithmetic}, two cores",
            1000 * walls[2],
            f"{speed:.2f} times one core",
        )


def acceptance() -> Iterator[Row]:
    """The server's own check, and the voter's encryption, in process, one core."""
    with VECTOR.open("rb") as stream:
        found = [m.content for m in members(stream, VECTOR.name)]
    ballots = [c for c in found if c.startswith(b'{"election_uuid"')]
    election = Election.from_bytes(found[1], "election")
    for arithmetic in arithmetics():
        group = group_named("Ed25519", arithmetic)  # type: ignore[arg-type]
        listed = PublicCredentials.from_bytes(group, found[3], "credentials")
        checker = BallotChecker(group, election, listed)
        some = ballots[:20]
        seconds = median_of(partial(_check_all, checker, some)) / len(some)
        yield f"accept a ballot of 10 or blank, {arithmetic}", 1000 * seconds, _ratio(seconds)
        maker = BallotMaker(group, election, SystemRandomness())
        make = partial(maker.make, "11111-111111-11111-111111", [[0, 1, *[0] * 9]])
        seconds = median_of(make, 15)
        yield f"encrypt, prove and sign a ballot of 10 or blank, {arithmetic}", 1000 * seconds, ""


def _check_all(checker: BallotChecker, ballots: list[bytes]) -> None:
    for data in ballots:
        checker.check(data, "boleta")


def belenios(folder: Path, seed: str) -> Iterator[Row]:
    """belenios-tool itself on this machine, where CERTEZA_BELENIOS_TOOL names one that knows Ed25519."""
    tool = os.environ.get("CERTEZA_BELENIOS_TOOL")
    if tool is None:
        print("AVISO: sin CERTEZA_BELENIOS_TOOL no se mide belenios-tool en esta máquina")
        return
    one = make_archive(folder / "1.bel", 1, 10, seed)
    walls = [_belenios_verify(tool, archive) for archive in (one, VECTOR)]
    seconds = (walls[1] - walls[0]) / 99
    yield "peer: belenios-tool verifies ed25519-100-ballots, one core", 1000 * seconds, "this machine"


def _belenios_verify(tool: str, archive: Path) -> float:
    """Seconds; it wants the archive alone in a folder, under the name of its election."""
    with tempfile.TemporaryDirectory() as place, archive.open("rb") as stream:
        uuid = Election.from_bytes([m.content for m in islice(members(stream, ""), 2)][1], "").uuid
        shutil.copy(archive, Path(place) / f"{uuid}.bel")
        return median_program([tool, "election", "verify", "--dir", place], cores=1).wall


def peers() -> Iterator[Row]:
    """Other ways to do it: Paillier of the `phe` package, without any proof."""
    try:
        from phe import paillier
    except ImportError:
        return
    public, _ = paillier.generate_paillier_keypair(n_length=PAILLIER_BITS)
    vector = [secrets.randbelow(2) for _ in range(11)]
    seconds = median_of(lambda: [public.encrypt(v) for v in vector], 3)
    remark = "no proofs, no threshold keys, no signature"
    yield f"encrypt 11 values with phe (Paillier, {PAILLIER_BITS} bits)", 1000 * seconds, remark


def arithmetics() -> list[str]:
    """Those that this machine has."""
    return ["nativa", "libsodium"] if native_present() else ["libsodium"]


def _ratio(seconds: float) -> str:
    return f"{BELENIOS_MS / (1000 * seconds):.1f} times belenios-tool's published {BELENIOS_MS:.0f} ms"


def temporary() -> Path:
    """A folder for archives that lives as long as the machine's temporary files."""
    folder = Path(tempfile.gettempdir()) / "certeza-bench"
    folder.mkdir(exist_ok=True)
    return folder
