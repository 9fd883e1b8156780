"""The processing service: the bóveda, records after reception, mail, and jobs that were asked for."""
