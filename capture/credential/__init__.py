"""The Credencial para Votar in a photograph: found, judged, and read with where each value came from."""
