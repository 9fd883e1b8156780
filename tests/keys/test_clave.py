"""The Clave de Opinión: its form, and that it opens the credential of its person and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keys import clave
from keys.errors import FormatRefusal
from keys.randomness import SeededRandomness

CREDENTIAL = "XXXXX-XXXXXX-XXXXX-XXXXXX"


@pytest.mark.req("SEI-07")
@given(st.text(max_size=20))
def test_every_clave_has_eight_characters_of_the_kinds_that_the_guide_asks_for(seed: str) -> None:
    made = clave.generate(SeededRandomness(seed))
    assert len(made) == 8
    assert any(c.isupper() for c in made) and any(c.isdigit() for c in made)
    assert any(c in "#$%/" for c in made)
    assert all(c.isalnum() or c in "#$%/" for c in made) and made.isascii()


@pytest.mark.parametrize("text", ["", "Abc1#", "abcdef1#", "ABCDEFG#", "ABCDEFG1", "ABCDE 1#", "ÁBCDEF1#"])
def test_other_forms_are_refused_without_repeating_them(text: str) -> None:
    with pytest.raises(FormatRefusal) as caught:
        clave.derive(text, "pp-2023", "ABCDEF00000000H000")
    assert not text or text not in str(caught.value)


@pytest.mark.req("SEI-07")
@pytest.mark.req("SEI-09")
def test_only_the_persons_own_clave_opens_the_credential() -> None:
    random = SeededRandomness("clave")
    own = clave.generate(random)
    keys = clave.derive(own, "pp-2023", "ABCDEF00000000H000")
    wrapped = clave.wrap(keys, CREDENTIAL, random)
    assert clave.unwrap(keys, wrapped) == CREDENTIAL
    assert own.encode() not in wrapped.auth_hash + wrapped.sealed
    for other in (
        clave.derive(clave.generate(random), "pp-2023", "ABCDEF00000000H000"),
        clave.derive(own, "pp-2024", "ABCDEF00000000H000"),
        clave.derive(own, "pp-2023", "ABCDEF00000000M000"),
    ):
        with pytest.raises(clave.EntryRefusal):
            clave.unwrap(other, wrapped)


@pytest.mark.req("SEI-13")
def test_every_cause_of_a_refused_entry_looks_the_same() -> None:
    random = SeededRandomness("causas")
    keys = clave.derive(clave.generate(random), "pp-2023", "ABCDEF00000000H000")
    wrapped = clave.wrap(keys, CREDENTIAL, random)
    wrong_clave = clave.ClaveKeys(bytes(32), keys.wrap_key)
    wrong_seal = clave.ClaveKeys(keys.auth_key, bytes(32))
    messages = set()
    for bad in (wrong_clave, wrong_seal):
        with pytest.raises(clave.EntryRefusal) as caught:
            clave.unwrap(bad, wrapped)
        messages.add(str(caught.value))
    assert len(messages) == 1


@settings(max_examples=5)
@given(st.integers(0, 255))
def test_altered_seal_never_opens(position: int) -> None:
    random = SeededRandomness("sello")
    keys = clave.derive("ABCDEF1#", "pp-2023", "ABCDEF00000000H000")
    wrapped = clave.wrap(keys, CREDENTIAL, random)
    sealed = bytearray(wrapped.sealed)
    sealed[position % len(sealed)] ^= 1
    with pytest.raises(clave.EntryRefusal):
        clave.unwrap(keys, clave.Wrapped(wrapped.auth_hash, wrapped.nonce, bytes(sealed)))
