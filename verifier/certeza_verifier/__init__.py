"""Independent verifier of Certeza's public record (requirement VER-04: no code shared with the producers).

The core modules take bytes and return values or raise `Failure`; only `cli`, `state`, `tree` and `work` touch
the file system or start processes.
"""

VERSION = "0.1.0"
