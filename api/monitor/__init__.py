"""HTTP of the monitor of a consultation: what was done where and when, nothing of votes (SEI-08)."""
