"""What an archive must satisfy beyond the protocol."""

from __future__ import annotations

from dataclasses import dataclass

from certeza_verifier.errors import Failure
from certeza_verifier.messages.election import Election
from certeza_verifier.trustees import Board

_MOST_ANSWERS = 1000


@dataclass(frozen=True, slots=True)
class Profile:
    """`strict`: an urn of a consultation of ours; otherwise any Belenios election that is supported."""

    strict: bool = False

    def check_election(self, election: Election) -> None:
        """Ours: one question, one answer or a blank vote («voto nulo»)."""
        if not self.strict:
            return
        got = [(bool(q.blank), q.min, q.max, len(q.answers)) for q in election.questions]
        if [one[:3] for one in got] != [(True, 1, 1)] or not 1 <= got[0][3] <= _MOST_ANSWERS:
            expected = f"blank, min 1, max 1, de 1 a {_MOST_ANSWERS} opciones"
            raise Failure("perfil-pregunta", "election.questions", expected, got)

    def check_board(self, board: Board) -> None:
        """Ours: exactly one Pedersen item, never all of its trustees needed, nobody twice, no names."""
        if not self.strict:
            return
        kinds = [item.kind for item in board.items]
        if kinds != ["Pedersen"]:
            raise Failure("perfil-custodios", "trustees", "Pedersen", ", ".join(kinds))
        if board.items[0].threshold >= len(board.keys):
            limit = f"menor que {len(board.keys)}"
            raise Failure("perfil-custodios", "trustees[0].threshold", limit, board.items[0].threshold)
        if board.items[0].named:
            raise Failure("perfil-nombres", "trustees[0].verification_keys", "llaves sin nombre")
        certified = board.items[0].certified
        for i, key in enumerate(certified):
            if key in certified[:i]:
                raise Failure("perfil-llaves", f"trustees[0].certs[{i // 2}]", "una llave distinta", key)


ANY = Profile()
OURS = Profile(strict=True)
