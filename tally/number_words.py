"""Whole numbers in Spanish words, as an acta writes them beside the figures: «ciento veintitrés»."""

from __future__ import annotations

LIMIT = 10**12
# fmt: off
_UNITS = (
    "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once",
    "doce", "trece", "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve",
    "veinte", "veintiuno", "veintidós", "veintitrés", "veinticuatro", "veinticinco", "veintiséis",
    "veintisiete", "veintiocho", "veintinueve",
)
_TENS = (
    "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa",
)
_HUNDREDS = (
    "ciento", "doscientos", "trescientos", "cuatrocientos", "quinientos", "seiscientos", "setecientos",
    "ochocientos", "novecientos",
)
# fmt: on


def in_words(number: int) -> str:
    """`number` in words, 0 <= number < LIMIT, as a bare numeral («veintiuno»). Raises ValueError."""
    if not 0 <= number < LIMIT:
        raise ValueError(f"fuera de 0 a {LIMIT - 1}: {number}")
    if number == 0:
        return _UNITS[0]
    millions, rest = divmod(number, 10**6)
    parts = [_millions(millions), _below_million(rest)]
    return " ".join(part for part in parts if part)


def _millions(count: int) -> str:
    if count == 0:
        return ""
    return "un millón" if count == 1 else f"{_shortened(_below_million(count))} millones"


def _below_million(number: int) -> str:
    thousands, rest = divmod(number, 1000)
    head = (
        {0: "", 1: "mil"}.get(thousands) if thousands < 2 else f"{_shortened(_below_thousand(thousands))} mil"
    )
    return " ".join(part for part in (head, _below_thousand(rest)) if part)


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    if number == 100:
        return "cien"
    head = _HUNDREDS[hundreds - 1] if hundreds else ""
    return " ".join(part for part in (head, _below_hundred(rest)) if part)


def _below_hundred(number: int) -> str:
    if number == 0:
        return ""
    if number < 30:
        return _UNITS[number]
    tens, unit = divmod(number, 10)
    return _TENS[tens - 3] + (f" y {_UNITS[unit]}" if unit else "")


def _shortened(words: str) -> str:
    """The form before a noun («veintiún mil», «un millón»)."""
    if words.endswith("veintiuno"):
        return words.removesuffix("veintiuno") + "veintiún"
    return words.removesuffix("o") if words.endswith("uno") else words
