"""The aviso de privacidad simplificado that is shown before capture, kept in every version (APO-26; 002
§1.3)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from capture.identity.findings import Findings
from capture.identity.names import paragraph
from capture.processes.errors import ProcessRefusal

MAX_CHARS = 20_000
_LINK = re.compile(r"https://[!-~]{4,490}")


@dataclass(frozen=True, slots=True)
class AvisoText:
    """What is published. `liga`: the address of the integral aviso."""

    texto: str
    liga: str

    @property
    def sha256(self) -> bytes:
        """Of the text in UTF-8: a record may name by it what its person was shown."""
        return hashlib.sha256(self.texto.encode()).digest()


@dataclass(frozen=True, slots=True)
class Aviso:
    """A published version, counted from 1 in its period."""

    periodo: str
    version: int
    content: AvisoText
    publicado: datetime


def read_aviso(texto: str, liga: str) -> AvisoText:
    """Check what is to be published. Raises FormRefusal."""
    findings = Findings()
    made = AvisoText(
        findings.take(lambda text, field: paragraph(text, field, MAX_CHARS), texto, "Aviso de privacidad"),
        findings.take(_link, liga, "Liga del aviso de privacidad integral"),
    )
    findings.settle()
    return made


def _link(text: str, field: str) -> str:
    if not _LINK.fullmatch(text.strip()):
        got = "otra forma" if text.strip() else "nada"
        raise ProcessRefusal("aviso.liga", field, "una dirección https://", got)
    return text.strip()
