"""Records received, the state each one is in, and every change of it (APO-18, APO-21)."""
