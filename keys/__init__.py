"""Groups, proofs of knowledge, key ceremony, voter credentials and key files."""
