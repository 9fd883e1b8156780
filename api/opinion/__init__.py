"""Casting an opinion over HTTP: receipts, proofs and challenges."""
