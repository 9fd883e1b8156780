"""The corpus of altered archives: every one must be refused by whoever judges archives.

From a complete election each `Tampered` changes one thing and remakes every hash downstream. `stricter` is
the point of the careful verifier's list where Belenios itself may accept; None when it refuses too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from keys import credentials
from keys.proofs import schnorr
from keys.randomness import SeededRandomness
from tally import decryption
from tally.checking import BallotChecker
from tally.election import Election
from tally.encrypted_tally import Aggregator, EncryptedTally
from tally.encryption import BallotMaker
from tally.public_credentials import PublicCredentials, derive
from tests.tally import json_mutations
from tests.tally.json_mutations import ORDER, Change
from tests.tally.making import Made, make_election
from tests.tally.rewriting import (
    SETUP,
    Piece,
    Plan,
    base64_hash,
    compact,
    read_members,
    sha256,
    take_apart,
    tar_member,
    write_members,
)


@dataclass(frozen=True)
class Tampered:
    """An altered archive. `role`: the message changed; `family`: the kind of change.

    `rules` are prefixes of the rule ids of `tally` that may refuse it.
    """

    role: str
    family: str
    name: str
    archive: bytes
    rules: tuple[str, ...]
    stricter: int | None = None

    def __str__(self) -> str:
        return f"{self.role} › {self.family} › {self.name}"


# --- every place of every message ---------------------------------------------------------------------------

FORM = ("formato.",)
# What may refuse a change of each message besides its form, by role.
ABOUT = {
    "header": ("archivo.",),
    "election": ("eleccion.", "boleta.", "grupo.", "elemento.", "urna.custodios"),
    "trustees": ("ceremonia.", "elemento.", "urna.custodios", "eleccion.llave", "grupo."),
    "credentials": ("credenciales.", "elemento.", "boleta.credencial"),
    "setup": ("cadena.contenido", "archivo.sobrante"),
    "ballot": ("boleta.", "elemento."),
    "event": ("cadena.", "archivo.sobrante"),
    "tally": ("computo.",),
    "sized": ("computo.", "cadena.contenido", "archivo."),
    "partial": ("descifrado.", "elemento."),
    "owned": ("descifrado.", "cadena.contenido", "archivo."),
    "result": ("resultado.",),
}
# Families that only the form can refuse: nothing behind it is reached.
FORM_ONLY = frozenset({"texto", "campos", "escape"})
# Exceptions: where a reader of one message has its own words for its form.
FORM_WORDS = {
    "header": ("archivo.",),
    "event": ("cadena.tipo", "cadena.contenido", "cadena.padre"),
    "credentials": ("elemento.text", "credenciales."),
    "tally": ("computo.",),
    # Some fields are optional: without them it is another election, which no ballot names.
    "election": ("eleccion.", "boleta."),
    "trustees": ("ceremonia.",),
    "ballot": ("boleta.forma", "boleta.firma_hash"),
}


def expected_rules(role: str, family: str) -> tuple[str, ...]:
    """Prefixes of the rules that may refuse a change of this family in this message."""
    if family.rsplit(maxsplit=1)[-1] in FORM_ONLY:
        return FORM + FORM_WORDS.get(role, ())
    return FORM + ABOUT[role]


ROLE_AT: dict[str, tuple[str, int]] = {
    "election": ("Setup", 0),
    "trustees": ("Setup", 0),
    "credentials": ("Setup", 0),
    "setup": ("Setup", 0),
    "ballot": ("Ballot", 1),
    "tally": ("EncryptedTally", 0),
    "sized": ("EncryptedTally", 0),
    "partial": ("PartialDecryption", 1),
    "owned": ("PartialDecryption", 1),
    "result": ("Result", 0),
}
EVENTS = ("Setup", "Ballot", "EndBallots", "EncryptedTally", "PartialDecryption", "Result")
ROLES = ("header", *ROLE_AT, *(f"event {kind}" for kind in EVENTS))


def of_role(made: Made, role: str) -> Iterator[Tampered]:
    """Every place of one message changed in turn."""
    plan = take_apart(made.archive)
    if role == "header":
        yield from _of_header(plan)
    elif role.startswith("event "):
        yield from _of_event(plan, role.removeprefix("event "))
    elif role == "election":
        yield from _of_election(made, plan)
    elif role == "ballot":
        yield from _of_ballot(made, plan)
    else:
        yield from _of_data(plan, role)


def _text(data: bytes) -> str:
    return data.decode()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _tampered(role: str, change: Change, plan: Plan) -> Tampered:
    name = f"{change.path} {change.name}"
    return Tampered(role, change.family, name, plan.write(), expected_rules(role, change.family))


def _of_header(plan: Plan) -> Iterator[Tampered]:
    for change in json_mutations.changes(_text(plan.header)):
        made = plan.until(0)
        made.header = _bytes(change.text)
        yield _tampered("header", change, made)


def _of_event(plan: Plan, kind: str) -> Iterator[Tampered]:
    index = plan.find(kind)
    content = [c for n, c in plan.until(index).members() if n.endswith(b".event.json")][-1]
    for change in json_mutations.changes(_text(content)):
        made = plan.until(index)
        made.pieces[index].event = _always(_bytes(change.text))
        yield _tampered("event", change, made)


def _always(data: bytes) -> Callable[[bytes], bytes]:
    return lambda _: data


def _of_data(plan: Plan, role: str) -> Iterator[Tampered]:
    kind, number = ROLE_AT[role]
    index = plan.find(kind, number)
    # Another list of credentials is right in itself: there the ballots have to notice.
    end = len(plan.pieces) - 1 if role == "credentials" else index
    for change in json_mutations.changes(_text(plan.pieces[index].data[role])):
        made = plan.until(end)
        piece = made.pieces[index]
        piece.data[role] = _bytes(change.text)
        piece.fixed = frozenset({role})
        yield _tampered(role, change, made)


def _of_election(made: Made, plan: Plan) -> Iterator[Tampered]:
    """As it is, with the ballots of before; and with ballots that name the changed election."""
    for change in json_mutations.changes(_text(plan.pieces[0].data["election"])):
        data = _bytes(change.text)
        altered = plan.until(1)
        altered.pieces[0].data["election"] = data
        yield _tampered("election", change, altered)
        ballot = json.loads(plan.pieces[1].data["ballot"]) | {"election_hash": base64_hash(data)}
        altered.pieces[1].data["ballot"] = sign_again(made, ballot, 0)
        renamed = Change(change.path, change.family, f"{change.name}, boleta de nuevo firmada", change.text)
        yield _tampered("election", renamed, altered)


def _of_ballot(made: Made, plan: Plan) -> Iterator[Tampered]:
    """As it is; and, when it can be read, signed again, so that the signature is not what fails."""
    index = plan.find(*ROLE_AT["ballot"])
    for change in json_mutations.changes(_text(plan.pieces[index].data["ballot"])):
        altered = plan.until(index)
        altered.pieces[index].data["ballot"] = _bytes(change.text)
        yield _tampered("ballot", change, altered)
        again = _signed_text(made, change.text)
        if again is None or change.path.startswith("4"):
            continue
        altered.pieces[index].data["ballot"] = again
        renamed = Change(change.path, change.family, f"{change.name}, de nuevo firmada", change.text)
        yield _tampered("ballot", renamed, altered)


def _signed_text(made: Made, text: str) -> bytes | None:
    """The second voter's signature over whatever the text says, where that can be read."""
    try:
        tree = json_mutations.load(text)
        unsigned = json_mutations.Obj(pair for pair in tree if pair[0] != "signature")
        written = json_mutations.dump(unsigned)
        signature = _signature(made, _bytes(written), 1)
    except (ValueError, RecursionError, TypeError):
        return None
    if made.ballots[1].startswith(_bytes(written[:-1])):
        return None  # Only the spelling was another.
    return _bytes(json_mutations.dump(json_mutations.Obj([*unsigned, ("signature", signature)])))


