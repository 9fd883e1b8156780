"""The zero-knowledge proofs of the Belenios specification: how to make them and what to check."""

from keys.proofs.claim import Claim, Proof, settle

__all__ = ["Claim", "Proof", "settle"]
