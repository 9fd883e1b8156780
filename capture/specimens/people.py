"""Whom a drawn credential is of, and all that is printed on it. Nobody exists: surnames are plants. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from capture.credential.layouts import ABROAD, DRAWN_MODELS, Kind, layout
from capture.device.people import Invented, Names, invent
from capture.identity.curp import curp
from capture.packet.record import FIELDS, Code
from capture.reading.results import Side
from capture.specimens.mrz_lines import MrzData, compose_mrz
from keys.randomness import Randomness

_words = str.split
_NAMES = Names(
    [
        *_words("AHUEHUETE ABETO ÁLAMO CAPULÍN CEDRO CIRUELO COPAL ENCINO FRESNO GUAMÚCHIL GUAYABO HUIZACHE"),
        *_words(
            "JACARANDA LIMONERO MADROÑO MEZQUITE NARANJO NOGAL OLIVO OYAMEL PIÑÓN PIRÚ ROBLE SABINO SAUCE"
        ),
        *_words("TEJOCOTE TULE ZAPOTE CASTAÑO PEÑALVER CAÑAVERAL AGÜERO QUEBRACHO YUCA NUÑO ÉBANO"),
        *("DE LA CEIBA", "DEL OLMO", "DE LA PALMA REAL", "HUANACAXTLE PALOVERDE", "DE LOS MANZANOS"),
    ],
    [
        *_words(
            "ABRIL CARMEN ELENA FABIOLA IRENE JULIETA LUCÍA NADIA OLIVIA REGINA SOFÍA XIMENA ÚRSULA BEGOÑA"
        ),
        *("MARÍA DEL CARMEN", "ANA LUCÍA", "MARÍA DE LOS ÁNGELES", "ROSA ELENA", "MARÍA GUADALUPE MONSERRAT"),
    ],
    [
        *_words("BRUNO CÉSAR DIEGO EMILIO FELIPE HÉCTOR IGNACIO MATEO NICOLÁS RAMÓN SAÚL TOMÁS ÍÑIGO ÓSCAR"),
        *("JOSÉ LUIS", "JUAN PABLO", "JOSÉ MARÍA", "LUIS ÁNGEL", "FRANCISCO ALEJANDRO MAXIMILIANO"),
    ],
)
_STREETS = (
    *(
        "C ORQUÍDEAS",
        "AV DE LOS LAURELES",
        "PRIV BUGAMBILIA",
        "CDA NOCHEBUENA",
        "C 16 DE JUNIO",
        "AND GIRASOL",
    ),
    *("BLVD PASEO DE LOS CARDENALES", "C JOSÉ DE LA NUBE", "CARR A LA LAGUNA KM 7"),
)
_QUARTERS = ("COL LAS FLORES", "FRACC VALLE DEL RÍO", "BARR LA PEÑUELA", "COL EL MEZQUITAL", "LOC AGUA CLARA")
_TOWNS = ("NUBARRÓN", "SAN TELMO DEL VALLE", "LA CAÑADA", "PUERTO BRUMA", "VILLA DE ENSUEÑO")


@dataclass(frozen=True, slots=True)
class Person:
    """Everything that both sides say. A reader's truth is `values`."""

    invented: Invented
    printed: Mapping[str, str] = field(repr=False)
    """Texts by the names of the layout, those too that this model does not show; lines end in a line feed."""
    mrz: tuple[str, ...] = field(repr=False)
    """Three lines; none on model C."""
    codes: Mapping[str, str] = field(repr=False)
    """The text of each code that can be read, by the names of the layout."""

    @property
    def model(self) -> str:
        """The letter."""
        return self.invented.model

    @property
    def values(self) -> dict[str, str]:
        """What can be read on this card, by the names of FIELDS and in their order."""
        shown = layout(self.model, Side.ANVERSO).fields | layout(self.model, Side.REVERSO).fields
        if self.mrz:
            shown |= {"cic", "ocr"}
        return {name: self.invented.values[name] for name in FIELDS if name in shown}

    @property
    def shown(self) -> dict[str, str]:
        """The texts that this model prints, by the names of the layout."""
        fields = layout(self.model, Side.ANVERSO).fields | layout(self.model, Side.REVERSO).fields
        return {name: text for name, text in self.printed.items() if name in fields}

    @property
    def symbols(self) -> tuple[Code, ...]:
        """What the app reads on the back, as a packet holds it (dense QR are not asked for)."""
        read = [Code(name, text) for name, text in self.codes.items()]
        return (
            (*read, Code("mrz", "\n".join(self.mrz)))
            if self.mrz
            else (*read, Code("ocr", self.codes["code128"]))
        )


