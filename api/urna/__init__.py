"""HTTP of the opening by the Consejo General: shares, results, actas, listados (SEI-22, SEI-23)."""