# --- signing again -----------------------------------------------------------------------------------------


def _signature(made: Made, unsigned: bytes, voter: int, uuid: str | None = None) -> json_mutations.Obj:
    group = made.group
    secret = credentials.exponent(group.order, uuid or made.election.uuid, made.private[voter])
    digest = base64_hash(unsigned)
    proof = schnorr.prove(group, schnorr.ballot_prefix(digest), secret, SeededRandomness(digest))
    pairs = json_mutations.Obj(proof.to_json().items())
    return json_mutations.Obj([("hash", digest), ("proof", pairs)])


def sign_again(made: Made, ballot: dict[str, Any], voter: int) -> bytes:
    """The ballot with the hash and signature that its owner would give it."""
    fields = {k: v for k, v in ballot.items() if k != "signature"}
    signature = _signature(made, compact(fields), voter)
    return compact(fields)[:-1] + b',"signature":' + _bytes(json_mutations.dump(signature)) + b"}"


# --- acts: whole ballots, shares, events ------------------------------------------------------------------

Act = tuple[str, str, bytes, tuple[str, ...], int | None]


def acts(made: Made) -> Iterator[Tampered]:
    """Attacks that are more than a changed place."""
    for source in (_container, _chain, _setup_acts, _ballot_acts, _tally_acts, _share_acts, _result_acts):
        for role, name, archive, rules, stricter in source(made):
            yield Tampered(role, "acto", name, archive, rules, stricter)


