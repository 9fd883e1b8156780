"""HTTP of devices (APO-05, APO-07)."""
