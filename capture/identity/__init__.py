"""What identifies a person in the institutes' forms: claves, CURP, credential numbers, names and contacts.

Every parser takes what a person typed and returns its one canonical spelling, or raises
`IdentityRefusal` that names the field, what was expected and what was found without repeating the
person's data."""
