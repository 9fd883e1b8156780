"""Witnesses of the consultation's log, each answering over HTTP; of the three the party's is down.

What answers is what `certeza testigo servir` runs.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

import uvicorn

from api.cli.serving import configuration
from api.demo.witnesses import DOWN, NAMES, QUORUM
from ledger.policy import Group, Log, Policy
from ledger.policy import Witness as KnownWitness
from ledger.policy_text import encode_policy
from ledger.vkey import COSIGNATURE_ED25519, VerifierKey
from ledger.witness import Witness
from ledger.witness_folder import create_witness, open_memory
from ledger.witness_server import WitnessApp

LOOPBACK = "127.0.0.1"
POLICY = "consultas.politica"


@contextmanager
def running_witnesses(
    folder: Path, log: VerifierKey, clock: Callable[[], datetime], policies: Path
) -> Iterator[Policy]:
    """They follow `log` while the block runs; the service finds whom to ask in `policies`."""
    with ExitStack() as stack:
        known = []
        for name in NAMES:
            keys = create_witness(folder / name, f"{name}.example/testigo", [COSIGNATURE_ED25519])
            memory = open_memory(folder / name)
            memory.add_log(log.name, log)
            app = WitnessApp(Witness(keys, memory, lambda: int(clock().timestamp())))
            listening = socket.create_server((LOOPBACK, 0))
            address = f"http://{LOOPBACK}:{listening.getsockname()[1]}"
            if name == DOWN:
                listening.close()
            else:
                stack.enter_context(_answering(app, listening))
            known.append(KnownWitness(name, keys[0].key, address))
        group = Group("testigos", QUORUM, NAMES)
        policy = Policy((Log(log),), tuple(known), (group,), group.name)
        policies.mkdir(parents=True, exist_ok=True)
        (policies / POLICY).write_bytes(encode_policy(policy))
        yield policy


@contextmanager
def _answering(app: WitnessApp, listening: socket.socket) -> Iterator[None]:
    server = uvicorn.Server(configuration(app))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        yield
    finally:
        server.should_exit = True
        thread.join()
        listening.close()
