"""Entering the SEI: three data, a token by SMS, and a session of fifteen minutes (SEI-13 to SEI-15)."""
