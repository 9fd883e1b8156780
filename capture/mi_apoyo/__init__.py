"""«Mi Apoyo»: a citizen supports directly, with one e-mail and one device (APO-15; 002 §5)."""
