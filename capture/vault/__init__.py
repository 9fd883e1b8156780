"""The bóveda: the only place where the keys of processes are, and the only one that can open a record."""
