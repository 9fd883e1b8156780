"""Sizes that no honest archive reaches, so that a hostile one cannot exhaust the machine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """All in bytes, except where said."""

    header: int = 256
    event: int = 1024
    data: int = 256 * 2**20
    election: int = 4 * 2**20
    trustees: int = 64 * 2**20
    ballot: int = 32 * 2**20
    tally: int = 32 * 2**20
    share: int = 64 * 2**20
    small: int = 2**20
    document: int = 64 * 2**20
    digits: int = 1000  # decimal digits of one number
    trustees_of_item: int = 1000  # trustees of one item, each of whom signed the certificates of all
    sparse: int = 2**20  # a JSON text longer than this has at least `spread` bytes for each of its values
    spread: int = 12
    # the log
    note: int = 2**18
    signatures: int = 64  # lines of a note; the specification asks for at least 16
    proof: int = 2**19
    proof_hashes: int = 63
    acuse: int = 2**14
    policy: int = 2**20
    policy_lines: int = 4096
    policy_names: int = 256  # logs, witnesses and groups, of each
    entry: int = 2**16 - 1
    tile: int = 8192
    bundle: int = 256 * (2 + 2**16 - 1)
    findings: int = 100  # a log that breaks more rules than this is not read any further
    timeout: float = 20.0  # seconds without a byte
    patience: float = 120.0  # seconds for one file
    wait: float = 0.5  # seconds before asking a busy server again


LIMITS = Limits()
