"""Irregular patterns over HTTP, for the authority, and how the worker looks for them (APO-25)."""
