"""Independent verifier of Certeza's public record (requirement VER-04: no code shared with the producers).

The core modules take bytes and return values or raise `Failure`; only those of the command line (`cli*`,
`*commands`, `trusting`), of folders (`folder*`, `difference`), `state`, `work` and of `tlog` `source` and
`memory` touch files, the network or other processes.
"""

VERSION = "0.1.0"
