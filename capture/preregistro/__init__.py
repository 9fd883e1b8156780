"""Asking for a Clave de Opinión from a telephone, and what the service finds out of it (SEI-02 to SEI-05)."""
