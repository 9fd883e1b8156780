"""A verdict that is not «aceptado» says why on the screen where it is told."""

from __future__ import annotations

from api.demo.verdicts import MANY, reasons

FAULT = {"archivo": "actas", "mensaje": "Hay un archivo que no debe estar.", "regla": "carpeta-sobra"}


def test_each_failure_is_told_and_many_are_counted() -> None:
    assert reasons({"veredicto": "aceptado", "fallas": [], "motivo": None}) == []
    assert reasons({"fallas": [FAULT]}) == ["actas: Hay un archivo que no debe estar. [carpeta-sobra]"]
    told = reasons({"fallas": [FAULT] * (MANY + 5)})
    assert len(told) == MANY + 1
    assert told[-1] == "y 5 fallas más"
    assert reasons({"fallas": [], "motivo": "no se pudo leer"}) == ["no se pudo leer"]
