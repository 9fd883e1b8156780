"""Reading tlog-policy files: `log`, `witness`, `group` and one `quorum` line. Pure.

The file is octets: names are compared byte by byte, so bytes that are not UTF-8 are carried as
surrogate escapes and never normalised.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ledger.errors import FormatRefusal
from ledger.fields import decode_decimal, require_size
from ledger.limits import MAX_POLICY_BYTES, MAX_POLICY_GROUPS, MAX_POLICY_LOGS, MAX_POLICY_WITNESSES
from ledger.policy import NO_QUORUM, Group, Log, Policy, Witness
from ledger.vkey import (
    COSIGNATURE_ED25519,
    COSIGNATURE_ML_DSA_44,
    ED25519,
    VerifierKey,
    parse_vkey,
)

_FORBIDDEN = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")
_SPACE = re.compile(r"[ \t]+")
_LOG_TYPES = (ED25519, COSIGNATURE_ML_DSA_44)
_WITNESS_TYPES = (COSIGNATURE_ED25519, COSIGNATURE_ML_DSA_44)


def parse_policy(data: bytes, place: str = "política") -> Policy:
    """Read a policy. Raises FormatRefusal naming the line."""
    require_size(data, MAX_POLICY_BYTES, place)
    if found := _FORBIDDEN.search(data):
        line = data.count(b"\n", 0, found.start()) + 1
        raise FormatRefusal(
            "politica.control", f"{place}, línea {line}", "ningún carácter de control", found[0]
        )
    *lines, rest = data.decode("utf-8", "surrogateescape").split("\n")
    if rest:
        raise FormatRefusal(
            "politica.final", f"{place}, línea {len(lines) + 1}", "fin de línea al final", rest
        )
    reading = _Reading()
    for number, text in enumerate(lines, 1):
        words = _SPACE.split(text.strip(" \t"))
        if words[0] and not words[0].startswith("#"):
            reading.line(words, f"{place}, línea {number}")
    return reading.policy(place)


def encode_policy(policy: Policy) -> bytes:
    """A policy file that reads back as `policy`."""
    lines = [_line("log", log.key.encode(), log.url) for log in policy.logs]
    lines += [_line("witness", w.name, w.key.encode(), w.url) for w in policy.witnesses]
    lines += [_line("group", g.name, str(g.threshold), *g.members) for g in policy.groups]
    lines.append(_line("quorum", policy.quorum))
    return "".join(lines).encode("utf-8", "surrogateescape")


def _line(*words: str | None) -> str:
    return " ".join(word for word in words if word is not None) + "\n"


@dataclass
class _Reading:
    """What the lines so far have defined."""

    logs: list[Log] = field(default_factory=list)
    witnesses: list[Witness] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    quorum: str | None = None
    names: set[str] = field(default_factory=set)
    members: set[str] = field(default_factory=set)

    def line(self, words: list[str], place: str) -> None:
        """Take one line that is neither empty nor a comment."""
        kinds = {"log": self._log, "witness": self._witness, "group": self._group, "quorum": self._quorum}
        if words[0] not in kinds:
            raise FormatRefusal("politica.linea", place, ", ".join(kinds), words[0])
        kinds[words[0]](words[1:], place)

    def policy(self, place: str) -> Policy:
        """The whole policy, once all lines are read."""
        if self.quorum is None:
            raise FormatRefusal("politica.quorum", place, "una línea quorum", "ninguna")
        return Policy(tuple(self.logs), tuple(self.witnesses), tuple(self.groups), self.quorum)

    def _log(self, words: list[str], place: str) -> None:
        _require_words(words, 1, 2, "log VKEY [URL]", place)
        key = _key(words[0], _LOG_TYPES, [log.key for log in self.logs], place)
        _require_room(self.logs, MAX_POLICY_LOGS, place)
        self.logs.append(Log(key, *words[1:]))

    def _witness(self, words: list[str], place: str) -> None:
        _require_words(words, 2, 3, "witness NOMBRE VKEY [URL]", place)
        self._define(words[0], place)
        key = _key(words[1], _WITNESS_TYPES, [w.key for w in self.witnesses], place)
        _require_room(self.witnesses, MAX_POLICY_WITNESSES, place)
        self.witnesses.append(Witness(words[0], key, *words[2:]))

    def _group(self, words: list[str], place: str) -> None:
        _require_words(words, 3, None, "group NOMBRE all|any|K MIEMBRO...", place)
        name, rule, members = words[0], words[1], words[2:]
        for member in members:
            self._require_defined(member, place)
            if member in self.members:
                raise FormatRefusal("politica.miembro", place, "cada nombre en un solo grupo", member)
            self.members.add(member)
        self._define(name, place)
        _require_room(self.groups, MAX_POLICY_GROUPS, place)
        words_k = {"any": 1, "all": len(members)}
        threshold = words_k[rule] if rule in words_k else decode_decimal(rule, place, 1, len(members))
        self.groups.append(Group(name, threshold, tuple(members)))

    def _quorum(self, words: list[str], place: str) -> None:
        _require_words(words, 1, 1, "quorum NOMBRE|none", place)
        if self.quorum is not None:
            raise FormatRefusal("politica.quorum", place, "una sola línea quorum", words[0])
        if words[0] != NO_QUORUM:
            self._require_defined(words[0], place)
        self.quorum = words[0]

    def _define(self, name: str, place: str) -> None:
        if name == NO_QUORUM or name in self.names:
            raise FormatRefusal("politica.nombre", place, "un nombre libre", name)
        self.names.add(name)

    def _require_defined(self, name: str, place: str) -> None:
        if name not in self.names:
            raise FormatRefusal("politica.nombre", place, "un nombre definido antes", name)


def _require_words(words: list[str], least: int, most: int | None, form: str, place: str) -> None:
    if len(words) < least or (most is not None and len(words) > most):
        raise FormatRefusal("politica.palabras", place, form, " ".join(words))


def _require_room(held: list[Log] | list[Witness] | list[Group], most: int, place: str) -> None:
    if len(held) >= most:
        raise FormatRefusal("limite.politica", place, f"a lo más {most}", most + 1)


def _key(text: str, types: tuple[int, ...], held: list[VerifierKey], place: str) -> VerifierKey:
    key = parse_vkey(text, place)
    if key.algorithm not in types:
        expected = " o ".join(f"{byte:02x}" for byte in types)
        raise FormatRefusal("politica.tipo", place, f"llave de tipo {expected}", f"{key.algorithm:02x}")
    if key.material in [other.material for other in held]:
        raise FormatRefusal("politica.repetida", place, "cada llave una vez", key.name)
    return key
