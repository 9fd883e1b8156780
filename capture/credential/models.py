"""Which side a picture shows and of which model it is, by codes, headers, labels and other lines. Pure.

A and B are not told apart here: they have been replaced and nothing public says how they are printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from capture.credential.labels import Front, compact, occurs
from capture.credential.text import Page
from capture.identity.credential_numbers import BackCode, back_code
from capture.identity.errors import IdentityRefusal
from capture.identity.mrz import Mrz
from capture.reading.results import CodeRead, Side

_OF_THE_STATE = frozenset({"entidad", "municipio", "localidad"})
"""Labels that models before G have."""
_FRONT_LABELS = 2
"""So many labels make a front."""
_LEFT = 0.25  # of the width: on I and J the small QR is the leftmost thing of the back
_DENSE_LEFT = 0.2  # of the width: on G and H a dense QR is
_LOWER_ROW, _LOWER_ROW_ABROAD = 0.094, 0.16
"""Of the height from the CURP to the sección: more on I, and on J."""


@dataclass(frozen=True, slots=True)
class Seen:
    """All that was read on one picture."""

    page: Page
    codes: tuple[CodeRead, ...] = ()
    mrz: Mrz | None = None

    @property
    def front(self) -> Front:
        """Its lines as those of a front."""
        return Front(self.page.lines)


def side_of(seen: Seen) -> Side | None:
    """The side that a picture shows; None when neither is recognised."""
    if seen.mrz is not None or seen.codes:
        return Side.REVERSO
    if len(seen.front.names) >= _FRONT_LABELS:
        return Side.ANVERSO
    vertical = any(line.vertical and sum(c.isdigit() for c in line.text) >= 12 for line in seen.page.lines)
    return Side.REVERSO if vertical else None


def model_of(front: Seen | None, back: Seen | None) -> str | None:
    """The letter, C to J; None when what was read fits none or several."""
    family = _family(front, back)
    if family is None or len(family) == 1:
        return family
    if family == "EF":
        return _by_abroad(front, "E", "F")
    later = _is_later(front, back)
    if later is None:
        return None
    return _by_abroad(front, *("IJ" if later else "GH"))


def small_qr(codes: Sequence[CodeRead]) -> tuple[CodeRead, BackCode] | None:
    """The QR in clear of models E and later and what it says; None when it was not read."""
    for code in codes:
        try:
            return code, back_code(code.text if code.symbology == "qr" else "")
        except IdentityRefusal:
            continue
    return None


def _family(front: Seen | None, back: Seen | None) -> str | None:
    """C, D, EF or GHIJ."""
    if front is not None and _says(front.page, "FEDERALELECTORAL"):
        newer = "curp" in front.front.names or (back is not None and _has_later_back(back))
        return "D" if newer else "C"
    if back is not None and (found := _family_of_back(back)):
        return found
    if front is None or not _says(front.page, "NACIONALELECTORAL"):
        return None
    return "EF" if front.front.names & _OF_THE_STATE else "GHIJ"


def _family_of_back(back: Seen) -> str | None:
    kinds = {code.symbology for code in back.codes}
    if any(code.encrypted for code in back.codes):
        return "GHIJ"
    if "pdf417" in kinds:
        return "D"
    if small_qr(back.codes) and "code128" in kinds:
        return "EF"
    return None


def _has_later_back(back: Seen) -> bool:
    return back.mrz is not None or any(code.symbology == "pdf417" for code in back.codes)


def _by_abroad(front: Seen | None, here: str, abroad: str) -> str | None:
    if front is None:
        return None
    return abroad if _is_abroad(front) else here


def _is_abroad(front: Seen) -> bool:
    return _says(front.page, "DESDEELEXTRANJERO")


def _is_later(front: Seen | None, back: Seen | None) -> bool | None:
    """Whether it is I or J and not G or H: by where the codes are, else by the rows of the front."""
    if back is not None:
        small = small_qr(back.codes)
        if small is not None and small[0].where is not None:
            return small[0].where.left < _LEFT
        dense = [code.where for code in back.codes if code.encrypted and code.where is not None]
        if len(dense) == 2:
            return min(box.left for box in dense) > _DENSE_LEFT
    if front is None:
        return None
    curp, section = front.front.find("curp"), front.front.find("seccion")
    if curp is None or section is None:
        return None
    least = _LOWER_ROW_ABROAD if _is_abroad(front) else _LOWER_ROW
    return section.where.top - curp.where.top > least


def _says(page: Page, words: str) -> bool:
    return occurs(_all(page), words) is not None


def _all(page: Page) -> str:
    return "\0".join(compact(line.text)[0] for line in page.lines)
