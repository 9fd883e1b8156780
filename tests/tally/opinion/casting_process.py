"""A process that casts ballots until it is killed: `python -m tests.tally.opinion.casting_process FILE SEED`.

It goes through all of them in an order of its own, from several threads, and tells each answer on a line. One
that was cast before it was killed gets the same receipt.
"""

from __future__ import annotations

import json
import random
import sys
import time
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from keys.errors import Refusal
from keys.group import group_named
from ledger.database import Database, open_engine
from tally.opinion.casting_sql import SqlCasting
from tally.opinion.ports import Voter
from tests.tally.opinion.polling import ID, Clock, Told, casting_over

THREADS = 4


def main() -> None:
    given = json.loads(Path(sys.argv[1]).read_text())
    database = Database(open_engine(given["url"]))
    clock = Clock(datetime.fromisoformat(given["now"]))
    casting = casting_over(database, group_named("Ed25519"), Told(), clock)
    work = list(enumerate(given["ballots"]))
    random.Random(sys.argv[2]).shuffle(work)
    say("listo")
    with ThreadPoolExecutor(THREADS) as pool:
        for line in pool.map(lambda one: answer(casting, clock, *one), work):
            say(line)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def answer(casting: SqlCasting, clock: Clock, number: int, ballot: list[str]) -> str:
    """The receipt of a ballot, or the rule that refused it; a database that is away is waited for."""
    person, data = ballot
    while True:
        try:
            receipt = casting.cast(ID, b64decode(data), Voter(person, ID, "sesion", clock()))
            return json.dumps([number, asdict(receipt)])
        except Refusal as refusal:
            return json.dumps([number, refusal.rule])
        except DBAPIError:
            time.sleep(0.05)


if __name__ == "__main__":
    main()
