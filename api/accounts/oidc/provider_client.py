"""Asking a provider: its discovery document, its keys, the ID token for a code. The part with a socket."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from api.accounts.errors import ProviderRefusal
from api.accounts.settings import Provider

TIMEOUT_SECONDS = 5.0
MOST_BYTES = 262_144
FRESH_SECONDS = 3600.0
"""How long discovery and keys are kept."""
AGAIN_SECONDS = 60.0
"""How often at most keys are asked for because a token names one that is not known."""
_PUBLIC_KINDS = frozenset({"RSA", "EC", "OKP"})


@dataclass(frozen=True, slots=True)
class Endpoints:
    """What the discovery document says."""

    authorization: str
    token: str
    keys: str


@dataclass(slots=True)
class _Kept:
    endpoints: Endpoints
    keys: KeySet
    at: float


class ProviderClient:
    """One provider. Safe from any thread; `http` is for tests of transport failures."""

    def __init__(
        self,
        provider: Provider,
        http: httpx.Client | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.provider = provider
        self._http = http or httpx.Client(timeout=TIMEOUT_SECONDS, follow_redirects=False)
        self._monotonic = monotonic
        self._lock = Lock()
        self._kept: _Kept | None = None

    def endpoints(self) -> Endpoints:
        """Where the provider answers. Raises ProviderRefusal."""
        return self._fresh(FRESH_SECONDS).endpoints

    def keys(self, token: str) -> KeySet:
        """The keys that may have signed a token: asked for again when it names an unknown one."""
        kept = self._fresh(FRESH_SECONDS)
        if _key_id(token) not in {key.kid for key in kept.keys}:
            kept = self._fresh(AGAIN_SECONDS)
        return kept.keys

    def id_token(self, code: str, verifier: str, redirect_uri: str) -> str:
        """The ID token for a code, which the provider gives once. Raises ProviderRefusal."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "client_id": self.provider.client_id,
            "code_verifier": verifier,
        }
        if self.provider.client_secret_file is not None:
            form["client_secret"] = self.provider.client_secret_file.read_text().strip()
        answer = self._read("POST", self.endpoints().token, form)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise self._refused("un id_token", "una respuesta sin él")
        return token

    def _fresh(self, seconds: float) -> _Kept:
        with self._lock:
            if self._kept is None or self._monotonic() - self._kept.at >= seconds:
                self._kept = self._discover()
            return self._kept

    def _discover(self) -> _Kept:
        issuer = self.provider.issuer
        document = self._read("GET", issuer.rstrip("/") + "/.well-known/openid-configuration")
        if document.get("issuer") != issuer:
            raise self._refused(issuer, "un documento de otro emisor")
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        authorization, token, keys = (self._address(document, name) for name in names)
        endpoints = Endpoints(authorization, token, keys)
        return _Kept(endpoints, self._key_set(self._read("GET", keys)), self._monotonic())

    def _address(self, document: Mapping[str, Any], name: str) -> str:
        address = str(document.get(name, ""))
        scheme = self.provider.issuer.partition("://")[0]
        if not address.startswith(f"{scheme}://"):
            raise self._refused(f"{name} con {scheme}", "otra dirección")
        return address

    def _key_set(self, document: Mapping[str, Any]) -> KeySet:
        # A symmetric key in a public document would let anybody sign: it is never taken.
        listed = document.get("keys")
        public = [key for key in listed if _is_public(key)] if isinstance(listed, list) else []
        try:
            return KeySet.import_key_set({"keys": public})
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise self._refused("llaves públicas", "ninguna que se entienda") from error

    def _read(self, method: str, address: str, form: Mapping[str, str] | None = None) -> dict[str, Any]:
        try:
            with self._http.stream(method, address, data=form) as response:
                body = b""
                for part in response.iter_bytes():
                    body += part
                    if len(body) > MOST_BYTES:
                        raise self._refused(f"{MOST_BYTES:,} bytes a lo más", "más")
            if response.status_code != 200:
                raise self._refused("el estado 200", response.status_code)
            made = json.loads(body)
        except (httpx.HTTPError, ValueError, RecursionError) as error:
            raise self._refused("una respuesta en JSON", type(error).__name__) from error
        if not isinstance(made, dict):
            raise self._refused("un objeto JSON", "otra cosa")
        return made

    def _refused(self, expected: object, got: object) -> ProviderRefusal:
        return ProviderRefusal("oidc.proveedor", self.provider.title, expected, got)


def _is_public(key: object) -> bool:
    return isinstance(key, dict) and key.get("kty") in _PUBLIC_KINDS and key.get("use", "sig") == "sig"


def _key_id(token: str) -> str | None:
    from joserfc.jws import extract_compact

    try:
        kid = extract_compact(token.encode()).headers().get("kid")
    except (JoseError, ValueError):
        return None
    return kid if isinstance(kid, str) else None
