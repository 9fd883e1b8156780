"""Official documents that the service issues: signed, stamped, kept, and checked by anybody (APO-29)."""
