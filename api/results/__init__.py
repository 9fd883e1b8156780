"""Results to the OPL over HTTP: keys, deliveries, packages, receipts; and the jobs that make packages."""
