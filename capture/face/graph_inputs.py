"""An ONNX file with one real input, cleaned of the weights that it lists as inputs too. Pure.

SFace's file lists 175 inputs, of which 174 are its own weights: onnxruntime refuses it for that, and so did
versions of OpenCV. From version 4 of ONNX's format on, weights need not be listed. Only the two outer levels
of the file (protocol buffers: ModelProto.graph, GraphProto.input) are walked; all else is copied.
"""

from __future__ import annotations

from collections.abc import Iterator

from capture.face.errors import EngineRefusal

_GRAPH, _INPUT, _NAME = 7, 11, 1  # field numbers in onnx.proto3: ModelProto, GraphProto, ValueInfoProto
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5  # wire types


def only_input(model: bytes, name: str) -> bytes:
    """`model` with the one input `name`. Raises EngineRefusal where it is no such model."""
    parts = []
    for number, whole, content in _fields(model):
        graph = content if number == _GRAPH else None
        parts.append(whole if graph is None else _wrapped(_GRAPH, _cleaned(graph, name.encode())))
    return b"".join(parts)


def _cleaned(graph: bytes, name: bytes) -> bytes:
    kept = [
        whole
        for number, whole, content in _fields(graph)
        if number != _INPUT or (content is not None and _name(content) == name)
    ]
    return b"".join(kept)


def _name(value_info: bytes) -> bytes | None:
    return next((content for number, _, content in _fields(value_info) if number == _NAME), None)


def _fields(message: bytes) -> Iterator[tuple[int, bytes, bytes | None]]:
    """Number, all its bytes, and the content of what has a length."""
    at = 0
    while at < len(message):
        key, after = _varint(message, at)
        content: bytes | None = None
        if key & 7 == _BYTES:
            size, start = _varint(message, after)
            after = start + size
            content = message[start:after]
        elif key & 7 == _VARINT:
            _, after = _varint(message, after)
        else:
            after += _fixed(key & 7)
        if after > len(message):
            raise _broken()
        yield key >> 3, message[at:after], content
        at = after


def _fixed(wire: int) -> int:
    sizes = {_FIXED64: 8, _FIXED32: 4}
    if wire not in sizes:
        raise _broken()
    return sizes[wire]


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = 0
    for index, byte in enumerate(message[at : at + 10]):
        value |= (byte & 0x7F) << 7 * index
        if byte < 0x80:
            return value, at + index + 1
    raise _broken()


def _wrapped(number: int, content: bytes) -> bytes:
    return _written(number << 3 | _BYTES) + _written(len(content)) + content


def _written(value: int) -> bytes:
    digits = bytearray()
    while value > 0x7F:
        digits.append(value & 0x7F | 0x80)
        value >>= 7
    digits.append(value)
    return bytes(digits)


def _broken() -> EngineRefusal:
    return EngineRefusal("rostro.modelo", "modelo ONNX", "un mensaje completo", "un mensaje roto")
