"""Apoyo ciudadano and pre-registro: packets, readings, mesa de control, compulsa, audiencia, results."""
