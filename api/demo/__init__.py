"""A whole consultation, rehearsed for real: every program and file of the process, on one machine."""
