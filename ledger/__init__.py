"""Append-only public log: Merkle tree, tiles, checkpoints, witnesses, proofs, acuse.

Pure core, by what it is built from:

* `tree`, `tree_check`, `compact_range`: RFC 9162 hashes and proofs, making and checking them;
* `tiles`, `bundles`, `tile_reader`, `growth`: tlog-tiles, and what a batch adds to them;
* `note`, `vkey`, `checkpoint`, `cosignature`: signed notes and who signs them;
* `proof`, `policy`, `policy_text`: what a citizen holds, and whom they believe;
* `fields`, `limits`, `errors`, `static`, `pool`, `partials`: spellings, sizes, refusals, headers, pace.

Outside world: `ports` says what is needed and how far it is trusted; `store_folder` and `store_object`
(untrusted), `lock_sqlite` and `lock_postgres` (trusted) provide it. `sequencer` writes, `appender` feeds
it from many threads, `reading` proves, `asgi` serves.
"""
