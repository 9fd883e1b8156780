"""What a rehearsal says when the consultation did not go as it must."""

from __future__ import annotations


class UnexpectedOutcome(Exception):  # noqa: N818 - it says what happened, it is not an error of the program
    """Something that the rehearsal expects to be refused was accepted, or a retry got another receipt."""
