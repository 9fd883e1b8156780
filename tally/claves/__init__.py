"""Persons with a right to opine, and what is kept of their Clave (SEI-07, SEI-09, SEI-11)."""
