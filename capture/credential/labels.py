"""What is printed beside and under the labels of a front («NOMBRE», «CLAVE DE ELECTOR», …). Pure.

Real cards differ from each other and photographs bend them, so the labels say what a text is; places only
tell what stands beside or under them. Lengths are shares of the card's width and height.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from capture.credential.text import Line
from capture.imaging.picture import Box

_LABELS = (
    ("nombre", "NOMBRE"),
    ("domicilio", "DOMICILIO"),
    ("clave_elector", "CLAVEDEELECTOR"),
    ("curp", "CURP"),
    ("registro", "ANODEREGISTRO"),
    ("entidad", "ESTADO"),
    ("municipio", "MUNICIPIO"),
    ("seccion", "SECCION"),
    ("localidad", "LOCALIDAD"),
    ("emision", "EMISION"),
    ("vigencia", "VIGENCIAHASTA"),
    ("vigencia", "VIGENCIA"),
    ("fecha_nacimiento", "FECHADENACIMIENTO"),
    ("sexo", "SEXO"),
    ("edad", "EDAD"),
    ("folio", "FOLIO"),
)
_BY_LENGTH = sorted(_LABELS, key=lambda label: -len(label[1]))
_GLUED = frozenset({"clave_elector", "curp", "sexo"})
"""Labels that readers join to the letters of their value."""
_CHARS_PER_ERROR = 6
_LONG = 6
"""Letters of labels that are told from other words also with a letter too many before them."""
_LOOKALIKES = str.maketrans("015864|!", "OISBGAII")
_MARKS = " :.-_|"
"""What readers see between a label and its value."""
_COLUMN = 0.05  # of the width: lines that begin so near to each other are one column
_GAP = 0.05  # of the width: what is so near on a row goes together
_ROW_GAP = 0.14  # of the width: a value beside its label is no farther away
_FAR = 2.2  # times its height: the next row of a paragraph is no farther below


@dataclass(frozen=True, slots=True)
class Label:
    """One label found: line `at`, characters `start` to `end` of its text."""

    name: str
    at: int
    start: int
    end: int
    where: Box


@dataclass(frozen=True, slots=True)
class Printed:
    """A text of a card, and how sure the least sure of its characters is."""

    text: str = field(repr=False)
    sure: float
    where: Box


class Front:
    """The lines of a picture and the labels among them."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = tuple(lines)
        self.labels = tuple(label for at, line in enumerate(self.lines) for label in _labels(at, line))

    @property
    def names(self) -> frozenset[str]:
        """Names of the labels that were found."""
        return frozenset(label.name for label in self.labels)

    def find(self, name: str) -> Label | None:
        """The first label of that name."""
        return next((label for label in self.labels if label.name == name), None)

    def beside(self, label: Label) -> Printed | None:
        """What follows the label on its row, up to the next label."""
        line = self.lines[label.at]
        end, stopped = self._next_start(label.at, label.end)
        parts = [Printed(line.text[label.end : end].strip(_MARKS), line.sure, line.where)]
        right = line.where.left + line.where.width
        for at in () if stopped else self._to_the_right(label.at):
            other = self.lines[at]
            if other.where.left - right > _ROW_GAP:
                break
            end, stopped = self._next_start(at, 0)
            parts.append(Printed(other.text[:end].strip(_MARKS), other.sure, other.where))
            right = other.where.left + other.where.width
            if stopped:
                break
        return joined([part for part in parts if part.text])

    def under(self, label: Label) -> list[Printed]:
        """The rows of the paragraph below the label, up to the next label of its column."""
        floor = min(
            (o.where.top for o in self.labels if _below(o.where, label.where) and _one_column(o, label)),
            default=1.0,
        )
        labelled = {other.at for other in self.labels}
        free = [
            line
            for at, line in enumerate(self.lines)
            if at not in labelled and _below(line.where, label.where) and _middle(line.where) < floor
        ]
        paragraph: list[Printed] = []
        last = label.where
        for row in rows(free):
            made = _paragraph_row(row, label.where.left)
            if made is None:
                continue
            if made.where.top - (last.top + last.height) > _FAR * made.where.height:
                break
            paragraph.append(made)
            last = made.where
        return paragraph

    def _next_start(self, at: int, after: int) -> tuple[int, bool]:
        """Where the next label of a line begins, or its end; and whether there is one."""
        starts = [label.start for label in self.labels if label.at == at and label.start >= after]
        return (min(starts), True) if starts else (len(self.lines[at].text), False)

    def _to_the_right(self, at: int) -> list[int]:
        here = self.lines[at].where
        row = [i for i, o in enumerate(self.lines) if o.where.left > here.left and same_row(o.where, here)]
        return sorted(row, key=lambda i: self.lines[i].where.left)


