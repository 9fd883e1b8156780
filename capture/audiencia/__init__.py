"""Garantía de audiencia: the promovente sees records with inconsistencies and is heard (001 §12, 002 §7)."""
