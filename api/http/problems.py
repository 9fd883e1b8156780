"""What the service answers when it does not do what was asked: problem details (RFC 9457), from one table.

Every problem has a stable `type` and, when a rule was broken, its stable `codigo`; the sentences are Spanish
and for people. What a form was sent is not repeated: only the name of the field and what it takes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"
BASE = "/v1/problemas/"
HIDDEN = "No existe, o no está a la vista de esta cuenta."
"""What is said of what is not there, and in the same words of what is of others."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A row of the table: what `type` ends with, the status, and the title."""

    slug: str
    status: int
    title: str


KINDS = {
    kind.slug: kind
    for kind in (
        Kind("solicitud-no-valida", 400, "La solicitud no se entiende."),
        Kind("sin-sesion", 401, "Hay que iniciar sesión."),
        Kind("sin-permiso", 403, "Esta cuenta no puede hacer eso."),
        Kind("no-encontrado", 404, HIDDEN),
        Kind("metodo-no-permitido", 405, "Esa dirección no admite ese método."),
        Kind("no-aceptable", 406, "No hay una forma de responder como se pide."),
        Kind("conflicto", 409, "El estado de las cosas no permite hacerlo."),
        Kind("ya-no-existe", 410, "Existió, y ya no."),
        Kind("version-no-admitida", 412, "La versión del protocolo no se admite."),
        Kind("demasiado-grande", 413, "Se envió más de lo que se admite."),
        Kind("tipo-no-admitido", 415, "El tipo de contenido no se admite."),
        Kind("datos-no-validos", 422, "Hay datos que corregir."),
        Kind("demasiadas-solicitudes", 429, "Son demasiadas solicitudes seguidas."),
        Kind("error-interno", 500, "Algo falló de nuestro lado; no se perdió lo que ya estaba guardado."),
        Kind("no-disponible", 503, "El servicio no puede atender en este momento."),
        Kind("sin-espacio", 507, "No hay espacio para guardar más; no se perdió lo que ya estaba guardado."),
    )
}
BY_STATUS = {kind.status: kind for kind in KINDS.values()}


class Problem(Exception):  # noqa: N818 - RFC 9457 calls it a problem
    """An answer that is not what was asked for. `extra` are members of the problem's own (RFC 9457, 3.2)."""

    def __init__(
        self, slug: str, detail: str, *, headers: Mapping[str, str] | None = None, **extra: Any
    ) -> None:
        self.kind = KINDS[slug]
        self.detail = detail
        self.headers = dict(headers or {})
        self.extra = extra
        super().__init__(f"{slug}: {detail}")


@dataclass(frozen=True, slots=True)
class Body:
    """The members of a problem, in the order in which they are written."""

    kind: Kind
    detail: str
    request: str
    extra: Mapping[str, Any] = field(default_factory=dict)

    def encode(self) -> bytes:
        """JSON in UTF-8."""
        members = {
            "type": f"{BASE}{self.kind.slug}",
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
            "instance": f"urn:uuid:{self.request}",
            **self.extra,
        }
        return json.dumps(members, ensure_ascii=False).encode()


def answer(body: Body, headers: Mapping[str, str] | None = None) -> Response:
    """The response."""
    return Response(body.encode(), body.kind.status, dict(headers or {}), MEDIA_TYPE)


def schema() -> dict[str, Any]:
    """The JSON schema of a problem, for the OpenAPI document."""
    text = {"type": "string"}
    return {
        "type": "object",
        "required": ["type", "title", "status", "detail", "instance"],
        "properties": {
            "type": {**text, "format": "uri-reference", "enum": [f"{BASE}{slug}" for slug in KINDS]},
            "title": text,
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": text,
            "instance": {**text, "format": "uri"},
            "codigo": {**text, "description": "La regla que no se cumple; no cambia entre versiones."},
            "donde": text,
            "esperado": text,
            "encontrado": text,
            "errores": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["campo", "mensaje"],
                    "properties": {"campo": text, "mensaje": text},
                },
            },
        },
    }
