"""What the files of a package are called. Pure."""

from __future__ import annotations

RESULT = "resultado.json"
CSV = "registros.csv"
PARQUET = "registros.parquet"
CEDULAS = "cedulas"
"""Folder with one folder a nominative record."""
CROSSING = "cruce.csv"
CROSSING_TOTALS = "cruce.json"
