"""Proof of possession: a text encrypted to the key, which only its owner can read and answer. Pure.

The answer is the SHA-256 of the text, so that `age -d -i LLAVE RETO | sha256sum` answers as well as our own
program. Whoever asks keeps the hash of the answer only.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from keys.recipients.errors import PossessionRefusal
from keys.recipients.recipient import Recipient

HEADER = "certeza/posesion/v1"
NONCE_BYTES = 32
MAX_TEXT_BYTES = 2048
HOURS = 72
"""For how long a challenge can be answered."""
_HEX64 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_WORDS = ("periodo", "llave", "emitido", "vence", "nonce")


@dataclass(frozen=True, slots=True)
class Challenge:
    """What the owner of a key reads. `nonce`: 32 random bytes; `key`: the key's fingerprint."""

    periodo: str
    key: str
    issued: datetime
    expires: datetime
    nonce: bytes

    def encode(self) -> bytes:
        """The text, its final line feed included."""
        values = (self.periodo, self.key, _spell(self.issued), _spell(self.expires), self.nonce.hex())
        lines = [HEADER, *(f"{word} {value}" for word, value in zip(_WORDS, values, strict=True))]
        return ("\n".join(lines) + "\n").encode()

    @property
    def answer(self) -> str:
        """What the owner answers: 64 hexadecimal digits."""
        return hashlib.sha256(self.encode()).hexdigest()

    def seal(self, recipient: Recipient) -> bytes:
        """The text encrypted to the key."""
        sealed = io.BytesIO()
        recipient.encrypt(io.BytesIO(self.encode()), sealed)
        return sealed.getvalue()


def new_challenge(periodo: str, recipient: Recipient, now: datetime, nonce: bytes) -> Challenge:
    """A challenge for that key in that periodo, from `now` (whole seconds) on for HOURS."""
    moment = now.replace(microsecond=0)
    return Challenge(periodo, recipient.fingerprint, moment, moment + timedelta(hours=HOURS), nonce)


def _spell(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def parse_challenge(data: bytes, place: str = "reto") -> Challenge:
    """Read a decrypted challenge. Raises PossessionRefusal without showing it."""
    refusal = PossessionRefusal("posesion.forma", place, "un reto de posesión de llave", "otra cosa")
    if len(data) > MAX_TEXT_BYTES:
        raise refusal
    try:
        lines = data.decode().split("\n")
        pairs = dict(line.split(" ", 1) for line in lines[1:-1])
        made = Challenge(
            pairs["periodo"],
            pairs["llave"],
            datetime.fromisoformat(pairs["emitido"]),
            datetime.fromisoformat(pairs["vence"]),
            bytes.fromhex(pairs["nonce"]),
        )
    except (ValueError, KeyError):
        raise refusal from None
    if made.encode() != data or len(made.nonce) != NONCE_BYTES:
        raise refusal
    return made


def kept(answer: str) -> bytes:
    """What is stored of a challenge to judge its answer: 32 bytes."""
    return hashlib.sha256(answer.encode()).digest()


def verify_answer(typed: str, stored: bytes, expires: datetime, now: datetime) -> None:
    """Raises PossessionRefusal for an answer that is late or is not the challenge's own."""
    if now >= expires:
        raise PossessionRefusal(
            "posesion.vencida", "respuesta", f"antes de {_spell(expires)}", f"{_spell(now)}: pida otro reto"
        )
    answer = "".join(typed.split()).lower()
    if not _HEX64.fullmatch(answer) or not hmac.compare_digest(kept(answer), stored):
        raise PossessionRefusal(
            "posesion.respuesta", "respuesta", "el SHA-256 del reto descifrado", "otra respuesta"
        )
