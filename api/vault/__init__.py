"""The bóveda as a service of its own on a Unix socket: the web server asks it and has no key."""
