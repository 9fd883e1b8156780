"""At the Mesa: who opined by internet does not opine again."""

from __future__ import annotations

import json

import pyrage
import pytest

from keys import canonical
from keys.errors import Refusal
from tally.listado import commitment, listado_data, sealed
from tally.mesa.errors import AlreadyOpined, MesaRefusal
from tally.mesa.looking import normal_clave, open_listado, read_listado

pytestmark = pytest.mark.req("SEI-24")
CLAVES = ["BCDFGH90010109H100", "GMVLMR80070501M100"]
DATA = listado_data("pp-2022", "02-001", CLAVES, bytes(32))


def test_a_person_of_the_listado_is_refused_and_another_is_not() -> None:
    listado = read_listado(DATA, commitment(DATA))
    for typed in (CLAVES[0], "bcdfgh 900101 09h100", " GMVLMR-80070501-M100"):
        with pytest.raises(AlreadyOpined) as caught:
            listado.require_may_opine(typed)
        assert caught.value.rule == "mesa.ya_opino"
        assert "BCDFGH" not in str(caught.value) and "GMVLMR" not in str(caught.value)
    listado.require_may_opine("GMVLMR80070501M101")


@pytest.mark.parametrize(
    "typed", ["", "GMVLMR80070501M10", "1MVLMR80070501M100", "GMVLMR80070501X100", "Ñ" * 18]
)
def test_what_is_no_clave_is_refused_without_being_quoted(typed: str) -> None:
    with pytest.raises(MesaRefusal) as caught:
        normal_clave(typed)
    assert not typed or typed not in str(caught.value)


def test_only_the_own_key_opens_the_listado_and_only_the_one_of_the_acta() -> None:
    own, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    file = sealed(DATA, str(own.to_public()))
    assert open_listado(file, str(own), commitment(DATA)).clave == "02-001"
    with pytest.raises(MesaRefusal, match=r"listado\.cifrado"):
        open_listado(file, str(other), None)
    with pytest.raises(MesaRefusal, match=r"listado\.huella"):
        open_listado(file, str(own), "0" * 64)


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"listado": "otro"},
        {"sal": "00"},
        {"sal": "x" * 64},
        {"claves_de_elector": CLAVES[::-1]},
        {"claves_de_elector": [1]},
        {"de_mas": 1},
    ],
)
def test_an_altered_listado_is_refused_without_being_quoted(change: dict[str, object]) -> None:
    data = canonical.encode_sorted(json.loads(DATA) | change)
    with pytest.raises(Refusal) as caught:
        read_listado(data, None)
    assert caught.value.rule == "listado.forma" and "BCDFGH" not in str(caught.value)
    assert "BCDFGH" not in repr(read_listado(DATA, None))