def _container(made: Made) -> Iterator[Act]:
    data, plan = made.archive, take_apart(made.archive)
    cut = ("archivo.", "cadena.orden", "cadena.contenido")
    for size in (0, 1, 511, 512, 513, 1024, len(data) - 1, len(data) - 512, len(data) - 511):
        yield "archivo", f"cortado a {size} bytes", data[:size], cut, None
    for size in (1, 100, 512, 1024, 10240 - len(data) % 10240):
        yield "archivo", f"{size} ceros después", data + bytes(size), cut, None
        yield "archivo", f"{size} bytes después", data + b"x" * size, cut, None
    members = plan.members()
    for at in (0, 3, len(members) - 1):
        for field, value in HEADER_FIELDS.items():
            yield (
                "archivo",
                f"miembro {at}, {field} {value!r}",
                _with_header(plan, at, field, value),
                cut,
                None,
            )
    yield "archivo", "otra hora en todos", write_members(members, plan.timestamp + 1), cut, None
    yield "archivo", "sin encabezado", write_members(members[1:], plan.timestamp), cut, None
    yield "archivo", "dos encabezados", write_members([members[0], *members], plan.timestamp), cut, None
    yield "archivo", "relleno", _padding(data), cut, None
    for at, (name, content) in enumerate(members[1:], start=1):
        twice = [*members[: at + 1], (name, content), *members[at + 1 :]]
        rules = (*cut, "cadena.", "formato.")
        yield "archivo", f"miembro {at} dos veces", write_members(twice, plan.timestamp), rules, None
        without = members[:at] + members[at + 1 :]
        # Leaving out the last events is another, earlier archive: only a copy or the ledger can tell.
        if at < len(members) - 1:
            yield "archivo", f"sin el miembro {at}", write_members(without, plan.timestamp), rules, None
        moved = [*without[: at - 1], (name, content), *without[at - 1 :]]
        if at > 1:
            yield "archivo", f"miembro {at} antes", write_members(moved, plan.timestamp), rules, None


HEADER_FIELDS = {
    "mode": b"0000600\0",
    "uid": b"0001750\0",
    "gid": b"0001750\0",
    "mtime": b"14421000000\0",
    "size": b"00000000001\0",
    "checksum": b"000001\0 ",
    "typeflag": b"5",
    "rest": b"".ljust(100, b"\0") + b"ustar\x0000",
    "name": b"otro.data.json",
}


def _with_header(plan: Plan, at: int, field: str, value: bytes) -> bytes:
    parts = [
        tar_member(name, content, plan.timestamp, {field: value} if i == at else None)
        for i, (name, content) in enumerate(plan.members())
    ]
    return b"".join(parts)


def _padding(data: bytes) -> bytes:
    return data[:-1] + b"x"


