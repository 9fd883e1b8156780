"""Independent verifier of Certeza's public record (requirement VER-04: no code shared with the producers).

The core modules take bytes and return values or raise `Failure`; only `cli`, `commands`, `log_commands`,
`state`, `work` and `tlog` (`source`, `memory`) touch files, the network or other processes.
"""

VERSION = "0.1.0"
