"""The attention desk over HTTP (APO-27)."""
