"""Records over HTTP: what each role sees of them, and their data for those who review them."""
