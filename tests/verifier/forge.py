"""A small, slow producer of elections for the tests: it holds all secrets, so it can cheat in every way.

It shares the arithmetic with the verifier (which has tests of its own) and nothing else: hashes, proofs and
messages are written here from the specification.
"""

from __future__ import annotations

import base64
import hashlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bel import Json, Parts, dump, sha, written
from certeza_verifier.groups import AnyGroup, group

Pair = tuple[Any, Any]
NAMES = {"name": "Urna de prueba", "description": "Consulta ñandú «á»"}


def compact(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")


@dataclass
class Maker:
    """Arithmetic and randomness of one test; everything follows from the seed."""

    name: str = "Ed25519"
    seed: int = 1
    arithmetic: str = "auto"
    group: AnyGroup = field(init=False)
    rng: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.group = group(self.name, self.arithmetic)
        self.rng = random.Random(self.seed)

    @property
    def q(self) -> int:
        return self.group.order

    @property
    def g(self) -> Any:
        return self.group.generator

    def scalar(self) -> int:
        return self.rng.randrange(1, self.q)

    def power(self, *pairs: tuple[Any, int]) -> Any:
        """Product of powers."""
        bases, exponents = [p for p, _ in pairs], [e % self.q for _, e in pairs]
        return self.group.multiply((self.g,), [((0,), bases, exponents)])[0]

    def text(self, element: Any) -> str:
        return self.group.text(element)

    def parse(self, text: str) -> Any:
        return self.group.parse([text], allow_identity=True)[0]

    def hash(self, text: str) -> int:
        return int.from_bytes(hashlib.sha256(text.encode()).digest(), "big") % self.q

    def schnorr(self, prefix: str, x: int) -> Json:
        w = self.scalar()
        challenge = self.hash(prefix + self.text(self.power((self.g, w))))
        return self.proof(challenge, w - x * challenge)

    def proof(self, challenge: int, response: int) -> Json:
        return {"challenge": str(challenge % self.q), "response": str(response % self.q)}

    def disjunction(
        self, prefix: str, y: Any, statements: Sequence[tuple[Pair, int]], true: int, r: int
    ) -> list[Json]:
        """Proof that one statement ((alpha, beta), value) holds: statement `true`, with randomness r."""
        proofs = [(self.scalar(), self.scalar()) for _ in statements]
        w, texts = self.scalar(), []
        for i, (((alpha, beta), value), (c, s)) in enumerate(zip(statements, proofs, strict=True)):
            if i == true:
                a, b = self.power((self.g, w)), self.power((y, w))
            else:
                a = self.power((self.g, s), (alpha, c))
                b = self.power((y, s), (beta, c), (self.g, -value * c))
            texts += [self.text(a), self.text(b)]
        others = sum(c for i, (c, _) in enumerate(proofs) if i != true)
        challenge = (self.hash(prefix + ",".join(texts)) - others) % self.q
        proofs[true] = (challenge, w - r * challenge)
        return [self.proof(c, s) for c, s in proofs]


@dataclass
class Keys:
    """Trustees with their private keys, in order of owner; `groups` as (first owner, size, threshold)."""

    message: bytes
    public_key: str
    private: list[int]
    groups: list[tuple[int, int, int]]


def single(m: Maker, x: int) -> Json:
    key = m.text(m.power((m.g, x)))
    return {"pok": m.schnorr(f"pok|{m.name}|{key}|", x), "public_key": key}


def signed(m: Maker, sk: int, message: str) -> Json:
    return {"message": message, "signature": m.schnorr(f"sigmsg|{message}|", sk)}


@dataclass
class Ceremony:
    """A Pedersen ceremony, step by step, so that a test can change one message and redo what follows."""

    m: Maker
    size: int
    threshold: int
    signing: list[int] = field(init=False)
    polynomials: list[list[int]] = field(init=False)
    edit_cert: Callable[[int, Json], None] = lambda i, keys: None
    edit_coefexps: Callable[[int, Json], None] = lambda i, raw: None

    def __post_init__(self) -> None:
        self.signing = [self.m.scalar() for _ in range(self.size)]
        self.polynomials = [[self.m.scalar() for _ in range(self.threshold)] for _ in range(self.size)]

    @property
    def private(self) -> list[int]:
        q = self.m.q
        at = range(1, self.size + 1)
        return [sum(a * pow(j, k, q) for p in self.polynomials for k, a in enumerate(p)) % q for j in at]

    def cert(self, i: int) -> Json:
        m = self.m
        context = {"group": m.name, "size": self.size, "threshold": self.threshold, "index": i + 1}
        keys = {
            "context": context,
            "verification": m.text(m.power((m.g, self.signing[i]))),
            "encryption": m.text(m.power((m.g, m.scalar()))),
        }
        self.edit_cert(i, keys)
        return signed(m, self.signing[i], dump(keys).decode())

    def item(self) -> Json:
        m = self.m
        certs = [self.cert(i) for i in range(self.size)]
        raws = [{"coefexps": [m.text(m.power((m.g, a))) for a in p]} for p in self.polynomials]
        for i, raw in enumerate(raws):
            self.edit_coefexps(i, raw)
        messages = [
            "certs_sig|" + dump({"certs": certs, "coefexps": raw["coefexps"]}).decode() for raw in raws
        ]
        pairs = list(zip(self.signing, raws, strict=True))
        return {
            "threshold": self.threshold,
            "certs": certs,
            "coefexps": [signed(m, sk, dump(raw).decode()) for sk, raw in pairs],
            "signatures": [
                m.schnorr(f"sigmsg|{text}|", sk) for sk, text in zip(self.signing, messages, strict=True)
            ],
            "verification_keys": [single(m, x) for x in self.private],
        }

    def secret(self) -> int:
        return sum(p[0] for p in self.polynomials) % self.m.q


def keys_of(m: Maker, *shape: tuple[int, int] | None) -> Keys:
    """Trustees: None for a Single, (size, threshold) for a Pedersen group."""
    items, private, groups, total = [], [], [], 0
    for one in shape:
        if one is None:
            x = m.scalar()
            items.append(["Single", single(m, x)])
            groups.append((len(private) + 1, 1, 1))
            private.append(x)
            total += x
        else:
            ceremony = Ceremony(m, *one)
            items.append(["Pedersen", ceremony.item()])
            groups.append((len(private) + 1, *one))
            private += ceremony.private
            total += ceremony.secret()
    return Keys(dump(items), m.text(m.power((m.g, total))), private, groups)


def question(answers: int = 3, low: int = 1, high: int = 1, blank: bool | None = True) -> Json:
    value: dict[str, Json] = {"answers": [f"Proyecto {i + 1}" for i in range(answers)]}
    if blank is not None:
        value["blank"] = blank
    return value | {"min": low, "max": high, "question": "¿Qué proyecto prefiere?"}


@dataclass
class Urn:
    """An election with all its secrets."""

    m: Maker
    keys: Keys
    questions: list[Json]
    uuid: str = "1abcDEFGHiJKLM"
    voters: int = 4
    weights: list[int] | None = None
    names: dict[str, str] = field(default_factory=lambda: dict(NAMES))
    extra: dict[str, str] = field(default_factory=dict)
    secrets: list[int] = field(default_factory=list)
    plain: list[list[list[int]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        m = self.m
        value = {"version": 1, "description": self.names["description"], "name": self.names["name"]}
        value |= {"group": m.name, "public_key": self.keys.public_key, "questions": self.questions}
        self.election = dump(value | {"uuid": self.uuid} | self.extra)
        self.y = m.parse(self.keys.public_key)
        pairs = [(x, m.text(m.power((m.g, x)))) for x in (m.scalar() for _ in range(self.voters))]
        pairs.sort(key=lambda pair: m.group.sort_key(pair[1]))
        self.secrets = [x for x, _ in pairs]
        self.public = [text for _, text in pairs]
        marks = [f",{w}" for w in self.weights] if self.weights else [""] * self.voters
        texts = [text + mark for text, mark in zip(self.public, marks, strict=True)]
        self.parts = Parts(self.election, self.keys.message, dump(texts))

    @property
    def phi(self) -> str:
        return compact(self.election)

    def answer(self, q: Json, plain: Sequence[int], seed: str, rs: Sequence[int] | None = None) -> Json:
        """Encrypted answer; `rs` fixes the randomness."""
        m = self.m
        rs = list(rs) if rs is not None else [m.scalar() for _ in plain]
        pairs = [(m.power((m.g, r)), m.power((self.y, r), (m.g, v))) for r, v in zip(rs, plain, strict=True)]
        texts = [f"{m.text(a)},{m.text(b)}" for a, b in pairs]
        individual = [
            m.disjunction(f"prove|{seed}|{t}|", self.y, [(pair, 0), (pair, 1)], v, r)
            for pair, t, v, r in zip(pairs, texts, plain, rs, strict=True)
        ]
        choices = [dict(zip(("alpha", "beta"), t.split(","), strict=True)) for t in texts]
        value = {"choices": choices, "individual_proofs": individual}
        full = f"{seed}|{','.join(texts)}"
        blank = bool(q.get("blank"))
        counted = slice(1 if blank else 0, None)
        total = (
            m.group.combine([a for a, _ in pairs[counted]]),
            m.group.combine([b for _, b in pairs[counted]]),
        )
        r, v = sum(rs[counted]) % m.q, sum(plain[counted])
        allowed = [(total, k) for k in range(q["min"], q["max"] + 1)]
        if not blank:
            prefix = f"prove|{full}|{m.text(total[0])},{m.text(total[1])}|"
            return value | {"overall_proof": m.disjunction(prefix, self.y, allowed, v - q["min"], r)}
        chosen = (0, rs[0]) if plain[0] else (v - q["min"] + 1, r)
        overall = m.disjunction(f"bproof1|{full}|", self.y, [(pairs[0], 1), *allowed], *chosen)
        which = (1, r) if plain[0] else (0, rs[0])
        either = m.disjunction(f"bproof0|{full}|", self.y, [(pairs[0], 0), (total, 0)], *which)
        return value | {"overall_proof": overall, "blank_proof": either}

    def ballot(
        self,
        voter: int,
        plains: Sequence[Sequence[int]],
        edit: Callable[[Json], None] | None = None,
        **how: Any,
    ) -> bytes:
        """A ballot of a voter; `edit` changes it before it is signed."""
        seed = f"{self.phi}|{self.public[voter]}"
        answers = [self.answer(q, p, seed, **how) for q, p in zip(self.questions, plains, strict=True)]
        value = {
            "election_uuid": self.uuid,
            "election_hash": self.phi,
            "credential": self.public[voter],
            "answers": answers,
        }
        if edit:
            edit(value)
        return self.sign(value, self.secrets[voter])

    def sign(self, value: Json, secret: int) -> bytes:
        hashed = compact(dump(value))
        return dump(
            value | {"signature": {"hash": hashed, "proof": self.m.schnorr(f"sig|{hashed}|", secret)}}
        )

    def vote(self, voter: int, *plains: Sequence[int]) -> None:
        self.parts.ballots.append(self.ballot(voter, plains))
        self.plain.append([list(p) for p in plains])

    def close(self, counted: Sequence[int] | None = None, weights: Sequence[int] | None = None) -> None:
        """EndBallots and the encrypted tally over the ballots at the given positions, with their weights."""
        import json

        m = self.m
        counted = range(len(self.parts.ballots)) if counted is None else counted
        weights = [1] * len(counted) if weights is None else weights
        ballots = [json.loads(self.parts.ballots[i]) for i in counted]
        tally = []
        for i, q in enumerate(self.questions):
            size = len(q["answers"]) + bool(q.get("blank"))
            row = []
            for j in range(size):
                cells = [b["answers"][i]["choices"][j] for b in ballots]
                pair = {
                    k: m.text(m.power(*[(m.parse(c[k]), w) for c, w in zip(cells, weights, strict=True)]))
                    for k in ("alpha", "beta")
                }
                row.append(pair)
            tally.append(row)
        self.parts.closed, self.parts.tally = True, dump(tally)
        self.parts.sized = (len(counted), sum(weights))
        self.counts = [
            [
                sum(self.plain[k][i][j] * w for k, w in zip(counted, weights, strict=True))
                for j in range(len(row))
            ]
            for i, row in enumerate(tally)
        ]

    def share(self, owner: int, x: int | None = None) -> bytes:
        import json

        m, x = self.m, self.keys.private[owner - 1] if x is None else x
        key = m.text(m.power((m.g, x)))
        factors, proofs = [], []
        for row in json.loads(self.parts.tally or b""):
            alphas = [m.parse(cell["alpha"]) for cell in row]
            factors.append([m.text(m.power((a, x))) for a in alphas])
            proofs.append([self.equality(f"decrypt|{self.phi}|{key}|", a, x) for a in alphas])
        return dump({"decryption_factors": factors, "decryption_proofs": proofs})

    def equality(self, prefix: str, alpha: Any, x: int) -> Json:
        m, w = self.m, self.m.scalar()
        c = m.hash(f"{prefix}{m.text(m.power((m.g, w)))},{m.text(m.power((alpha, w)))}")
        return m.proof(c, w - x * c)

    def open(self, *owners: int) -> None:
        self.parts.shares = [(owner, self.share(owner)) for owner in owners]
        self.parts.result = dump({"result": [[written(n) for n in row] for row in self.counts]})


def small_urn(seed: int = 1, *, group_name: str = "Ed25519") -> Urn:
    """Complete: 2 of 3 trustees, one question with a blank vote, three ballots of four voters."""
    m = Maker(group_name, seed)
    urn = Urn(m, keys_of(m, (3, 2)), [question()])
    for voter, plain in ((0, [0, 1, 0, 0]), (2, [1, 0, 0, 0]), (3, [0, 0, 0, 1])):
        urn.vote(voter, plain)
    urn.close()
    urn.open(1, 3)
    return urn


__all__ = [
    "Ceremony",
    "Keys",
    "Maker",
    "Urn",
    "compact",
    "keys_of",
    "question",
    "sha",
    "signed",
    "single",
    "small_urn",
]
