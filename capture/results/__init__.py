"""Results to the OPL: steps A to E, deadlines, the signed and encrypted package, its checking, its receipt.

Sources: 001 §13, 002 §8; APO-20 (crossing), APO-23. Pure: `deadlines`, `steps`, `figures`, `rows`,
`manifest`, `receipt`, `cross`, `tar`. Streams: `spool`, `table`, `package`, `opening`, `checking`. Outside:
`ports`, `leaves`, `source_sql`, `store_sql`.
"""
