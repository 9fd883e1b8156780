"""Entering the SEI over HTTP, and what the CAT and the DEOEyG do with Claves and tokens."""
