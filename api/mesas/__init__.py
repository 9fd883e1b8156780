"""HTTP of the Mesas Receptoras de Opinión: keys, look-up, captures, sums, actas (SEI-24, SEI-25)."""
