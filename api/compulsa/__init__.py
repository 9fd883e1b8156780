"""The compulsa of a process over HTTP (APO-19)."""