def _chain(made: Made) -> Iterator[Act]:
    """Events in another order, repeated, left out; everything remade, so that only the order is wrong."""
    plan = take_apart(made.archive)
    whole = list(range(len(plan.pieces)))
    orders: dict[str, tuple[list[int], int | None]] = {
        "sin Setup": (whole[1:], None),
        "Setup dos veces": ([0, 0, *whole[1:]], 1),
        "Setup en medio": ([0, 1, 0, *whole[2:]], 1),
        "sin EndBallots": ([i for i in whole if i != 5], 1),
        "EndBallots dos veces": ([*whole[:6], 5, *whole[6:]], 1),
        "EndBallots entre boletas": ([0, 1, 5, 2, 3, 4, 5, *whole[6:]], 1),
        "boleta después del cierre": ([0, 1, 2, 3, 5, 4, *whole[6:]], 1),
        "boleta después del cómputo": ([0, 1, 2, 3, 5, 6, 4, *whole[7:]], 1),
        "boleta al final": ([0, 1, 2, 3, *whole[5:], 4], 1),
        "sin cómputo": ([i for i in whole if i != 6], 1),
        "dos cómputos": ([*whole[:7], 6, *whole[7:]], 1),
        "descifrado antes del cómputo": ([*whole[:6], 7, 6, 8, 9], 1),
        "descifrado antes del cierre": ([*whole[:5], 7, 5, 6, 8, 9], 1),
        "resultado antes de un descifrado": ([*whole[:8], 9, 8], 1),
        "resultado dos veces": ([*whole, 9], 1),
        "descifrado después del resultado": ([*whole, 7], 1),
        "cierre después del resultado": ([*whole, 5], 1),
        "resultado y nada más": ([0, 9], 1),
        "un descifrado repetido": ([*whole[:8], 7, 8, 9], 4),
    }
    for name, (order, stricter) in orders.items():
        made_plan = plan.copy()
        made_plan.pieces = [plan.pieces[i] for i in order]
        rules = ("cadena.orden", "cadena.contenido", "descifrado.", "urna.", "archivo.", "computo.numero")
        yield "cadena", name, made_plan.write(), rules, stricter
    yield from _broken_links(plan)


def _broken_links(plan: Plan) -> Iterator[Act]:
    def with_field(**fields: Any) -> Callable[[bytes], bytes]:
        return lambda data: compact({k: v for k, v in (json.loads(data) | fields).items() if v is not None})

    for at in range(1, len(plan.pieces)):
        for name, change in (
            ("sin padre", with_field(parent=None)),
            ("otro padre", with_field(parent=sha256(b"otro"))),
            ("altura más uno", with_field(height=at + 1)),
            ("altura cero", with_field(height=0)),
            ("otro contenido", with_field(payload=sha256(b"otro"))),
            ("tipo desconocido", with_field(type="Shuffle")),
        ):
            made = plan.copy()
            made.pieces[at].event = change
            yield "cadena", f"evento {at}: {name}", made.write(), ("cadena.", "archivo.sobrante"), None
    made = plan.copy()
    made.pieces[0].event = lambda data: b'{"parent":"' + sha256(b"").encode() + b'",' + data[1:]
    yield "cadena", "Setup con padre", made.write(), ("cadena.padre",), None


def _setup_acts(made: Made) -> Iterator[Act]:
    plan, group = take_apart(made.archive), made.group
    texts = json.loads(plan.pieces[0].data["credentials"])
    own = ("credenciales.", "elemento.", "formato.")

    def listed(values: list[Any], pieces: int = 0) -> bytes:
        altered = plan.until(pieces)
        altered.pieces[0].data["credentials"] = compact(values)
        return altered.write()

    lists: dict[str, tuple[list[Any], int | None]] = {
        "al revés": (texts[::-1], 6),
        "una dos veces": ([texts[0], *texts], None),
        "la última dos veces": ([*texts, texts[-1]], None),
        "con pesos": ([f"{t},1" for t in texts], 6),
        "con peso cero": ([f"{texts[0]},0", *texts[1:]], 8),
        "con nombre": ([f"{texts[0]},1,nombre", *texts[1:]], 6),
        "en mayúsculas": ([texts[0].upper(), *texts[1:]], 6),
    }
    for point, name in (*_bad_points(texts[0]),):
        lists[f"una {name}"] = (sorted([*texts[1:], point], key=group.sort_key), 7)
    for name, (values, stricter) in lists.items():
        yield "credentials", f"{name}, urna vacía", listed(values), own, stricter or 8
        yield "credentials", name, listed(values, len(plan.pieces) - 1), own, stricter
    for name, key in (("del primer custodio", made.board.public(1)), ("otra", json_mutations.OTHER_POINT)):
        altered = plan.until(0)
        election = json.loads(altered.pieces[0].data["election"]) | {"public_key": key}
        altered.pieces[0].data["election"] = compact(election)
        yield "election", f"llave {name}", altered.write(), ("eleccion.llave",), None
    for role in SETUP[:3]:
        altered = plan.until(0)
        altered.pieces[0].data[role] = b"{}"
        yield (
            role,
            "objeto vacío",
            altered.write(),
            ("formato.", "urna.custodios"),
            8 if role == "credentials" else None,
        )


