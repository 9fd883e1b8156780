"""The rows behind `capture.credential.layouts`: kind, name, (left, top, width, height) in pixels, …"""

from __future__ import annotations

from collections.abc import Iterable

Rectangle = tuple[int, int, int, int]
Row = tuple[str, str, Rectangle, str, int, bool]

_IFE, _INE = "INSTITUTO FEDERAL ELECTORAL", "INSTITUTO NACIONAL ELECTORAL"
_TITLE = "CREDENCIAL PARA VOTAR"
_ABROAD = "DESDE EL EXTRANJERO"
_SMALL, _VALUE = 26, 40  # pixels of height of labels and of values


def _header(text: str, left: int, top: int, width: int, height: int) -> Row:
    return ("encabezado", "encabezado", (left, top, width, height), text, 1, False)


def _label(name: str, text: str, left: int, top: int, width: int) -> Row:
    return ("etiqueta", name, (left, top, width, _SMALL), text, 1, False)


def _text(name: str, left: int, top: int, width: int, height: int = _VALUE, lines: int = 1) -> Row:
    return ("texto", name, (left, top, width, height), "", lines, False)


def _place(kind: str, left: int, top: int, width: int, height: int, name: str = "") -> Row:
    return (kind, name or kind, (left, top, width, height), "", 1, False)


def _above(name: str, text: str, left: int, top: int, width: int) -> tuple[Row, ...]:
    """A label and, under it, its value."""
    return (_label(name, text, left, top, width), _text(name, left, top + 28, width))


def _beside(name: str, text: str, left: int, top: int, label: int, value: int) -> tuple[Row, ...]:
    """A label and, on its right, its value; their widths."""
    return (_label(name, text, left, top + 10, label), _text(name, left + label + 12, top, value))


def _registered(left: int, top: int) -> tuple[Row, ...]:
    """The year of the registration and, on the same line, the number of the emission: «2010 02»."""
    return (
        _label("anio_registro", "AÑO DE REGISTRO", left, top + 10, 206),
        _text("anio_registro", left + 218, top, 94),
        _text("numero_emision", left + 322, top, 50),
    )


def _names(left: int, top: int, width: int) -> tuple[Row, ...]:
    return (
        _label("nombre", "NOMBRE", left, top, 120),
        _text("apellido_paterno", left, top + 30, width),
        _text("apellido_materno", left, top + 74, width),
        _text("nombre", left, top + 118, width),
    )


def _address(left: int, top: int, width: int) -> tuple[Row, ...]:
    return (
        _label("domicilio", "DOMICILIO", left, top, 140),
        _text("domicilio", left, top + 30, width, 114, lines=3),
    )


_MARK = _place("muestra", 60, 888, 1180, 80)
_IFE_FRONT: tuple[Row, ...] = (
    _header(_IFE, 190, 34, 900, 50),
    _header("REGISTRO FEDERAL DE ELECTORES", 190, 88, 620, 30),
    _header(_TITLE, 190, 124, 640, 42),
    _place("fotografia", 1140, 180, 386, 480),
    *_names(60, 196, 640),
    *_above("edad", "EDAD", 780, 196, 80),
    *_beside("sexo", "SEXO", 780, 280, 70, 40),
    *_address(60, 374, 900),
    _MARK,
)
_FRONT_C: tuple[Row, ...] = (
    *_IFE_FRONT,
    *_beside("folio", "FOLIO", 60, 540, 80, 280),
    *_registered(560, 540),
    *_beside("clave_elector", "CLAVE DE ELECTOR", 60, 604, 226, 440),
    *_beside("entidad", "ESTADO", 60, 700, 100, 60),
    *_beside("municipio", "MUNICIPIO", 300, 700, 136, 80),
    *_beside("localidad", "LOCALIDAD", 60, 764, 136, 100),
    *_beside("seccion", "SECCIÓN", 360, 764, 116, 100),
)
_FRONT_D: tuple[Row, ...] = (
    *_IFE_FRONT,
    *_beside("folio", "FOLIO", 60, 540, 80, 280),
    *_registered(560, 540),
    *_beside("clave_elector", "CLAVE DE ELECTOR", 60, 604, 226, 440),
    *_beside("curp", "CURP", 60, 664, 70, 440),
    *_beside("entidad", "ESTADO", 60, 728, 100, 60),
    *_beside("municipio", "MUNICIPIO", 300, 728, 136, 80),
    *_beside("localidad", "LOCALIDAD", 600, 728, 136, 100),
    *_beside("seccion", "SECCIÓN", 60, 792, 116, 100),
    *_beside("emision", "EMISIÓN", 340, 792, 116, 100),
    *_beside("vigencia", "VIGENCIA HASTA", 640, 792, 206, 100),
)
_INE_FRONT: tuple[Row, ...] = (
    _header("MÉXICO", 60, 62, 220, 52),
    _header(_INE, 330, 40, 900, 54),
    _header(_TITLE, 330, 104, 680, 46),
    _place("fotografia", 60, 190, 380, 480),
    *_names(480, 196, 660),
    *_above("fecha_nacimiento", "FECHA DE NACIMIENTO", 1190, 196, 290),
    *_beside("sexo", "SEXO", 1190, 290, 70, 40),
    _place("fotografia-fantasma", 1300, 660, 216, 270),
    _MARK,
)
_PERSON: tuple[Row, ...] = (
    *_beside("clave_elector", "CLAVE DE ELECTOR", 480, 546, 226, 440),
    *_beside("curp", "CURP", 480, 606, 70, 440),
)
_FRONT_E: tuple[Row, ...] = (
    *_INE_FRONT,
    *_address(480, 380, 700),
    *_PERSON,
    *_registered(1090, 606),
    *_beside("entidad", "ESTADO", 480, 680, 100, 60),
    *_beside("municipio", "MUNICIPIO", 700, 680, 136, 80),
    *_beside("seccion", "SECCIÓN", 980, 680, 116, 100),
    *_beside("localidad", "LOCALIDAD", 480, 744, 136, 100),
    *_beside("emision", "EMISIÓN", 760, 744, 116, 100),
    *_beside("vigencia", "VIGENCIA", 1020, 744, 124, 100),
)
_FRONT_F: tuple[Row, ...] = (
    *_INE_FRONT,
    _header(_ABROAD, 1060, 110, 466, 36),
    *_beside("clave_elector", "CLAVE DE ELECTOR", 480, 400, 226, 440),
    *_beside("curp", "CURP", 480, 470, 70, 440),
    *_registered(480, 540),
    *_beside("entidad", "ESTADO", 480, 610, 100, 60),
    *_beside("municipio", "MUNICIPIO", 700, 610, 136, 80),
    *_beside("seccion", "SECCIÓN", 980, 610, 116, 100),
    *_beside("emision", "EMISIÓN", 480, 680, 116, 100),
    *_beside("vigencia", "VIGENCIA", 760, 680, 124, 100),
)
_FRONT_G: tuple[Row, ...] = (
    *_INE_FRONT,
    *_address(480, 380, 700),
    *_PERSON,
    *_registered(1090, 606),
    *_beside("seccion", "SECCIÓN", 480, 680, 116, 100),
    *_beside("vigencia", "VIGENCIA", 760, 680, 124, 230),
    _place("firma", 70, 700, 360, 150),
)
_FRONT_H: tuple[Row, ...] = (
    *_INE_FRONT,
    _header(_ABROAD, 1060, 110, 466, 36),
    *_beside("clave_elector", "CLAVE DE ELECTOR", 480, 400, 226, 440),
    *_beside("curp", "CURP", 480, 470, 70, 440),
    *_registered(480, 540),
    *_beside("seccion", "SECCIÓN", 480, 610, 116, 100),
    *_beside("vigencia", "VIGENCIA", 760, 610, 124, 230),
    _place("firma", 70, 700, 360, 150),
)


