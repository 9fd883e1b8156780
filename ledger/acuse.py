"""The acuse of an apoyo: its text, its código de integridad, its entry, the file a person keeps. Pure.

The text (docs/formats.md, "Acuse") has one spelling: decoding and encoding is identical. The log only ever
holds the SHA-256 of it, and the 32 random bytes of the nonce keep anybody from guessing what it is of.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from hashlib import sha256

from ledger.errors import FormatRefusal
from ledger.fields import decode_hash, decode_utf8, encode_base64, require_size
from ledger.limits import MAX_PROOF_BYTES
from ledger.policy import Attested, Policy
from ledger.proof import LogProof, parse_proof
from ledger.tree import leaf_hash

HEADER = "certeza/acuse/v1"
ENTRY_HEADER = "certeza/apoyo/v1"
SUFFIX = ".acuse"
NONCE_BYTES = 32
MAX_TEXT_BYTES = 1024
GROUP = 4
"""Characters of the code that people read at once."""
QR_BYTES = 2953
"""What a QR of version 40 and level L holds in byte mode (ISO/IEC 18004, table 7)."""
_CODE = re.compile(r"[0-9a-f]{64}", re.ASCII)
_SPACE = re.compile(r"[\s·.-]+")
_UUID_V7 = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
_FORMS = {
    "proceso": (r"[A-Za-z0-9-]{1,64}", "de 1 a 64 letras sin acento, cifras o guiones"),
    "folio": (_UUID_V7, "UUID versión 7 en minúsculas"),
    "modalidad": (r"auxiliar|mi-apoyo|manual", "auxiliar, mi-apoyo o manual"),
    "cic": (r"[0-9]{9}", "9 cifras"),
    "ocr": (r"[0-9]{12,13}", "12 o 13 cifras"),
    "recibido": (
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d",
        "instante con milésimas y diferencia horaria",
    ),
    "registro": (_CODE.pattern, "SHA-256 en 64 hexadecimales en minúsculas"),
}


class Credential(Enum):
    """Which number of the credential an acuse names; the value is the word of its line."""

    CIC = "cic"
    OCR = "ocr"


@dataclass(frozen=True, slots=True)
class Acuse:
    """What was received, and when. `registro` is 32 bytes (SHA-256 of the body), `nonce` 32 random ones.

    Raises FormatRefusal for a value without a canonical spelling: `recibido` has an offset of whole
    minutes and whole milliseconds.
    """

    proceso: str
    folio: str
    modalidad: str
    credential: Credential
    number: str
    recibido: datetime
    registro: bytes
    nonce: bytes

    def __post_init__(self) -> None:
        for word, value in self._values():
            _require(word, value, f"acuse, {word}")
        if datetime.fromisoformat(_instant(self.recibido)) != self.recibido:
            expected = "milésimas enteras y diferencia de minutos enteros"
            raise FormatRefusal("acuse.campo", "acuse, recibido", expected, self.recibido.isoformat())
        if len(self.nonce) != NONCE_BYTES:
            found = f"{len(self.nonce)} bytes"
            raise FormatRefusal("acuse.nonce", "acuse, nonce", f"{NONCE_BYTES} bytes", found)

    def _values(self) -> tuple[tuple[str, str], ...]:
        return (
            ("proceso", self.proceso),
            ("folio", self.folio),
            ("modalidad", self.modalidad),
            (self.credential.value, self.number),
            ("recibido", _instant(self.recibido)),
            ("registro", self.registro.hex()),
        )

    def encode(self) -> bytes:
        """The text, its final line feed included."""
        pairs = (*self._values(), ("nonce", encode_base64(self.nonce)))
        return "".join([f"{HEADER}\n", *(f"{word} {value}\n" for word, value in pairs)]).encode()

    @property
    def code(self) -> str:
        """The código de integridad: SHA-256 of the text in lower-case hexadecimal."""
        return sha256(self.encode()).hexdigest()

    @property
    def entry(self) -> bytes:
        """Its entry in the log."""
        return entry_of(self.code)


def entry_of(code: str) -> bytes:
    """The log's entry for a código de integridad. Raises FormatRefusal."""
    if not _CODE.fullmatch(code):
        raise FormatRefusal("acuse.codigo", "código de integridad", "64 hexadecimales en minúsculas", code)
    return f"{ENTRY_HEADER}\n{code}".encode()


def grouped(code: str) -> list[str]:
    """The code in groups of four, as it is shown to people."""
    return [code[at : at + GROUP] for at in range(0, len(code), GROUP)]


