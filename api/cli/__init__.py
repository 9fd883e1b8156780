"""The `certeza` command."""
