"""Every size and count of the ledger, with its unit and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass

# Tree (RFC 9162, tlog-tiles)
HASH_BYTES = 32
TILE_HEIGHT = 8  # levels of the tree in a tile
TILE_WIDTH = 256  # hashes in a full tile, entries in a full bundle
TILE_BYTES = TILE_WIDTH * HASH_BYTES
MAX_TILE_LEVEL = 63  # tlog-tiles
MAX_TREE_SIZE = 2**63 - 1  # entries; what a signed 64-bit integer of other programs can hold
MAX_PROOF_HASHES = 63  # tlog-witness; no path is longer in a tree of MAX_TREE_SIZE
MAX_ENTRY_BYTES = 2**16 - 1  # uint16 length in a bundle
MAX_BUNDLE_BYTES = TILE_WIDTH * (2 + MAX_ENTRY_BYTES)

# Notes (signed-note, tlog-checkpoint, tlog-cosignature)
MAX_NOTE_BYTES = 512 * 1024
MAX_SIGNATURES = 64  # lines; signed-note asks for at least 16
MAX_KEY_NAME_BYTES = 255  # ML-DSA cosignatures carry the name with an 8-bit length
MAX_ORIGIN_BYTES = 255  # likewise
MAX_EXTENSIONS = 16  # lines
MAX_TIMESTAMP = 2**63 - 1  # POSIX seconds
MAX_VKEY_CHARS = 4096  # an ML-DSA-44 key is 1,752 characters of base64

# tlog-proof
MAX_EXTRA_BYTES = 64 * 1024
MAX_PROOF_BYTES = MAX_NOTE_BYTES + 4 * MAX_EXTRA_BYTES

# tlog-policy, which asks for at least 32 of each
MAX_POLICY_BYTES = 1024 * 1024
MAX_POLICY_LOGS = 256
MAX_POLICY_WITNESSES = 256
MAX_POLICY_GROUPS = 256

# Idempotency keys
MAX_ENTRY_KEY_BYTES = 255

# Taking a log over
TAKE_OVER_SECONDS = 2.0  # a sequencer that was killed may hold its lock until the system has noticed
LOST_SECONDS = 30  # after which a connection over a network that is silent counts as lost


@dataclass(frozen=True, slots=True)
class Pace:
    """How the sequencer batches; one object, passed in."""

    interval: float = 0.5
    """Seconds an entry waits at most before its batch is sealed."""
    batch_entries: int = 8192
    """Entries that seal a batch before the interval is over."""
    batch_bytes: int = 16 * 1024 * 1024
    """Bytes of entries that do."""
    pending_entries: int = 65_536
    """Entries waiting; the next one is refused as `Overloaded`."""
    pending_bytes: int = 128 * 1024 * 1024
    """Bytes of entries waiting, likewise."""
    keep_partials: int = 240
    """Batches for which a partial tile stays after its full one exists: two minutes at full pace."""
