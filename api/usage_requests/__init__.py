"""HTTP of requests for use (APO-30)."""
