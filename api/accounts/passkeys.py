"""Passkeys (WebAuthn): the authenticator verifies the person, and signs for this service's address only."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from api.accounts.errors import CredentialRefusal, not_let_in

CHALLENGE_BYTES = 32
NAME_CHARACTERS = 60
SERVICE = "Certeza"
_REQUIRED = UserVerificationRequirement.REQUIRED


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """What a registration proves: id, public key (COSE) and the counter of signatures."""

    id: bytes
    public: bytes
    count: int


def rp_id(public_url: str) -> str:
    """The host to which passkeys of this service are bound."""
    return urlsplit(public_url).hostname or ""


def origin(public_url: str) -> str:
    """Scheme, host and port, as a browser writes them."""
    parts = urlsplit(public_url)
    return f"{parts.scheme}://{parts.netloc}"


def registration_options(
    challenge: bytes, public_url: str, account: str, email: str, known: Sequence[bytes]
) -> dict[str, Any]:
    """For `navigator.credentials.create`."""
    options = webauthn.generate_registration_options(
        rp_id=rp_id(public_url),
        rp_name=SERVICE,
        user_name=email,
        user_id=account.encode(),
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
    )
    return _json(options)


def verify_registration(credential: dict[str, Any], challenge: bytes, public_url: str) -> NewPasskey:
    """What the browser answered to the options. Raises CredentialRefusal."""
    try:
        verified = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=rp_id(public_url),
            expected_origin=origin(public_url),
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        expected = "una llave que verificó a la persona, para este servicio"
        raise CredentialRefusal("credencial.llave", "llave de acceso", expected, "otra respuesta") from error
    return NewPasskey(verified.credential_id, verified.credential_public_key, verified.sign_count)


def entry_options(challenge: bytes, public_url: str, allowed: Sequence[bytes] = ()) -> dict[str, Any]:
    """For `navigator.credentials.get`; without `allowed`, any passkey of this service."""
    options = webauthn.generate_authentication_options(
        rp_id=rp_id(public_url),
        challenge=challenge,
        allow_credentials=[PublicKeyCredentialDescriptor(id=one) for one in allowed],
        user_verification=_REQUIRED,
    )
    return _json(options)


def text_of(credential: bytes) -> str:
    """The id of a passkey in base64url, as browsers write it."""
    return webauthn.helpers.bytes_to_base64url(credential)


def id_of(credential: dict[str, Any]) -> bytes:
    """The id that a browser's answer names. Raises SignInRefusal."""
    try:
        return webauthn.base64url_to_bytes(str(credential["rawId"]))
    except (KeyError, ValueError) as error:
        raise not_let_in() from error


def verify_entry(
    credential: dict[str, Any], challenge: bytes, public_url: str, public: bytes, count: int
) -> int:
    """The new counter of signatures. Raises SignInRefusal, also when the counter went back (a cloned key)."""
    try:
        verified = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=rp_id(public_url),
            expected_origin=origin(public_url),
            credential_public_key=public,
            credential_current_sign_count=count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise not_let_in() from error
    return verified.new_sign_count


def _json(options: Any) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(webauthn.options_to_json(options))
    return made
