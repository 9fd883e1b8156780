"""A consultation before, while and after it is voted: its calendar, its UTs, its custodios, its states."""