def _moved(table: Iterable[Row], names: frozenset[str], right: int, down: int) -> tuple[Row, ...]:
    """The same rows with the texts and labels of `names` somewhere else."""
    return tuple(
        (kind, name, (x + right, y + down, w, h), text, lines, turned)
        if name in names and kind in ("texto", "etiqueta")
        else (kind, name, (x, y, w, h), text, lines, turned)
        for kind, name, (x, y, w, h), text, lines, turned in table
    )


_LOWER = frozenset({"seccion", "vigencia"})
FRONTS: dict[str, tuple[Row, ...]] = {
    "C": _FRONT_C,
    "D": _FRONT_D,
    "E": _FRONT_E,
    "F": _FRONT_F,
    "G": _FRONT_G,
    "H": _FRONT_H,
    "I": _moved(_FRONT_G, _LOWER, 0, 40),
    "J": _moved(_FRONT_H, _LOWER, 0, 40),
}
_LINES: tuple[Row, ...] = (("mrz", "mrz", (70, 690, 1446, 262), "", 3, False),)
_BACK_MARK = _place("muestra", 60, 560, 1466, 90)
_BACK_C: tuple[Row, ...] = (
    _place("firma", 80, 90, 760, 260),
    _place("huella", 940, 60, 320, 420),
    _place("muestra", 60, 560, 1200, 110),
    _place("codigo", 60, 760, 860, 180, "code128"),
    ("texto", "ocr", (1420, 80, 72, 840), "", 1, True),
)
_BACK_D: tuple[Row, ...] = (
    _place("codigo", 60, 50, 700, 120, "code128"),
    _place("codigo", 60, 220, 760, 220, "pdf417"),
    _place("firma", 850, 80, 330, 200),
    _place("huella", 1230, 50, 290, 390),
    _text("ocr", 860, 400, 340, 44),
    _BACK_MARK,
    *_LINES,
)
_BACK_E: tuple[Row, ...] = (
    _place("codigo", 60, 50, 700, 120, "code128"),
    _place("codigo", 60, 240, 280, 280, "qr"),
    _place("firma", 440, 250, 640, 230),
    _place("huella", 1210, 50, 310, 420),
    _BACK_MARK,
    *_LINES,
)
_BACK_G: tuple[Row, ...] = (
    _place("codigo", 50, 50, 460, 460, "qr_denso_1"),
    _place("codigo", 540, 50, 460, 460, "qr_denso_2"),
    _place("codigo", 1030, 50, 250, 250, "qr"),
    _place("huella", 1300, 130, 240, 330),
    _BACK_MARK,
    *_LINES,
)
_BACK_I: tuple[Row, ...] = (
    _place("codigo", 50, 50, 250, 250, "qr"),
    _place("huella", 60, 310, 190, 240),
    _place("codigo", 500, 50, 460, 460, "qr_denso_1"),
    _place("codigo", 1030, 50, 460, 460, "qr_denso_2"),
    _BACK_MARK,
    *_LINES,
)
BACKS: dict[str, tuple[Row, ...]] = {
    "C": _BACK_C,
    "D": _BACK_D,
    "E": _BACK_E,
    "F": _BACK_E,
    "G": _BACK_G,
    "H": _BACK_G,
    "I": _BACK_I,
    "J": _BACK_I,
}
