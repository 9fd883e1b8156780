"""HTTP of «Mi Apoyo» (APO-15)."""
