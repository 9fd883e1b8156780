"""`public_credentials`: who may vote, and with which weight (specification, «Credentials»)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from certeza_verifier import canonical
from certeza_verifier.errors import Failure
from certeza_verifier.messages.common import strings, write_texts

_WEIGHT = re.compile("[1-9][0-9]{0,30}")


class Credential(NamedTuple):
    """Text of the public credential and its weight; `weighted` when the weight is written."""

    key: str
    weight: int
    weighted: bool


def parse_credentials(data: bytes) -> list[Credential]:
    """`public_credentials` in canonical form. Weights are written for all or for none: one spelling."""
    place = "public_credentials"
    items = strings(canonical.load(data, place), place)
    canonical.same(data, write_texts(items), place)
    credentials = list(_split(items, place))
    for i, credential in enumerate(credentials):
        if credential.weighted != credentials[0].weighted:
            raise Failure("credencial-peso", f"{place}[{i}]", "pesos en todas o en ninguna", items[i])
    return credentials


def _split(items: list[str], place: str) -> Iterator[Credential]:
    for i, item in enumerate(items):
        key, comma, weight = item.partition(",")
        if comma and not _WEIGHT.fullmatch(weight):
            raise Failure("credencial-peso", f"{place}[{i}]", "entero desde 1, sin ceros iniciales", weight)
        yield Credential(key, int(weight) if comma else 1, bool(comma))
