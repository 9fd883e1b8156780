"""Stands in for the outside world in rehearsals: a mail server, an identity provider. Never in production."""
