"""Garantía de audiencia over HTTP."""
