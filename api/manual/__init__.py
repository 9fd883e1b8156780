"""Captura manual over HTTP."""
