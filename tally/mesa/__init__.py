"""The Mesa Receptora de Opinión: what it counted, its acta and cartel, and the results."""
