"""Codes of six digits that an app shows (TOTP, RFC 6238), and recovery codes for who lost the app.

A code is good once: the step it belongs to is stored, and only a later one is taken after it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime

import pyotp

from api.accounts.errors import not_let_in

SECRET_BYTES = 20
STEP_SECONDS = 30
DRIFT_STEPS = 1
"""Steps that the clock of a telephone may be ahead or behind."""
DIGITS = 6
RECOVERY_CODES = 10
RECOVERY_BYTES = 10
"""Random bytes of a recovery code: 80 bits, shown as 16 characters in groups of four."""
ISSUER = "Certeza"


def spoken_secret(secret: bytes) -> str:
    """The secret as a person can type it into an app (base32)."""
    return base64.b32encode(secret).decode()


def uri(secret: bytes, email: str) -> str:
    """`otpauth://totp/…` as apps read it from a QR code."""
    return pyotp.TOTP(spoken_secret(secret)).provisioning_uri(name=email, issuer_name=ISSUER)


def verify(secret: bytes, code: str, now: datetime, last_step: int) -> int:
    """The step of a code that is right and later than `last_step`. Raises SignInRefusal.

    All steps are computed and compared, so that the time says nothing.
    """
    totp = pyotp.TOTP(spoken_secret(secret), digits=DIGITS, interval=STEP_SECONDS)
    middle = int(now.timestamp()) // STEP_SECONDS
    found = -1
    for step in range(middle - DRIFT_STEPS, middle + DRIFT_STEPS + 1):
        same = hmac.compare_digest(totp.generate_otp(step).encode(), code.encode())
        if same and step > last_step:
            found = step
    if found < 0:
        raise not_let_in()
    return found


def recovery_code(random: bytes) -> str:
    """A recovery code from RECOVERY_BYTES random bytes, such as `ABCD-EFGH-IJKL-MNOP`."""
    text = base64.b32encode(random).decode()
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def fingerprint(code: str) -> bytes:
    """What is stored of a recovery code. It has 80 random bits, so a plain SHA-256 cannot be searched."""
    plain = "".join(c for c in code.upper() if c.isalnum())
    return hashlib.sha256(b"certeza/codigo-de-respaldo/" + plain.encode()).digest()


def chosen(fingerprints: Iterable[bytes], code: str) -> bytes:
    """The stored fingerprint of this code. Raises SignInRefusal when it is none of them."""
    wanted, found = fingerprint(code), b""
    for one in fingerprints:
        if hmac.compare_digest(one, wanted):
            found = one
    if not found:
        raise not_let_in()
    return found