def _bad_points(text: str) -> Iterator[tuple[str, str]]:
    for change in json_mutations.changes(json.dumps([text])):
        if change.family == "elemento":
            yield json.loads(change.text)[0], change.name


def _ballot_acts(made: Made) -> Iterator[Act]:
    plan, group = take_apart(made.archive), made.group
    first, second = (json.loads(b) for b in made.ballots[:2])
    maker = BallotMaker(group, made.election, SeededRandomness("actos"))

    def cast(ballot: bytes, before: int = 1) -> bytes:
        """An archive with `before` good ballots and then this one."""
        altered = plan.until(before)
        altered.pieces.append(Piece("Ballot", {"ballot": ballot}))
        return altered.write()

    used = ("urna.credencial_usada", "archivo.repetido")
    yield "ballot", "la misma otra vez", cast(made.ballots[0]), used, None
    yield "ballot", "la misma, firmada de nuevo", cast(sign_again(made, first, 0)), used, 2
    yield "ballot", "otra de la misma persona", cast(maker.make(made.private[0], [[0, 0, 1]]).data), used, 2
    stolen = second | {"answers": first["answers"]}
    proofs = ("boleta.prueba_",)
    yield "ballot", "respuestas de otra, firmada", cast(sign_again(made, stolen, 1)), proofs, None
    yield "ballot", "respuestas de otra, sin firmar", cast(compact(stolen)), ("boleta.firma",), None
    for voter, ballot in ((0, first), (1, second)):
        other = ballot | {"credential": (second if voter == 0 else first)["credential"]}
        yield "ballot", f"credencial cambiada {voter}", cast(compact(other), 0), ("boleta.",), None
    yield "ballot", "respuestas en otro orden", cast(_swapped(made, second)), proofs, None
    yield from _foreign_ballots(made, cast)
    yield from _dishonest_ballots(made, cast)


def _swapped(made: Made, ballot: dict[str, Any]) -> bytes:
    answer = ballot["answers"][0]
    turned = {k: v[::-1] if k in ("choices", "individual_proofs") else v for k, v in answer.items()}
    return sign_again(made, ballot | {"answers": [turned]}, 1)


def _foreign_ballots(made: Made, cast: Callable[[bytes], bytes]) -> Iterator[Act]:
    group, random = made.group, SeededRandomness("ajenas")
    election = made.election
    elsewhere = Election(
        election.description, election.name, election.group, election.public_key, election.questions,
        "CertezaTest9999", election.administrator, election.credential_authority,
    )  # fmt: skip
    foreign = BallotMaker(group, elsewhere, random).make(made.private[1], [[0, 1, 0]])
    yield "ballot", "de otra elección", cast(foreign.data), ("boleta.eleccion",), None
    (own,) = derive(group, election.uuid, [made.private[1]])
    renamed = json.loads(foreign.data) | {
        "election_uuid": election.uuid,
        "election_hash": election.fingerprint,
        "credential": own,
    }
    signed = sign_again(made, renamed, 1)
    yield "ballot", "de otra elección, renombrada", cast(signed), ("boleta.prueba_",), None
    stranger = BallotMaker(group, election, random).make(credentials.generate(random), [[0, 1, 0]])
    yield "ballot", "de una credencial sin lista", cast(stranger.data), ("boleta.credencial",), None


