"""Requests of authorities over HTTP."""