def parse_code(typed: str) -> str:
    """The code that a person typed: spaces, hyphens and dots between groups and capitals are all right."""
    require_size(typed, MAX_TEXT_BYTES, "código de integridad")
    code = _SPACE.sub("", typed).lower()
    if not _CODE.fullmatch(code):
        raise FormatRefusal("acuse.codigo", "código de integridad", "64 cifras hexadecimales", typed)
    return code


def parse_acuse(data: bytes, place: str = "acuse") -> Acuse:
    """Read the text of an acuse. Raises FormatRefusal naming the line."""
    require_size(data, MAX_TEXT_BYTES, place)
    text = decode_utf8(data, place)
    lines = text.split("\n")
    if lines[0] != HEADER:
        raise FormatRefusal("acuse.encabezado", f"{place}, línea 1", HEADER, lines[0])
    credential = Credential.OCR if lines[4:5] and lines[4].startswith("ocr ") else Credential.CIC
    words = ("proceso", "folio", "modalidad", credential.value, "recibido", "registro", "nonce")
    if len(lines) != len(words) + 2 or lines[-1]:
        expected = f"{len(words) + 1} líneas, con fin de línea al final"
        raise FormatRefusal("acuse.lineas", place, expected, f"{len(lines) - 1} líneas")
    pairs = enumerate(zip(lines[1:-1], words, strict=True), 2)
    acuse = _acuse(
        credential, [_field(line, word, f"{place}, línea {i}") for i, (line, word) in pairs], place
    )
    if acuse.encode() != data:  # an offset of -00:00
        raise FormatRefusal("acuse.campo", f"{place}, línea 6", _instant(acuse.recibido), lines[5])
    return acuse


def _field(line: str, word: str, place: str) -> str:
    if not line.startswith(f"{word} "):
        raise FormatRefusal("acuse.linea", place, f"«{word} …»", line or "vacía")
    value = line.removeprefix(f"{word} ")
    if word == "nonce":
        decode_hash(value, place)
    else:
        _require(word, value, place)
    return value


def _acuse(credential: Credential, values: list[str], place: str) -> Acuse:
    proceso, folio, modalidad, number, recibido, registro, nonce = values
    try:
        moment = datetime.fromisoformat(recibido)
    except ValueError:
        expected = "una fecha y hora que exista"
        raise FormatRefusal("acuse.campo", f"{place}, línea 6", expected, recibido) from None
    secret = decode_hash(nonce, f"{place}, línea 8")
    return Acuse(proceso, folio, modalidad, credential, number, moment, bytes.fromhex(registro), secret)


def _require(word: str, value: str, place: str) -> None:
    pattern, expected = _FORMS[word]
    if not re.fullmatch(pattern, value, re.ASCII):
        raise FormatRefusal("acuse.campo", place, expected, value)


def _instant(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")


@dataclass(frozen=True, slots=True)
class AcuseFile:
    """What a person keeps: the acuse and the proof that its entry is in the log. It verifies offline."""

    acuse: Acuse
    proof: LogProof

    def encode(self) -> bytes:
        """The file: text, one empty line, tlog-proof."""
        return self.acuse.encode() + b"\n" + self.proof.encode()

    def verify(self, policy: Policy) -> Attested:
        """Refuse unless the log that the policy knows holds this acuse and enough witnesses cosigned.

        QuorumRefusal comes last: when it is raised, log and inclusion are right and only witnesses are
        missing. Before it SignatureRefusal (another log, a false signature) and TreeRefusal (another text).
        """
        policy.verify_log(self.proof.checkpoint, "acuse, checkpoint")
        self.proof.verify_leaf(leaf_hash(self.acuse.entry))
        return policy.verify(self.proof.checkpoint, "acuse, checkpoint")


def parse_acuse_file(data: bytes, place: str = "acuse") -> AcuseFile:
    """Read the file. Raises FormatRefusal naming the part and the line in it."""
    require_size(data, MAX_TEXT_BYTES + 1 + MAX_PROOF_BYTES, place)
    text, separator, proof = data.partition(b"\n\n")
    if not separator:
        raise FormatRefusal("acuse.separador", place, "una línea vacía antes de la prueba", "ninguna")
    return AcuseFile(parse_acuse(text + b"\n", place), parse_proof(proof, f"{place}, prueba"))


@dataclass(frozen=True, slots=True)
class QrPayload:
    """The bytes that a QR carries, at most QR_BYTES, and whether they are the whole acuse file."""

    data: bytes
    whole: bool


def qr_payload(file: AcuseFile) -> QrPayload:
    """The acuse file when a QR can hold it; otherwise what finds it: `certeza:acuse:<code>:<origin>`."""
    data = file.encode()
    if len(data) <= QR_BYTES:
        return QrPayload(data, whole=True)
    origin = file.proof.checkpoint.head.origin
    return QrPayload(f"certeza:acuse:{file.acuse.code}:{origin}".encode(), whole=False)
