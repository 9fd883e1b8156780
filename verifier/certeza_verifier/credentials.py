"""Checks of the public credentials (careful verifier, points 7 and 8): done even when nobody voted."""

from __future__ import annotations

from certeza_verifier.errors import Failure
from certeza_verifier.groups import AnyGroup
from certeza_verifier.messages.credentials import Credential, parse_credentials
from certeza_verifier.trustees import elements

_BATCH = 1024


def verify_credentials(
    data: bytes, group: AnyGroup, *, weights: bool = True, threads: int = 1
) -> list[Credential]:
    """Valid elements, distinct, in Belenios' order, weights of at least 1 (none when `weights` is False)."""
    credentials = parse_credentials(data)
    if credentials and credentials[0].weighted and not weights:
        raise Failure("credencial-peso", "public_credentials[0]", "sin pesos", credentials[0].weight)
    texts = [credential.key for credential in credentials]
    for start in range(0, len(texts), _BATCH):
        place = f"public_credentials, desde {start}, "
        elements(group, texts[start : start + _BATCH], place, threads=threads)
    _ordered(texts, group)
    return credentials


def _ordered(texts: list[str], group: AnyGroup) -> None:
    keys = [group.sort_key(text) for text in texts]
    for i in range(1, len(keys)):
        if keys[i - 1] == keys[i]:
            raise Failure(
                "credencial-repetida", f"public_credentials[{i}]", "credenciales distintas", texts[i]
            )
        if keys[i - 1] > keys[i]:
            raise Failure(
                "credencial-orden", f"public_credentials[{i}]", f"después de {texts[i - 1]}", texts[i]
            )
