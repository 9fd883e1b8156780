"""Compulsa: the situación registral of each record that the mesa de control found in order (APO-19)."""
