"""The validation module over HTTP, the check of delivered Claves, and authority requests (SEI-06, SEI-12)."""
