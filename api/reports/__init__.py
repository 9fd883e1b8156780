"""Figures and notas informativas over HTTP (APO-21, APO-28)."""
