"""The urna virtual: elections per UT, ballots, casting, closing, decryption, result and actas."""
