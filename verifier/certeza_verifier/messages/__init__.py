"""Messages of the specification: one module each, from bytes to typed values and back."""