FORBIDDEN_VOTES = (
    [0, 1, 1],
    [0, 0, 0],
    [1, 1, 0],
    [1, 1, 1],
    [0, 2, 0],
    [2, 0, 0],
    [0, -1, 2],
    [1, -1, 1],
    [-1, 1, 1],
    [0, 2, -1],
    [-1, 0, 0],
)


def _dishonest_ballots(made: Made, cast: Callable[[bytes], bytes]) -> Iterator[Act]:
    """Made by a voter who computes everything as told, with a vote that is not allowed."""
    from tests.tally.cheating import CheatingMaker

    maker = CheatingMaker(made.group, made.election, SeededRandomness("trampas"))
    for vote in FORBIDDEN_VOTES:
        ballot = maker.make(made.private[1], [[mark % ORDER for mark in vote]])
        yield "ballot", f"voto {vote}", cast(ballot.data), ("boleta.prueba_",), None


def _tally_acts(made: Made) -> Iterator[Act]:
    plan = take_apart(made.archive)
    index = plan.find("EncryptedTally")
    counted = ("computo.",)

    def with_tally(rows: bytes, **sized: int) -> Plan:
        altered = plan.copy()
        data = altered.pieces[index].data
        data["tally"] = rows
        data["sized"] = compact(json.loads(data["sized"]) | sized)
        return altered

    honest = plan.pieces[index].data["tally"]
    sums = {"sin la última boleta": (0, 1, 2), "con la primera dos veces": (0, 0, 1, 2, 3), "vacía": ()}
    cases: dict[str, Plan] = {
        f"suma {name}": with_tally(_tally_of(made, ballots)) for name, ballots in sums.items()
    }
    for field in ("num_tallied", "total_weight"):
        for number in (0, 3, 5):
            cases[f"{field} {number}"] = with_tally(honest, **{field: number})
    turned = compact([row[::-1] for row in json.loads(honest)])
    cases["opciones al revés"] = with_tally(turned)
    for name, altered in cases.items():
        yield "tally", f"{name}, con todo lo demás", altered.write(), counted, 3
        yield "tally", name, altered.until(index).write(), counted, 3


def _tally_of(made: Made, numbers: tuple[int, ...]) -> bytes:
    group, election = made.group, made.election
    listed = PublicCredentials.from_bytes(
        group, take_apart(made.archive).pieces[0].data["credentials"], "lista"
    )
    checker = BallotChecker(group, election, listed)
    aggregator = Aggregator(group, election.questions)
    for number in numbers:
        aggregator.add(checker.read(made.ballots[number], "boleta").choices)
    return aggregator.tally().data


def _share(made: Made, owner: int, secret: int, public: str, tally: bytes) -> Piece:
    random = SeededRandomness(f"parte {owner} {secret}")
    read = EncryptedTally.from_bytes(tally, "cómputo")
    partial = decryption.decrypt(made.group, made.election.fingerprint, read, secret, public, random)
    return Piece(
        "PartialDecryption", {"partial": partial.data, "owned": compact({"owner": owner, "payload": ""})}
    )


def _share_acts(made: Made) -> Iterator[Act]:
    plan, board = take_apart(made.archive), made.board
    start = plan.find("PartialDecryption")
    honest = plan.pieces[plan.find("EncryptedTally")].data["tally"]
    own = ("descifrado.", "elemento.")

    def share(owner: int, key_of: int, tally: bytes = honest, shift: int = 0) -> Piece:
        return _share(made, owner, board.secrets[key_of] + shift, board.public(key_of), tally)

    def with_shares(shares: list[Piece]) -> bytes:
        altered = plan.until(start - 1)
        altered.pieces += shares
        return altered.write()

    good = [share(1, 1), share(3, 3)]
    cases = {
        "de otro custodio": [share(1, 2)],
        "de nadie, dueño 0": [share(0, 1)],
        "de nadie, dueño 4": [share(4, 1)],
        "con otra llave": [share(1, 1, shift=1)],
        "de otra suma": [share(1, 1, tally=_tally_of(made, (0, 1)))],
        "de más y falsa": [*good, share(2, 2, shift=1)],
        "de más y repetida": [*good, _other_proof(made, 1, honest)],
        "dueños cambiados": [share(1, 3), share(3, 1)],
        "factores al revés": [_turned(good[0])],
        "factores neutros": [_neutral(made, good[0])],
    }
    result = plan.pieces[-1]
    for name, shares in cases.items():
        yield "partial", name, with_shares(shares), own, 4
        yield "partial", f"{name}, con resultado", with_shares([*shares, result]), own, 4


