"""How long records are kept, and how they end: consultable, in backup, destroyed with an acta (APO-24).

Sources: 001 §14.1 (three months in the system, then backup), 002 §8.4 (six months at most). Pure: `plan`,
`acta`. Outside: `backup`, `purge`, `store_sql`.
"""
