"""Invented people with credentials of a valid form. Nobody here exists: surnames are names of trees."""

from __future__ import annotations

from dataclasses import dataclass

from capture.identity.curp import check_digit
from capture.identity.entidades import ENTIDADES
from capture.packet.record import Code
from keys.randomness import Randomness

_words = str.split
_SURNAMES = _words(
    "AHUEHUETE ABETO ACACIA ALAMO CAPULIN CEDRO CEREZO CIRUELO COPAL ENCINO FRESNO GUAMUCHIL GUAYABO"
    " HUANACAXTLE HUIZACHE JACARANDA LIMONERO MADROÑO MEZQUITE NARANJO NOGAL OLIVO OYAMEL PALOVERDE PIRUL"
    " ROBLE SABINO SAUCE TEJOCOTE TULE ZAPOTE"
)
_WOMEN = _words("ABRIL CARMEN ELENA FABIOLA IRENE JULIETA LUCIA NADIA OLIVIA REGINA SOFIA XIMENA")
_MEN = _words("BRUNO CESAR DIEGO EMILIO FELIPE HECTOR IGNACIO MATEO NICOLAS RAMON SAUL TOMAS")
_VOWELS = frozenset("AEIOU")
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


def invent(randomness: Randomness, entidad: str = "32") -> Invented:
    """A person who lives in that entidad (two digits) and was born in any."""
    woman = randomness.below(2) == 0
    paternal, maternal = (_one(_SURNAMES, randomness) for _ in range(2))
    name = _one(_WOMEN if woman else _MEN, randomness)
    born = f"{40 + randomness.below(60):02d}{1 + randomness.below(12):02d}{1 + randomness.below(28):02d}"
    birthplace = _one(sorted(ENTIDADES), randomness)
    sex = "M" if woman else "H"
    model = _one(MODELS, randomness)
    section = f"{1 + randomness.below(1900):04d}"
    values = {
        "nombre": name,
        "apellido_paterno": paternal,
        "apellido_materno": maternal,
        "clave_elector": _clave(paternal, maternal, name, born, birthplace, sex, randomness),
        "curp": _curp(paternal, maternal, name, born, birthplace, sex),
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


def _one(options: list[str] | str, randomness: Randomness) -> str:
    return options[randomness.below(len(options))]


def _inner(word: str, *, vowel: bool) -> str:
    """The first inner vowel or consonant, X where there is none."""
    plain = word[1:].replace("Ñ", "X")
    return next((c for c in plain if (c in _VOWELS) == vowel), "X")


def _clave(
    paternal: str, maternal: str, name: str, born: str, birthplace: str, sex: str, randomness: Randomness
) -> str:
    letters = "".join(word[0] + _inner(word, vowel=False) for word in (paternal, maternal, name))
    return f"{letters}{born}{birthplace}{sex}{randomness.below(1000):03d}"


def _curp(paternal: str, maternal: str, name: str, born: str, birthplace: str, sex: str) -> str:
    initials = paternal[0] + _inner(paternal, vowel=True) + maternal[0] + name[0]
    consonants = "".join(_inner(word, vowel=False) for word in (paternal, maternal, name))
    first = f"{initials}{born}{sex}{ENTIDADES[birthplace].curp}{consonants}0"
    return first + check_digit(first)
