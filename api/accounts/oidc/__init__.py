"""OpenID Connect relying party: people outside of the institutes enter with an account they have."""
