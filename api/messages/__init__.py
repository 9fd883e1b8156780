"""The e-mails of registration: what they say, apart from when they are sent. Pure."""
