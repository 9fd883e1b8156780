"""Attention desk: what users report, by which medium, what they were answered, and when (APO-27)."""
