"""The service's two public logs: acuses and changes of state, and acts. One process owns them."""
