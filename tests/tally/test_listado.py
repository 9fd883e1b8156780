"""The listado of who opined: sorted, salted, and readable by its Dirección Distrital only."""

from __future__ import annotations

import json

import pyrage
import pytest

from keys.errors import FormatRefusal
from tally.listado import commitment, listado_data, sealed

NAMES = ["ZZZZZZ80010199H001", "BBBBBB80010199M002"]
SALT = bytes(range(32))

pytestmark = pytest.mark.req("SEI-23")


def test_names_are_sorted_and_the_hash_does_not_depend_on_their_order() -> None:
    one, other = (listado_data("pp", "01-001", names, SALT) for names in (NAMES, NAMES[::-1]))
    assert one == other
    assert json.loads(one)["claves_de_elector"] == sorted(NAMES)
    assert commitment(one) == commitment(other)


def test_another_salt_gives_another_hash_so_that_names_cannot_be_guessed() -> None:
    hashes = {commitment(listado_data("pp", "01-001", NAMES, salt)) for salt in (SALT, bytes(32))}
    assert len(hashes) == 2


def test_only_the_recipient_reads_it() -> None:
    data = listado_data("pp", "01-001", NAMES, SALT)
    own, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    file = sealed(data, str(own.to_public()))
    assert NAMES[0].encode() not in file
    assert pyrage.decrypt(file, [own]) == data
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(file, [other])


def test_name_twice_and_short_salt_are_refused() -> None:
    for names, salt, rule in (([NAMES[0]] * 2, SALT, "listado.repetida"), (NAMES, b"corta", "listado.sal")):
        with pytest.raises(FormatRefusal) as caught:
            listado_data("pp", "01-001", names, salt)
        assert caught.value.rule == rule
