"""Invented people with credentials of a valid form. Nobody here exists: surnames are names of trees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from capture.identity.composing import Born, compose_clave, compose_curp
from capture.identity.entidades import ENTIDADES
from capture.packet.record import Code
from keys.randomness import Randomness

_words = str.split


@dataclass(frozen=True, slots=True)
class Names:
    """What people may be called."""

    surnames: Sequence[str]
    women: Sequence[str]
    men: Sequence[str]


TREES = Names(
    _words(
        "AHUEHUETE ABETO ACACIA ALAMO CAPULIN CEDRO CEREZO CIRUELO COPAL ENCINO FRESNO GUAMUCHIL GUAYABO"
        " HUANACAXTLE HUIZACHE JACARANDA LIMONERO MADROÑO MEZQUITE NARANJO NOGAL OLIVO OYAMEL PALOVERDE PIRUL"
        " ROBLE SABINO SAUCE TEJOCOTE TULE ZAPOTE"
    ),
    _words("ABRIL CARMEN ELENA FABIOLA IRENE JULIETA LUCIA NADIA OLIVIA REGINA SOFIA XIMENA"),
    _words("BRUNO CESAR DIEGO EMILIO FELIPE HECTOR IGNACIO MATEO NICOLAS RAMON SAUL TOMAS"),
)
_NO_CIC = frozenset("ABC")
"""Models without a CIC: the lista nominal is asked by their OCR."""
MODELS = "CDEFGH"


@dataclass(frozen=True, slots=True)
class Invented:
    """What can be read on a credential; all text, as `capture.packet.record.FIELDS` names it."""

    model: str
    values: dict[str, str]

    @property
    def credencial(self) -> str:
        """Which number the envelope and the acuse name: `cic` or `ocr`."""
        return "ocr" if self.model in _NO_CIC else "cic"

    @property
    def numero(self) -> str:
        """Its digits."""
        return self.values[self.credencial]

    @property
    def codes(self) -> tuple[Code, ...]:
        """What the app reads on the back: a QR where the model has one."""
        ocr = self.values["ocr"]
        if self.model in _NO_CIC:
            return (Code("ocr", ocr),)
        address = (
            f"http://qr.ine.mx/{ocr}{self.values['numero_emision']}{self.values['cic']}/20200101/A/000001"
        )
        return (Code("qr", address), Code("ocr", f"IDMEX{self.values['cic']}"))


def invent(
    randomness: Randomness,
    entidad: str = "32",
    model: str | None = None,
    names: Names = TREES,
    years: int = 60,
) -> Invented:
    """A person who lives in that entidad (two digits) and was born in any, in those years from 1940 on.

    Without a model, it is one of MODELS.
    """
    woman = randomness.below(2) == 0
    paternal, maternal = (_one(names.surnames, randomness) for _ in range(2))
    name = _one(names.women if woman else names.men, randomness)
    day = date(1940 + randomness.below(years), 1 + randomness.below(12), 1 + randomness.below(28))
    birthplace = _one(sorted(ENTIDADES), randomness)
    born = Born(paternal, maternal, name, day, "M" if woman else "H", birthplace)
    drawn = _one(MODELS, randomness)
    model = model or drawn
    section = f"{1 + randomness.below(1900):04d}"
    values = {
        "nombre": name,
        "apellido_paterno": paternal,
        "apellido_materno": maternal,
        "clave_elector": compose_clave(born, f"{randomness.below(1000):03d}"),
        "curp": compose_curp(born),
        "numero_emision": f"{randomness.below(4):02d}",
        "ocr": f"{section}{randomness.below(10**9):09d}",
        "cic": f"{randomness.below(10**9):09d}",
        "entidad": entidad,
        "municipio": f"{1 + randomness.below(58):03d}",
        "seccion": section,
        "vigencia": f"{2027 + randomness.below(9)}",
    }
    if model in _NO_CIC:
        del values["cic"]
    return Invented(model, values)


def _one(options: Sequence[str], randomness: Randomness) -> str:
    return options[randomness.below(len(options))]
