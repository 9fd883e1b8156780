"""Pre-registro over HTTP, and what the worker does of it (SEI-02 to SEI-05)."""
