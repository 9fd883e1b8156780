"""Pages that the service itself shows to people: what an e-mail leads to must open in a browser."""
