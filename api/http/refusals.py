"""Which problem each refusal and each accident becomes: one table, most particular class first."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from api.http.plain import DETAIL as PLAIN_DETAIL
from api.http.plain import NOT_PLAIN
from api.http.problems import BY_STATUS, HIDDEN, KINDS, Body
from capture.identity.errors import FormRefusal, IdentityRefusal
from capture.processes.errors import NotRegistered
from keys.errors import FormatRefusal, Refusal
from ledger.errors import AnotherSequencer, LogStopped, NotPublished, Overloaded

TABLE: list[tuple[type[Exception], str]] = [
    (Overloaded, "no-disponible"),
    (NotPublished, "no-disponible"),
    (LogStopped, "no-disponible"),
    (AnotherSequencer, "no-disponible"),
    (FormatRefusal, "datos-no-validos"),
    (IdentityRefusal, "datos-no-validos"),
    (FormRefusal, "datos-no-validos"),
    (NotRegistered, "no-encontrado"),
    (Refusal, "conflicto"),
    (IntegrityError, "conflicto"),
    (OperationalError, "no-disponible"),
    (PoolTimeout, "no-disponible"),
]
"""A refusal of a domain that is neither malformed data (422) nor a conflict (409) adds a row: `declare`."""
_FULL = (errno.ENOSPC, errno.EDQUOT)
_DISK_FULL = "53100"
"""PostgreSQL's code for it."""
RETRY_SECONDS = "5"
TOO_LARGE = 413


def declare(kind: type[Exception], slug: str) -> None:
    """Add a row for a class of errors of a domain; it goes before those of its base classes."""
    if slug not in KINDS:
        raise KeyError(slug)
    at = next((i for i, (known, _) in enumerate(TABLE) if issubclass(kind, known)), len(TABLE))
    if (kind, slug) not in TABLE:
        TABLE.insert(at, (kind, slug))


def slug_of(error: BaseException) -> str:
    """The problem of an error; `error-interno` for one that nobody expected."""
    if _is_full(error):
        return "sin-espacio"
    return next((slug for kind, slug in TABLE if isinstance(error, kind)), "error-interno")


def _is_full(error: BaseException) -> bool:
    """Whether it was for want of space: of a folder, of SQLite's file, or of PostgreSQL's."""
    cause = getattr(error, "orig", error)
    if isinstance(cause, OSError):
        return cause.errno in _FULL
    code, state = getattr(cause, "sqlite_errorcode", None), getattr(cause, "sqlstate", None)
    return code == sqlite3.SQLITE_FULL or state == _DISK_FULL


def body_of(error: BaseException, request: str) -> Body:
    """What is answered for an error. What nobody expected is not described: that is for the log.

    Nor is what was not found: it may exist and be of others, and whoever asks does not learn it.
    """
    kind = KINDS[slug_of(error)]
    if kind.slug != "no-encontrado" and isinstance(error, Refusal):
        extra: dict[str, Any] = {
            "codigo": error.rule,
            "donde": error.place,
            "esperado": error.expected,
            "encontrado": error.got,
        }
        detail = f"{error.place}: se esperaba {error.expected}; se encontró {error.got}."
        if isinstance(error, FormRefusal):
            extra["errores"] = [_finding(found) for found in error.findings]
        return Body(kind, detail, request, extra)
    return Body(kind, _DETAILS[kind.slug], request)


def _finding(found: Refusal) -> dict[str, str]:
    message = f"Se esperaba {found.expected}; se encontró {found.got}."
    return {"campo": found.place, "mensaje": message, "codigo": found.rule}


_DETAILS = {
    "no-encontrado": HIDDEN,
    "conflicto": "Otra solicitud lo cambió antes, o ya existe. Vuelva a consultarlo e intente de nuevo.",
    "no-disponible": "Intente de nuevo en unos segundos; repetir la solicitud no duplica nada.",
    "sin-espacio": "Avise a quien administra el servicio, e intente de nuevo más tarde.",
    "error-interno": "Si se repite, comunique a la mesa de atención el identificador de esta respuesta.",
}


