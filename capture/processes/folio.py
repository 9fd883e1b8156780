"""Identifiers that the system gives out, and the series that they are counted in.

The Id Proceso is `F` + yymmdd (hora centro) + entidad + 7 digits counted by day and entidad, as in the
F230617000000021 of the institutes' documents. The Id Auxiliar is `A` + 9 digits. Both are unique and never
given twice, and neither is a secret.
"""

from __future__ import annotations

import re
from datetime import date, datetime

from sqlalchemy import Connection, insert, update
from sqlalchemy.exc import IntegrityError

from capture.identity.dates import CENTRO
from capture.processes.errors import ProcessRefusal
from capture.processes.tables import consecutivos

_PROCESS = re.compile(r"F[0-9]{15}")
_AUXILIAR = re.compile(r"A[0-9]{9}")
_PER_DAY = 9_999_999
_AUXILIARES = 999_999_999


def process_folio(registered: date, entidad: str, number: int) -> str:
    """The Id Proceso. `number` from 1 to 9,999,999."""
    if not 1 <= number <= _PER_DAY:
        raise ProcessRefusal("folio.serie", "Id Proceso", f"de 1 a {_PER_DAY:,} por día", number)
    return f"F{registered:%y%m%d}{entidad}{number:07d}"


def auxiliar_id(number: int) -> str:
    """The Id Auxiliar. `number` from 1 to 999,999,999."""
    if not 1 <= number <= _AUXILIARES:
        raise ProcessRefusal("folio.serie", "Id Auxiliar", f"de 1 a {_AUXILIARES:,}", number)
    return f"A{number:09d}"


def read_process_folio(text: str, field: str = "Id Proceso") -> str:
    """The Id Proceso as typed, in its one spelling."""
    return _read(_PROCESS, "F y 15 dígitos", text, field)


def read_auxiliar_id(text: str, field: str = "Id Auxiliar") -> str:
    """The Id Auxiliar as typed, in its one spelling."""
    return _read(_AUXILIAR, "A y 9 dígitos", text, field)


def _read(form: re.Pattern[str], expected: str, text: str, field: str) -> str:
    typed = "".join(text.split()).upper()
    if not form.fullmatch(typed):
        raise ProcessRefusal("folio.forma", field, expected, "otra forma" if typed else "nada")
    return typed


def next_numbers(connection: Connection, serie: str, count: int) -> range:
    """The next `count` of a series, from 1. Two transactions never get the same one.

    A transaction that is undone gives its numbers back: nobody has seen them.
    """
    for _ in range(2):
        last = connection.execute(
            update(consecutivos)
            .where(consecutivos.c.serie == serie)
            .values(ultimo=consecutivos.c.ultimo + count)
            .returning(consecutivos.c.ultimo)
        ).scalar_one_or_none()
        if last is not None:
            return range(last - count + 1, last + 1)
        try:
            with connection.begin_nested():
                connection.execute(insert(consecutivos).values(serie=serie, ultimo=count))
        except IntegrityError:
            continue  # another transaction began the series meanwhile
        return range(1, count + 1)
    raise ProcessRefusal("folio.serie", serie, "una serie que no se borra", "una serie borrada")


def next_number(connection: Connection, serie: str) -> int:
    """The next one of a series. See `next_numbers`."""
    return next_numbers(connection, serie, 1)[0]


def next_process_folio(connection: Connection, entidad: str, now: datetime) -> str:
    """The Id Proceso for a process registered now."""
    day = now.astimezone(CENTRO).date()
    return process_folio(day, entidad, next_number(connection, f"proceso:{day:%y%m%d}:{entidad}"))


def next_auxiliar_ids(connection: Connection, count: int) -> list[str]:
    """An Id Auxiliar for each of the next altas."""
    return [auxiliar_id(number) for number in next_numbers(connection, "auxiliar", count)]
