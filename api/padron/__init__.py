"""The padrón in the service: its key, its load from the command line, its state and single questions."""
