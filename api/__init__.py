"""The outermost room: command line now, HTTP edge later. Concrete adapters are named here only."""
