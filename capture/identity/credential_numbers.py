"""The numbers on a Credencial para Votar: CIC, OCR and sección, and what the small QR of its back says."""

from __future__ import annotations

import re
from dataclasses import dataclass

from capture.identity.errors import IdentityRefusal

QR_MODELS = frozenset("DEFGH")
"""Models whose back has a QR code: the only ones of «Mi Apoyo» (002 §5.2)."""
_CIC = re.compile(r"[0-9]{9}")
_OCR = re.compile(r"[0-9]{12,13}")
_SECTION = re.compile(r"[0-9]{1,4}")
_QR = re.compile(r"https?://qr\.ine\.mx/([0-9]{13})([0-9]{2})([0-9]{9})/[0-9A-Za-z/]{1,40}")


def cic(text: str, field: str = "CIC") -> str:
    """Nine digits; the letters IDMEX that precede them on the card may be typed too."""
    return _digits(_CIC, "cic", "9 dígitos", text.strip().upper().removeprefix("IDMEX"), field)


def ocr(text: str, field: str = "OCR") -> str:
    """Thirteen digits, twelve on the oldest cards."""
    return _digits(_OCR, "ocr", "12 o 13 dígitos", text, field)


def section(text: str, field: str = "Sección electoral") -> str:
    """Four digits; fewer are completed with zeros."""
    return _digits(_SECTION, "seccion", "de 1 a 4 dígitos", text, field).zfill(4)


def _digits(form: re.Pattern[str], rule: str, expected: str, text: str, field: str) -> str:
    typed = "".join(text.split())
    if not form.fullmatch(typed):
        digits = typed.isascii() and typed.isdigit()
        got = f"{len(typed)} dígitos" if digits else "otros caracteres" if typed else "nada"
        raise IdentityRefusal(rule, field, expected, got)
    return typed


@dataclass(frozen=True, slots=True)
class BackCode:
    """What the QR of the back says in clear. Anyone can print one: it identifies, it proves nothing."""

    cic: str
    ocr: str
    emission: str = "00"
    """Two digits: how many times the credential was issued."""


def back_code(text: str, field: str = "Código QR del reverso") -> BackCode:
    """The CIC and OCR of the QR `http://qr.ine.mx/<OCR><emission><CIC>/…` of models D to H."""
    found = _QR.fullmatch(text.strip())
    if found is None:
        expected = "el código QR del reverso de una credencial modelo D, E, F, G o H"
        raise IdentityRefusal("qr.reverso", field, expected, "otro código")
    return BackCode(cic=found.group(3), ocr=found.group(1), emission=found.group(2))


def qr_model(text: str, field: str = "Tipo de credencial") -> str:
    """The letter of a model that has a QR on its back."""
    letter = text.strip().upper()
    if letter not in QR_MODELS:
        expected = "una credencial modelo D, E, F, G o H con código QR al reverso"
        raise IdentityRefusal("credencial.modelo", field, expected, letter or "nada")
    return letter