def body_of_status(error: HTTPException, request: str) -> Body:
    """What is answered where the framework itself refuses: an unknown address, another method."""
    kind = BY_STATUS.get(error.status_code, KINDS["solicitud-no-valida"])
    detail = error.detail if kind.status == TOO_LARGE else _STATUS_DETAILS.get(kind.status, kind.title)
    return Body(kind, detail, request)


_STATUS_DETAILS = {
    "no-encontrado": HIDDEN,
    NOT_PLAIN: PLAIN_DETAIL,
    400: "El cuerpo no se pudo leer: revise que esté completo y que sea del tipo que anuncia.",
    404: "Revise la dirección. Si es de un registro o de un documento, puede ser de otro proceso.",
    405: "La respuesta dice en Allow cuáles admite.",
}


def body_of_form(error: RequestValidationError, request: str) -> Body:
    """What is answered for a form: each field to correct, without what was written in it."""
    fields = [{"campo": name, "mensaje": message} for name, message in fields_of(error.errors())]
    number = "un dato" if len(fields) == 1 else f"{len(fields)} datos"
    return Body(KINDS["datos-no-validos"], f"Hay {number} que corregir.", request, {"errores": fields})


def fields_of(errors: Sequence[Any]) -> Iterator[tuple[str, str]]:
    """Path and Spanish message of each error of pydantic."""
    for error in errors:
        kind, context = error["type"], error.get("ctx") or {}
        # What is no JSON has no fields: its place is a number of characters.
        place = () if kind == "json_invalid" else error["loc"]
        where = [str(part) for part in place if part not in ("body", "query", "path", "header")]
        yield ".".join(where) or "cuerpo", _message(kind, context)


def _message(kind: str, context: dict[str, Any]) -> str:
    """In Spanish; a refusal of a domain inside a validator says it itself."""
    cause = context.get("error")
    if isinstance(cause, Refusal):
        return f"Se esperaba {cause.expected}."
    for start, text in _MESSAGES.items():
        if kind.startswith(start):
            return text.format_map(_Shown(context))
    return "No es un valor de los que se admiten."


class _Shown(dict[str, Any]):
    def __getitem__(self, key: str) -> Any:
        shown = super().__getitem__(key)
        return shown.replace(" or ", " o ") if key == "expected" else shown  # pydantic's own words

    def __missing__(self, key: str) -> str:
        return "…"


_MESSAGES = {
    "missing": "Falta.",
    "extra_forbidden": "No se conoce este campo.",
    "json_invalid": "El cuerpo no es JSON.",
    "string_too_short": "Debe tener al menos {min_length} caracteres.",
    "string_too_long": "Debe tener a lo más {max_length} caracteres.",
    "string_pattern_mismatch": "No tiene la forma esperada.",
    "string": "Debe ser texto.",
    "too_long": "Debe tener a lo más {max_length} elementos.",
    "too_short": "Debe tener al menos {min_length} elementos.",
    "greater_than_equal": "Debe ser {ge} o más.",
    "greater_than": "Debe ser más que {gt}.",
    "less_than_equal": "Debe ser {le} o menos.",
    "less_than": "Debe ser menos que {lt}.",
    "int": "Debe ser un número entero.",
    "float": "Debe ser un número.",
    "bool": "Debe ser verdadero o falso.",
    "datetime": "Debe ser una fecha y hora con su diferencia horaria, como 2026-11-27T09:00:00-06:00.",
    "timezone": "Debe ser una fecha y hora con su diferencia horaria, como 2026-11-27T09:00:00-06:00.",
    "date": "Debe ser una fecha, como 2026-11-27.",
    "uuid": "Debe ser un UUID.",
    "enum": "Debe ser uno de: {expected}.",
    "literal_error": "Debe ser uno de: {expected}.",
    "list": "Debe ser una lista.",
    "dict": "Debe ser un objeto.",
    "model": "Debe ser un objeto.",
    "value_error": "No es un valor de los que se admiten.",
}
