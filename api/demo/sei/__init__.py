"""A whole consultation through the service over HTTP, from its creation to the sum with the Mesas."""