def joined(parts: Sequence[Printed], between: str = " ") -> Printed | None:
    """Several texts as one; None for none."""
    if not parts:
        return None
    where = union(part.where for part in parts)
    return Printed(between.join(part.text for part in parts), min(part.sure for part in parts), where)


def union(boxes: Iterable[Box]) -> Box:
    """The smallest rectangle around all; at least one."""
    every = list(boxes)
    left, top = min(b.left for b in every), min(b.top for b in every)
    right = max(b.left + b.width for b in every)
    bottom = max(b.top + b.height for b in every)
    return Box(left, top, right - left, bottom - top)


def rows(lines: Iterable[Line]) -> list[list[Line]]:
    """Lines that stand at one height together, from top to bottom, each from left to right."""
    made: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: _middle(line.where)):
        if made and same_row(made[-1][0].where, line.where):
            made[-1].append(line)
        else:
            made.append([line])
    return [sorted(row, key=lambda line: line.where.left) for row in made]


def same_row(one: Box, other: Box) -> bool:
    """Whether two lines stand at one height."""
    return abs(_middle(one) - _middle(other)) < 0.5 * max(one.height, other.height)


def folded(text: str) -> str:
    """Capitals without accents: MADROÑO is MADRONO."""
    spelled = unicodedata.normalize("NFD", text.upper())
    return "".join(c for c in spelled if not unicodedata.combining(c))


def compact(text: str) -> tuple[str, list[int]]:
    """Letters as labels have them, without spaces and marks; and where each was in `text`."""
    kept = [(folded(c).translate(_LOOKALIKES), at) for at, c in enumerate(text) if c.isalnum() or c in "|!"]
    return "".join(c[:1] for c, _ in kept), [at for _, at in kept]


def occurs(text: str, word: str) -> int | None:
    """Where `word` begins in a compact text, one character in six may differ. None: nowhere."""
    allowed = len(word) // _CHARS_PER_ERROR
    for start in range(len(text) - len(word) + 1):
        window = text[start : start + len(word)]
        if sum(a != b for a, b in zip(window, word, strict=True)) <= allowed:
            return start
    return None


def _labels(at: int, line: Line) -> list[Label]:
    letters, places = compact(line.text)
    found: list[Label] = []
    for name, word in _BY_LENGTH:
        start = occurs(letters, word)
        if start is None:
            continue
        first, last = places[start], places[start + len(word) - 1] + 1
        taken = any(first < label.end and label.start < last for label in found)
        if not taken and _is_word(line.text, first, last, glued=name in _GLUED):
            found.append(Label(name, at, first, last, line.where))
            letters = letters[:start] + "\0" * len(word) + letters[start + len(word) :]
    return sorted(found, key=lambda label: label.start)


def _is_word(text: str, first: int, last: int, *, glued: bool) -> bool:
    """A line may begin with a letter that a reader made of a speck: «DESTADO» is none of a word."""
    before, after = text[first - 1 : first], text[last : last + 1]
    speck = first == 1 and last - first >= _LONG
    return (speck or not before.isalpha()) and (glued or not after.isalpha())


def _paragraph_row(row: Sequence[Line], left: float) -> Printed | None:
    """The lines of a row that begin in the column and go on without a gap."""
    parts: list[Printed] = []
    right = left
    for line in row:
        near = _COLUMN if not parts else _GAP
        if line.where.left < left - _COLUMN:
            continue
        if line.where.left - right > near:
            break
        parts.append(Printed(line.text, line.sure, line.where))
        right = line.where.left + line.where.width
    return joined(parts)


def _middle(box: Box) -> float:
    return box.top + box.height / 2


def _below(box: Box, other: Box) -> bool:
    return _middle(box) > other.top + other.height


def _one_column(label: Label, other: Label) -> bool:
    return abs(label.where.left - other.where.left) < 2 * _COLUMN
