"""Trust policies: which logs, which witnesses, how many of them (C2SP tlog-policy)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from certeza_verifier.errors import Failure
from certeza_verifier.limits import LIMITS
from certeza_verifier.tlog.note import COSIGNATURE, ED25519, ML_DSA, Key, parse_key

_RULE = "politica-forma"
_CONTROL = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")
_NUMBER = re.compile("[1-9][0-9]{0,3}")
NONE = "none"


@dataclass(frozen=True, slots=True)
class Group:
    """Met when `needed` of its members are."""

    needed: int
    members: tuple[str, ...]


@dataclass(slots=True)
class Policy:
    """Witnesses and groups by name, in the order in which they were defined."""

    logs: list[Key] = field(default_factory=list)
    witnesses: dict[str, Key] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    quorum: str = ""

    def met(self, cosigned: Iterable[str]) -> bool:
        """Whether these witnesses make the quorum."""
        true = {NONE, *cosigned}
        for name, group in self.groups.items():
            if sum(member in true for member in group.members) >= group.needed:
                true.add(name)
        return self.quorum in true

    def render(self) -> str:
        """The same policy without comments, blanks and addresses."""
        lines = [f"log {key.text}" for key in self.logs]
        lines += [f"witness {name} {key.text}" for name, key in self.witnesses.items()]
        lines += [
            f"group {name} {group.needed} {' '.join(group.members)}" for name, group in self.groups.items()
        ]
        return "\n".join([*lines, f"quorum {self.quorum}"]) + "\n"


def parse_policy(data: bytes, place: str) -> Policy:
    """A policy. Names are opaque octets: what is not UTF-8 is kept as it is."""
    if len(data) > LIMITS.policy:
        raise Failure("bitacora-tamano", place, f"{LIMITS.policy} bytes como máximo", len(data))
    control = _CONTROL.search(data)
    if control:
        line = data.count(b"\n", 0, control.start()) + 1
        raise Failure(_RULE, f"{place}, línea {line}", "sin caracteres de control", repr(control.group()))
    lines = data.split(b"\n")
    if lines.pop():
        raise Failure(_RULE, f"{place}, línea {len(lines) + 1}", "salto de línea al final", "nada")
    if len(lines) > LIMITS.policy_lines:
        raise Failure("bitacora-tamano", place, f"{LIMITS.policy_lines} líneas como máximo", len(lines))
    reader = _Reader(place)
    for number, content in enumerate(lines, 1):
        reader.line(content, number)
    if not reader.policy.quorum:
        raise Failure(_RULE, place, "una línea quorum", "ninguna")
    return reader.policy


class _Reader:
    """Takes a policy line by line."""

    def __init__(self, place: str) -> None:
        self.policy = Policy()
        self._place = place
        self._where = place
        self._members: set[str] = set()

    def line(self, line: bytes, number: int) -> None:
        """One line. Raises Failure with its number."""
        self._where = f"{self._place}, línea {number}"
        words = [w.decode("utf-8", "surrogateescape") for w in re.split(rb"[ \t]+", line.strip(b" \t"))]
        if not words[0] or words[0].startswith("#"):
            return
        forms = {"log": self._log, "witness": self._witness, "group": self._group, "quorum": self._quorum}
        form = forms.get(words[0])
        if form is None:
            raise self._refuse("log, witness, group o quorum", words[0])
        form(words[1:])

    def _refuse(self, expected: str, got: object) -> Failure:
        return Failure(_RULE, self._where, expected, got)

    def _log(self, words: list[str]) -> None:
        if len(words) not in (1, 2):
            raise self._refuse("log vkey [dirección]", f"{len(words)} palabras")
        key = self._key(words[0], (ED25519, ML_DSA), self.policy.logs)
        self._room(self.policy.logs)
        self.policy.logs.append(key)

    def _witness(self, words: list[str]) -> None:
        if len(words) not in (2, 3):
            raise self._refuse("witness nombre vkey [dirección]", f"{len(words)} palabras")
        self._new(words[0])
        key = self._key(words[1], (COSIGNATURE, ML_DSA), self.policy.witnesses.values())
        self._room(self.policy.witnesses)
        self.policy.witnesses[words[0]] = key

    def _group(self, words: list[str]) -> None:
        if len(words) < 3:
            raise self._refuse("group nombre all|any|k miembros", f"{len(words)} palabras")
        name, needed, *members = words
        self._new(name)
        for member in members:
            self._known(member)
            if member in self._members:
                raise self._refuse("un miembro de un solo grupo", member)
            self._members.add(member)
        self._room(self.policy.groups)
        self.policy.groups[name] = Group(self._needed(needed, len(members)), tuple(members))

    def _needed(self, word: str, members: int) -> int:
        if word in ("all", "any"):
            return members if word == "all" else 1
        if not _NUMBER.fullmatch(word) or int(word) > members:
            raise self._refuse(f"all, any o de 1 a {members}", word)
        return int(word)

    def _quorum(self, words: list[str]) -> None:
        if len(words) != 1:
            raise self._refuse("quorum nombre", f"{len(words)} palabras")
        if self.policy.quorum:
            raise self._refuse("una sola línea quorum", f"quorum {words[0]}")
        if words[0] != NONE:
            self._known(words[0])
        self.policy.quorum = words[0]

    def _known(self, name: str) -> None:
        if name not in self.policy.witnesses and name not in self.policy.groups:
            raise self._refuse("un nombre ya definido", name)

    def _new(self, name: str) -> None:
        if name == NONE or name in self.policy.witnesses or name in self.policy.groups:
            raise self._refuse("un nombre nuevo", name)

    def _key(self, text: str, kinds: tuple[int, ...], others: Iterable[Key]) -> Key:
        key = parse_key(text, self._where)
        if key.kind not in kinds:
            raise Failure("llave-tipo", self._where, " o ".join(f"{k:02x}" for k in kinds), f"{key.kind:02x}")
        if any(other.public == key.public for other in others):
            raise self._refuse("una llave nueva", text)
        return key

    def _room(self, things: Iterable[object]) -> None:
        if sum(1 for _ in things) >= LIMITS.policy_names:
            got = f"más de {LIMITS.policy_names}"
            raise Failure("bitacora-tamano", self._where, f"{LIMITS.policy_names} como máximo", got)
