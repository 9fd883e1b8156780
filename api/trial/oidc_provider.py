"""An identity provider for rehearsals and tests: speaks OpenID Connect with a real key and checks PKCE.

It vouches for whatever e-mail is typed into its page. The settings refuse it in production.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

LOOPBACK = "127.0.0.1"
CODE_SECONDS = 60
TOKEN_SECONDS = 3600
_ASKED = ("response_type", "client_id", "redirect_uri", "state", "nonce", "code_challenge")


@dataclass(frozen=True, slots=True)
class Consent:
    """What a code stands for."""

    client_id: str
    redirect_uri: str
    nonce: str
    challenge: str
    email: str
    until: float


@dataclass(slots=True)
class TrialProvider:
    """`clients`: client id -> redirect URIs that it may use, exactly. `clock`: seconds since 1970."""

    issuer: str
    clients: Mapping[str, tuple[str, ...]]
    clock: Callable[[], float] = time.time
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", auto_kid=True))
    codes: dict[str, Consent] = field(default_factory=dict)

    def discovery(self) -> dict[str, Any]:
        """The discovery document (OpenID Connect Discovery 1.0)."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/autorizar",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/llaves",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def public_keys(self) -> dict[str, Any]:
        """The key set that verifies its tokens."""
        return dict(KeySet([self.key]).as_dict(private=False))

    def consent(self, asked: dict[str, str], email: str) -> str:
        """Where the browser goes once the person said who they are. Raises ValueError for another client."""
        if asked.get("redirect_uri") not in self.clients.get(asked.get("client_id", ""), ()):
            raise ValueError("cliente o dirección de regreso que no está registrada")
        if asked.get("response_type") != "code" or asked.get("code_challenge_method") != "S256":
            raise ValueError("solo se admite el flujo de código con PKCE S256")
        code = secrets.token_urlsafe(32)
        named = (asked["client_id"], asked["redirect_uri"], asked["nonce"], asked["code_challenge"])
        self.codes[code] = Consent(*named, email, self.clock() + CODE_SECONDS)
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def redeem(self, form: dict[str, str]) -> dict[str, Any]:
        """The answer to a code, once. Raises ValueError."""
        consent = self.codes.pop(form.get("code", ""), None)
        verifier = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        if consent is None or self.clock() >= consent.until:
            raise ValueError("código vencido o usado")
        if (form.get("client_id"), form.get("redirect_uri")) != (consent.client_id, consent.redirect_uri):
            raise ValueError("el código es de otra solicitud")
        if not hmac.compare_digest(challenge, consent.challenge):
            raise ValueError("el verificador PKCE no corresponde")
        token = self.sign(self.claims(consent.client_id, consent.email, consent.nonce))
        access = secrets.token_urlsafe(32)
        return {"id_token": token, "access_token": access, "token_type": "Bearer", "expires_in": 0}

    def claims(self, client_id: str, email: str, nonce: str) -> dict[str, Any]:
        """What an ID token says about whoever has this e-mail."""
        now = int(self.clock())
        return {
            "iss": self.issuer,
            "sub": hashlib.sha256(email.lower().encode()).hexdigest()[:32],
            "aud": client_id,
            "iat": now,
            "exp": now + TOKEN_SECONDS,
            "nonce": nonce,
            "email": email,
            "email_verified": True,
        }

    def sign(self, claims: dict[str, Any]) -> str:
        """An ID token."""
        return jwt.encode({"alg": "ES256", "kid": self.key.kid}, claims, self.key)


def trial_application(provider: TrialProvider) -> Starlette:
    """The provider over HTTP."""

    async def discovery(_request: Request) -> Response:
        return JSONResponse(provider.discovery())

    async def keys(_request: Request) -> Response:
        return JSONResponse(provider.public_keys())

    async def authorize(request: Request) -> Response:
        asked = dict(request.query_params)
        if any(name not in asked for name in _ASKED):
            return _wrong("faltan parámetros")
        if "correo" not in asked:
            return HTMLResponse(_page(asked))
        email = asked.pop("correo")
        try:
            return RedirectResponse(provider.consent(asked, email), 303)
        except ValueError as error:
            return _wrong(str(error))

    async def token(request: Request) -> Response:
        body = (await request.body()).decode("utf-8", "replace")
        form = {name: values[0] for name, values in parse_qs(body).items()}
        try:
            return JSONResponse(provider.redeem(form), headers={"Cache-Control": "no-store"})
        except ValueError as error:
            return JSONResponse({"error": "invalid_grant", "error_description": str(error)}, 400)

    return Starlette(
        routes=[
            Route("/.well-known/openid-configuration", discovery),
            Route("/llaves", keys),
            Route("/autorizar", authorize),
            Route("/token", token, methods=["POST"]),
        ]
    )


@contextmanager
def trial_provider(
    clients: Mapping[str, tuple[str, ...]], clock: Callable[[], float] = time.time
) -> Iterator[TrialProvider]:
    """A provider on a free port of loopback while the block runs."""
    listening = socket.create_server((LOOPBACK, 0))
    provider = TrialProvider(f"http://{LOOPBACK}:{listening.getsockname()[1]}", clients, clock)
    config = uvicorn.Config(trial_application(provider), log_config=None, access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        yield provider
    finally:
        server.should_exit = True
        thread.join()


def _wrong(text: str) -> Response:
    return HTMLResponse(f"<!doctype html><title>No</title><p>{html.escape(text)}", 400)


def _page(asked: dict[str, str]) -> str:
    hidden = "".join(
        f'<input type=hidden name="{html.escape(name)}" value="{html.escape(value)}">'
        for name, value in asked.items()
    )
    return (
        "<!doctype html><html lang=es><meta charset=utf-8><title>Proveedor de ensayo</title>"
        "<h1>Proveedor de identidad de ensayo</h1><p>No comprueba nada: sirve para ensayar."
        f"<form>{hidden}<label>Correo <input type=email name=correo required autofocus></label>"
        "<button>Entrar</button></form>"
    )
