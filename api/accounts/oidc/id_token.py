"""What an ID token proves (OpenID Connect Core 1.0, 3.1.3.7). Pure: keys and the instant are arguments."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from api.accounts.errors import AccountRefusal, SignInRefusal
from api.accounts.staff import normal_email

ALGORITHMS = ("RS256", "PS256", "ES256", "Ed25519", "EdDSA")
"""Signatures with a key pair only: with «none», or with HS256 and the public key, anybody could sign."""
SKEW_SECONDS = 60
LONGEST_SECONDS = 86_400
"""A token that was issued longer ago is not taken, whatever it says about itself."""
TOKEN_CHARACTERS = 16_384


@dataclass(frozen=True, slots=True)
class Expected:
    """What the token has to say: who issued it, for whom, and in answer to what."""

    issuer: str
    audiences: Collection[str]
    nonce: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a provider vouches for; `email` is normal and verified by it."""

    issuer: str
    subject: str
    email: str


def verify_id_token(token: str, keys: KeySet, expected: Expected, now: datetime) -> Identity:
    """Raise SignInRefusal unless signature, issuer, audience, times, nonce and e-mail are in order."""
    claims = _signed_claims(token, keys)
    _require(claims.get("iss") == expected.issuer, "iss", expected.issuer)
    _require_audience(claims, expected.audiences)
    _require_times(claims, now.timestamp())
    nonce = claims.get("nonce")
    same = isinstance(nonce, str) and hmac.compare_digest(nonce.encode(), expected.nonce.encode())
    _require(same, "nonce", "el de esta solicitud")
    subject = claims.get("sub")
    if not (isinstance(subject, str) and 0 < len(subject) <= 255):
        raise _refused("sub", "un identificador")
    return Identity(expected.issuer, subject, _verified_email(claims))


def _signed_claims(token: str, keys: KeySet) -> Mapping[str, Any]:
    if len(token) > TOKEN_CHARACTERS:
        raise _refused("longitud", f"{TOKEN_CHARACTERS} caracteres a lo más")
    try:
        return jwt.decode(token, keys, algorithms=ALGORITHMS).claims
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise _refused("firma", "una firma de la llave del proveedor") from error


def _require_audience(claims: Mapping[str, Any], audiences: Collection[str]) -> None:
    stated = claims.get("aud")
    named = [stated] if isinstance(stated, str) else stated
    if not isinstance(named, list) or not named or not all(isinstance(one, str) for one in named):
        raise _refused("aud", "este servicio")
    _require(all(one in audiences for one in named), "aud", "este servicio y nadie más")
    party = claims.get("azp")
    _require(party is None or party in audiences, "azp", "este servicio")


def _require_times(claims: Mapping[str, Any], now: float) -> None:
    expires, issued = _seconds(claims, "exp"), _seconds(claims, "iat")
    _require(now < expires + SKEW_SECONDS, "exp", "un testigo vigente")
    _require(issued <= now + SKEW_SECONDS, "iat", "un testigo ya emitido")
    _require(now - issued <= LONGEST_SECONDS, "iat", "un testigo reciente")
    if "nbf" in claims:
        _require(_seconds(claims, "nbf") <= now + SKEW_SECONDS, "nbf", "un testigo que ya vale")


def _seconds(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _refused(name, "segundos desde 1970")
    return float(value)


def _verified_email(claims: Mapping[str, Any]) -> str:
    _require(claims.get("email_verified") in (True, "true"), "email_verified", "un correo verificado")
    try:
        return normal_email(str(claims.get("email", "")))
    except AccountRefusal as error:
        raise _refused("email", "un correo electrónico") from error


def _require(holds: bool, claim: str, expected: str) -> None:
    if not holds:
        raise _refused(claim, expected)


def _refused(claim: str, expected: str) -> SignInRefusal:
    return SignInRefusal(f"oidc.{claim}", "respuesta del proveedor de identidad", expected, "otra cosa")