def invent_person(randomness: Randomness, model: str | None = None, entidad: str = "32") -> Person:
    """A person with a credential of that model, or of any of C to J; numbers have their check digits."""
    model = model or DRAWN_MODELS[randomness.below(len(DRAWN_MODELS))]
    invented = invent(randomness, entidad, model, _NAMES, years=68)
    values = invented.values
    key = curp(values["curp"])
    issued = max(int(values["vigencia"]) - 10, key.birth.year + 18)
    values["vigencia"] = str(issued + 10)
    printed = _printed(invented, key.birth, key.sexo, issued, randomness)
    if model == "C":
        return Person(invented, printed, (), {"code128": values["ocr"]})
    expiry = date(int(values["vigencia"]), 12, 31)
    number = f"{randomness.below(10**5):05d}"
    names = (values["apellido_paterno"], values["apellido_materno"], values["nombre"])
    emission = values["numero_emision"]
    lines = compose_mrz(
        MrzData(values["cic"], values["ocr"], key.birth, key.sexo, expiry, emission, number, *names)
    )
    day = f"{issued}{1 + randomness.below(12):02d}{1 + randomness.below(28):02d}"
    return Person(invented, printed, lines, _codes(invented, day, randomness))


def _printed(
    invented: Invented, birth: date, sex: str, issued: int, randomness: Randomness
) -> dict[str, str]:
    values = invented.values
    registered = min(birth.year + 18 + randomness.below(25), issued)
    texts = dict(values)
    texts |= {
        "anio_registro": str(registered),
        "localidad": f"{1 + randomness.below(300):04d}",
        "emision": str(issued),
        "fecha_nacimiento": f"{birth:%d/%m/%Y}",
        "sexo": sex,
        "edad": str(registered - birth.year),
        "folio": f"{randomness.below(10**13):013d}",
    }
    if invented.model in "GHIJ":
        texts["vigencia"] = f"{issued} - {values['vigencia']}"
    if invented.model not in ABROAD:
        texts["domicilio"] = _address(values["entidad"], randomness)
    return texts


def _address(entidad: str, randomness: Randomness) -> str:
    street = f"{_one(_STREETS, randomness)} {1 + randomness.below(999)}"
    quarter = f"{_one(_QUARTERS, randomness)} {randomness.below(100_000):05d}"
    return f"{street}\n{quarter}\n{_one(_TOWNS, randomness)}, {_SHORT.get(entidad, 'MÉX.')}"


_SHORT = {"01": "AGS.", "11": "GTO.", "14": "JAL.", "32": "ZAC."}


def _codes(invented: Invented, day: str, randomness: Randomness) -> dict[str, str]:
    """By the names of the layout. What the 1D code and the PDF417 say is not public: ours is plausible."""
    values = invented.values
    whole = f"{values['ocr']}{values['numero_emision']}{values['cic']}"
    letter = "ABCDEFGHJK"[randomness.below(10)]
    texts = {
        "code128": f"IDMEX{values['cic']}",
        "pdf417": f"{whole}|{values['clave_elector']}|{day}",
        "qr": f"http://qr.ine.mx/{whole}/{day}/{letter}/{randomness.below(10**6):06d}",
    }
    drawn = {region.name for region in layout(invented.model, Side.REVERSO).of_kind(Kind.CODE)}
    return {name: text for name, text in texts.items() if name in drawn}


def _one(options: tuple[str, ...], randomness: Randomness) -> str:
    return options[randomness.below(len(options))]