def _other_proof(made: Made, owner: int, tally: bytes) -> Piece:
    read = EncryptedTally.from_bytes(tally, "cómputo")
    secret, public = made.board.secrets[owner], made.board.public(owner)
    random = SeededRandomness("otra prueba")
    partial = decryption.decrypt(made.group, made.election.fingerprint, read, secret, public, random)
    return Piece(
        "PartialDecryption", {"partial": partial.data, "owned": compact({"owner": owner, "payload": ""})}
    )


def _turned(piece: Piece) -> Piece:
    value = json.loads(piece.data["partial"])
    turned = {k: [row[::-1] for row in rows] for k, rows in value.items()}
    return Piece(piece.type, piece.data | {"partial": compact(turned)})


def _neutral(made: Made, piece: Piece) -> Piece:
    value = json.loads(piece.data["partial"])
    (neutral,) = made.group.encode([made.group.identity])
    value["decryption_factors"] = [[neutral for _ in row] for row in value["decryption_factors"]]
    return Piece(piece.type, piece.data | {"partial": compact(value)})


def _result_acts(made: Made) -> Iterator[Act]:
    plan = take_apart(made.archive)
    assert made.votes is not None
    (row,) = made.votes
    own = ("resultado.", "formato.")
    wrong: dict[str, list[list[int]]] = {
        "un voto de más": [[row[0], row[1] + 1, row[2]]],
        "un voto de menos": [[row[0], row[1] - 1, row[2]]],
        "un voto pasado a otro": [[row[0], row[1] - 1, row[2] + 1]],
        "un nulo pasado a un proyecto": [[row[0] - 1, row[1] + 1, row[2]]],
        "módulo q": [[row[0] + ORDER, *row[1:]]],
        "módulo q, negativo": [[row[0] - ORDER, *row[1:]]],
        "ceros": [[0, 0, 0]],
        "una opción de menos": [row[:-1]],
        "una opción de más": [[*row, 0]],
        "una pregunta de más": [row, row],
        "vacío": [],
    }
    for name, votes in wrong.items():
        altered = plan.copy()
        altered.pieces[-1].data["result"] = compact({"result": votes})
        yield "result", name, altered.write(), own, None
    start = plan.find("PartialDecryption")
    for name, kept in (("sin descifrados", []), ("con uno", [start]), ("con el otro", [start + 1])):
        altered = plan.until(start - 1)
        altered.pieces += [plan.pieces[i] for i in [*kept, len(plan.pieces) - 1]]
        yield "result", name, altered.write(), ("descifrado.umbral", "cadena.orden"), None


def other_consultation(made: Made) -> bytes:
    """An archive right in itself, whose trustees are those of another consultation."""
    return make_election(made.group, [[[0, 1, 0]]], board=(4, 2), present=(1, 2), voters=2).archive


def corpus(made: Made) -> Iterator[Tampered]:
    """Everything."""
    for role in ROLES:
        yield from of_role(made, role)
    yield from acts(made)


def damaged(archive: bytes, step: int = 211) -> Iterator[tuple[int, bytes]]:
    """The archive with one bit turned, at every `step`-th byte and in every header field."""
    fields = [start for start in _headers(archive) for start in range(start, start + 512, 61)]
    for count, at in enumerate(sorted({*range(0, len(archive), step), *fields})):
        turned = bytearray(archive)
        turned[at] ^= 1 << count % 8
        yield at, bytes(turned)


def _headers(archive: bytes) -> list[int]:
    at, found = 0, []
    for _, content in read_members(archive):
        found.append(at)
        at += 512 + len(content) + -len(content) % 512
    return found
