"""What each person does at the own device, and that the service answers as it must. One turn a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from api.demo.errors import UnexpectedOutcome
from api.demo.sei.auditing import Draws, audited
from api.demo.sei.device import Answered, Device, Polls
from api.demo.sei.people import Conduct, Voter
from api.demo.several import threads
from keys.randomness import SystemRandomness

RANDOM = SystemRandomness()
WRONG_CLAVE = "Zz9#zzzz"
MORE_TOKENS = 2
"""Tokens that may be asked for again; the next request blocks (SEI-15)."""


@dataclass(frozen=True)
class Turn:
    """A person at the own device. `lost`: the Clave that the CAT replaced, if it did; `foreign`: a ballot of
    somebody else, copied from the public urn."""

    polls: Polls
    who: Voter
    clave: str = field(repr=False)
    lost: str | None = field(default=None, repr=False)
    foreign: bytes | None = None


@dataclass
class Ended:
    """How a turn ended. `refused`: codes in order; `receipt`: what the service answered to the ballot."""

    who: Voter
    refused: list[str] = field(default_factory=list)
    receipt: dict[str, Any] | None = None
    mark: int | None = None
    """What the ballot that counted says: 0 is blank, n the project number n. The rehearsal knows it."""
    audit: dict[str, Any] | None = None
    legend: str | None = None
    copied: bool = False
    """A copied ballot got the receipt of the one that it is, and nothing else."""


def take(turn: Turn) -> Ended:
    """Do what the conduct says. Raises UnexpectedOutcome when the service answers otherwise."""
    device, ended = Device(turn.polls, turn.who, turn.clave), Ended(turn.who)
    try:
        _CONDUCTS.get(turn.who.conduct, _opine)(turn, device, ended)
    finally:
        device.close()
    return ended


def _opine(turn: Turn, device: Device, ended: Ended) -> None:
    device.sign_in()
    _send(device, ended)
    device.leave()


def _send(device: Device, ended: Ended) -> bytes:
    """Fill in, encrypt and confirm."""
    data = _filled(device)
    ended.receipt, ended.mark = device.cast(data), _mark(device.who)
    return data


def _filled(device: Device) -> bytes:
    return device.ballot(device.who.unidad, _mark(device.who), RANDOM)


def _mark(who: Voter) -> int:
    return 0 if who.conduct is Conduct.BLANK else who.choice + 1


def _must_refuse(ended: Ended, work: Callable[[], object], *codes: str) -> None:
    try:
        work()
    except Answered as refusal:
        if refusal.code not in codes:
            raise
        ended.refused.append(refusal.code)
    else:
        raise UnexpectedOutcome(f"{ended.who.conduct.value}: debía rechazarse [{', '.join(codes)}]")


def _retry(turn: Turn, device: Device, ended: Ended) -> None:
    device.sign_in()
    data = _send(device, ended)
    if device.cast(data) != ended.receipt:
        raise UnexpectedOutcome("un reintento recibió otro comprobante")
    device.leave()
    if device.cast(data) != ended.receipt:
        raise UnexpectedOutcome("un reintento sin sesión recibió otro comprobante")


def _twice(turn: Turn, device: Device, ended: Ended) -> None:
    device.sign_in()
    _send(device, ended)
    _must_refuse(ended, lambda: device.cast(_filled(device)), "urna.credencial_usada")
    device.leave()
    _must_refuse(ended, device.enter, "urna.persona")


def _race(turn: Turn, device: Device, ended: Ended) -> None:
    """The second device's entry ends the session of the first; it has two windows, and all three confirm
    other choices at the same instant. One of them counts."""
    second = Device(turn.polls, turn.who, turn.clave)
    device.sign_in()
    second.sign_in()
    several = len(second.slip(turn.who.unidad)["proyectos"]) > 1
    ballots = [
        (one, mark, one.ballot(turn.who.unidad, mark, RANDOM))
        for one, mark in ((device, 1), (second, 2 if several else 1), (second, 0))
    ]
    with threads(len(ballots)) as pool:
        answers = [(mark, pool.submit(one.cast, data)) for one, mark, data in ballots]
    for mark, answer in answers:
        if (error := answer.exception()) is None:
            if ended.receipt is not None:
                raise UnexpectedOutcome("dos dispositivos de una persona opinaron")
            ended.receipt, ended.mark = answer.result(), mark
        elif isinstance(error, Answered):
            ended.refused.append(error.code)
        else:
            raise error
    second.close()
    if ended.receipt is None:
        raise UnexpectedOutcome("de dos dispositivos a la vez no opinó ninguno")


def _two_uts(turn: Turn, device: Device, ended: Ended) -> None:
    device.sign_in()
    if len(device.session["boletas"]) < 2 or turn.who.other is None:
        raise UnexpectedOutcome("una sección de dos UT no dio dos boletas")
    _send(device, ended)
    other = device.ballot(turn.who.other, 1, RANDOM)
    _must_refuse(ended, lambda: device.cast(other), "urna.persona")


def _challenge(turn: Turn, device: Device, ended: Ended) -> None:
    """Benaloh: what this encryption says is shown and checked, it never counts, and another one is cast."""
    device.sign_in()
    draws = Draws(RANDOM)
    data = device.ballot(turn.who.unidad, 1, draws)
    device.ask("POST", "/retos", content=data, headers=device.headers)
    ended.audit = audited(turn.polls.group, data, device.slip(turn.who.unidad), draws, 1)
    _must_refuse(ended, lambda: device.cast(data), "urna.reto")
    _send(device, ended)
    device.leave()


def _mistype(turn: Turn, device: Device, ended: Ended) -> None:
    wrong = Device(turn.polls, turn.who, WRONG_CLAVE)
    _must_refuse(ended, wrong.enter, "entrada.datos")
    wrong.close()
    _opine(turn, device, ended)


def _copy(turn: Turn, device: Device, ended: Ended) -> None:
    """The same bytes are the same ballot, whoever brings them: its receipt again, and nothing more."""
    device.sign_in()
    copied = device.cast(turn.foreign) if turn.foreign is not None else None
    _send(device, ended)
    if copied is not None and (ended.receipt is None or copied["altura"] >= ended.receipt["altura"]):
        raise UnexpectedOutcome("una boleta copiada contó otra vez")
    ended.copied = copied is not None
    device.leave()


def _lost(turn: Turn, device: Device, ended: Ended) -> None:
    if turn.lost is None:
        raise UnexpectedOutcome("el CAT no repuso la Clave")
    old = Device(turn.polls, turn.who, turn.lost)
    _must_refuse(ended, old.enter, "entrada.datos")
    old.close()
    _opine(turn, device, ended)


def exhaust(turn: Turn) -> Ended:
    """Ask for one token more than there are: the entry is blocked until the CAT has seen to it."""
    device, ended = Device(turn.polls, turn.who, turn.clave), Ended(turn.who)
    device.enter()
    for _ in range(MORE_TOKENS):
        device.enter_again()
    _must_refuse(ended, device.enter_again, "token.bloqueo")
    _must_refuse(ended, device.enter, "token.bloqueo")
    device.close()
    return ended


def keep_out(turn: Turn, *codes: str) -> Ended:
    """Somebody who must not get in, whatever the Clave is."""
    device, ended = Device(turn.polls, turn.who, turn.clave), Ended(turn.who)
    _must_refuse(ended, device.enter, *codes)
    device.close()
    return ended


def _no_projects(turn: Turn, device: Device, ended: Ended) -> None:
    device.sign_in()
    slip = device.slip(turn.who.unidad)
    if slip["eleccion"] is not None or not slip["leyenda"]:
        raise UnexpectedOutcome("una UT sin proyectos no mostró su leyenda")
    ended.legend = slip["leyenda"]
    device.leave()


_CONDUCTS: Mapping[Conduct, Callable[[Turn, Device, Ended], None]] = {
    Conduct.RETRIES: _retry,
    Conduct.TWICE: _twice,
    Conduct.RACES: _race,
    Conduct.TWO_UTS: _two_uts,
    Conduct.CHALLENGES: _challenge,
    Conduct.MISTYPES: _mistype,
    Conduct.COPIES: _copy,
    Conduct.LOSES_CLAVE: _lost,
    Conduct.NO_PROJECTS: _no_projects,
}
"""The others just opine."""
