"""The mesa de control over HTTP."""
