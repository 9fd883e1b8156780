"""ID tokens that a provider would not have made for us, and one that it would."""

from __future__ import annotations

import base64
import hmac
import json
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from api.accounts.errors import SignInRefusal
from api.accounts.oidc.id_token import Expected, verify_id_token
from tests.api.accounts.people import NOW

KEY = ECKey.generate_key("P-256", auto_kid=True)
OTHER = ECKey.generate_key("P-256", auto_kid=True)
RSA = RSAKey.generate_key(2048, auto_kid=True)
KEYS = KeySet.import_key_set(KeySet([KEY, RSA]).as_dict(private=False))
EXPECTED = Expected("https://id.ejemplo.mx", {"web", "app"}, "nonce-uno")
SECONDS = int(NOW.timestamp())
GOOD: dict[str, Any] = {
    "iss": "https://id.ejemplo.mx",
    "sub": "123",
    "aud": "web",
    "iat": SECONDS,
    "exp": SECONDS + 600,
    "nonce": "nonce-uno",
    "email": "Carla@Ejemplo.mx",
    "email_verified": True,
}


def signed(claims: dict[str, Any], key: ECKey | RSAKey = KEY, algorithm: str = "ES256") -> str:
    return jwt.encode({"alg": algorithm, "kid": key.kid}, claims, key, [algorithm])


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def refused(token: str) -> str:
    with pytest.raises(SignInRefusal) as found:
        verify_id_token(token, KEYS, EXPECTED, NOW)
    return found.value.rule


@pytest.mark.parametrize(("key", "algorithm"), [(KEY, "ES256"), (RSA, "RS256"), (RSA, "PS256")])
def test_a_token_for_us_names_the_person(key: ECKey | RSAKey, algorithm: str) -> None:
    identity = verify_id_token(signed(GOOD, key, algorithm), KEYS, EXPECTED, NOW)
    assert (identity.subject, identity.email) == ("123", "carla@ejemplo.mx")


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"iss": "https://otro.mx"}, "oidc.iss"),
        ({"iss": "https://id.ejemplo.mx/"}, "oidc.iss"),
        ({"aud": "otro"}, "oidc.aud"),
        ({"aud": ["web", "otro"]}, "oidc.aud"),
        ({"aud": []}, "oidc.aud"),
        ({"aud": None}, "oidc.aud"),
        ({"azp": "otro"}, "oidc.azp"),
        ({"exp": SECONDS - 60}, "oidc.exp"),
        ({"exp": "mañana"}, "oidc.exp"),
        ({"exp": None}, "oidc.exp"),
        ({"exp": True}, "oidc.exp"),
        ({"iat": SECONDS + 61}, "oidc.iat"),
        ({"iat": SECONDS - 86_401, "exp": SECONDS + 600}, "oidc.iat"),
        ({"nbf": SECONDS + 61}, "oidc.nbf"),
        ({"nonce": "nonce-dos"}, "oidc.nonce"),
        ({"nonce": None}, "oidc.nonce"),
        ({"nonce": "ñ"}, "oidc.nonce"),
        ({"email_verified": False}, "oidc.email_verified"),
        ({"email_verified": None}, "oidc.email_verified"),
        ({"email_verified": 1.5}, "oidc.email_verified"),
        ({"email": "no es"}, "oidc.email"),
        ({"sub": ""}, "oidc.sub"),
        ({"sub": 7}, "oidc.sub"),
    ],
)
def test_a_token_with_one_wrong_claim_is_refused(changes: dict[str, Any], rule: str) -> None:
    assert refused(signed({**GOOD, **changes})) == rule


@pytest.mark.parametrize("claim", ["iss", "aud", "exp", "iat", "nonce", "email", "email_verified", "sub"])
def test_a_token_without_a_claim_is_refused(claim: str) -> None:
    assert refused(signed({k: v for k, v in GOOD.items() if k != claim})) == f"oidc.{claim}"


def test_clocks_may_differ_by_a_minute() -> None:
    claims = {**GOOD, "iat": SECONDS + 59, "exp": SECONDS - 59}
    assert verify_id_token(signed(claims), KEYS, EXPECTED, NOW).subject == "123"


def test_a_token_without_signature_is_refused() -> None:
    for algorithm in ("none", "None", "NONE"):
        for kid in (KEY.kid, None):
            assert refused(f"{part({'alg': algorithm, 'kid': kid})}.{part(GOOD)}.") == "oidc.firma"


@pytest.mark.parametrize("pem", [True, False])
def test_the_public_key_is_not_a_secret_to_sign_with(pem: bool) -> None:
    secret = RSA.as_pem(private=False) if pem else json.dumps(RSA.as_dict(private=False)).encode()
    text = f"{part({'alg': 'HS256', 'kid': RSA.kid})}.{part(GOOD)}"
    made = base64.urlsafe_b64encode(hmac.digest(secret, text.encode(), "sha256")).rstrip(b"=").decode()
    assert refused(f"{text}.{made}") == "oidc.firma"


def test_a_token_of_another_key_is_refused() -> None:
    stolen = jwt.encode({"alg": "ES256", "kid": KEY.kid}, GOOD, OTHER)
    assert refused(stolen) == "oidc.firma"
    assert refused(signed(GOOD, OTHER)) == "oidc.firma"


def test_a_key_that_comes_with_the_token_is_not_taken() -> None:
    header = {"alg": "ES256", "jwk": OTHER.as_dict(private=False)}
    assert refused(jwt.encode(header, GOOD, OTHER)) == "oidc.firma"


@pytest.mark.parametrize("text", ["", "a.b", "a.b.c", "ñ.ñ.ñ", "." * 5, "x" * 20_000, "e30.e30.e30"])
def test_what_is_no_token_is_refused(text: str) -> None:
    assert refused(text) in {"oidc.firma", "oidc.longitud"}


def test_a_changed_claim_breaks_the_signature() -> None:
    head, _, signature = signed(GOOD).split(".")
    assert refused(f"{head}.{part({**GOOD, 'email': 'otra@ejemplo.mx'})}.{signature}") == "oidc.firma"
