"""Retention over HTTP: in which phase a process is, its backup, its destruction and the acta."""
