"""The validation module: people compare data and images; what follows from it (SEI-06, SEI-10, SEI-11)."""
