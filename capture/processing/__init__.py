"""What becomes of a record after its reception: opened, compared with its envelope, read, and sent on."""
