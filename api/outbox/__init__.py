"""Messages to people: written in the transaction of what they announce, delivered later, at least once."""
