"""Append-only public log: Merkle tree, tiles, checkpoints, witnesses, proofs, acuse."""
