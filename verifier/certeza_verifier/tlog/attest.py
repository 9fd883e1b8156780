"""Who stands behind a checkpoint: the log, and witnesses enough for a policy."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from certeza_verifier.errors import Failure, NotJudged
from certeza_verifier.tlog.checkpoint import Checkpoint, Signed, parse_checkpoint, signature_of
from certeza_verifier.tlog.note import ML_DSA, Key
from certeza_verifier.tlog.policy import NONE, Policy


@dataclass(frozen=True, slots=True)
class Trust:
    """Keys of the log, the origin its checkpoints must have (None: the name of the key that signed), and the
    policy, if any.
    """

    logs: tuple[Key, ...]
    policy: Policy | None = None
    origin: str | None = None


@dataclass(slots=True)
class Attested:
    """A checkpoint signed by its log. `quorum` is None without a policy; `unchecked` are witnesses whose
    signature this program cannot verify, `possible` whether the quorum would be met if they held.
    """

    checkpoint: Checkpoint
    log: Key
    witnesses: dict[str, Signed] = field(default_factory=dict)
    unchecked: list[str] = field(default_factory=list)
    strangers: int = 0
    quorum: bool | None = None
    possible: bool = False

    def lines(self, policy: Policy | None) -> list[str]:
        """What to tell people about it."""
        told = [f"Checkpoint de {self.checkpoint.size} entradas firmado por la bitácora {self.log.name}."]
        for name, signed in self.witnesses.items():
            told.append(f"Testigo {name} ({signed.key.name}): cofirmó, {_when(signed.time or 0)}.")
        told += [f"Testigo {name}: cofirma ML-DSA-44 no comprobada." for name in self.unchecked]
        if self.strangers:
            told.append(f"{self.strangers} firmas de llaves que no se conocen no cuentan ni estorban.")
        return told + self._quorum(policy)

    def _quorum(self, policy: Policy | None) -> list[str]:
        if policy is None:
            return ["Sin política de testigos: nadie más que la bitácora responde de este checkpoint."]
        if policy.quorum == NONE:
            return ["La política no pide testigos: sólo la bitácora responde de este checkpoint."]
        if self.quorum:
            return ["Atestiguado: los testigos alcanzan el quórum de la política."]
        return ["No atestiguado: los testigos no alcanzan el quórum de la política."]

    def as_json(self) -> dict[str, object]:
        """For the machine report."""
        return {
            "origen": self.checkpoint.origin,
            "tamano": self.checkpoint.size,
            "raiz": self.checkpoint.root.hex(),
            "bitacora": self.log.text,
            "testigos": [{"nombre": name, "instante": s.time} for name, s in self.witnesses.items()],
            "no_comprobados": self.unchecked,
            "atestiguado": self.quorum,
        }

    def require_quorum(self) -> None:
        """The policy was given to be met. Raises NotJudged when only what cannot be checked is lacking."""
        if self.quorum is not False:
            return
        if self.possible:
            raise NotJudged("el quórum depende de cofirmas ML-DSA-44, que este programa no comprueba")
        got = ", ".join(self.witnesses) or "ningún testigo"
        raise Failure("cofirma-quorum", self.checkpoint.place, "los testigos de la política", got)


def _when(time: int) -> str:
    try:
        return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (ValueError, OverflowError, OSError):
        return f"instante {time}"


def attest(data: bytes, trust: Trust, place: str) -> Attested:
    """Parses and verifies a checkpoint. Raises Failure, or NotJudged when the log's only signature is of a
    kind that cannot be verified here.
    """
    return attest_parsed(parse_checkpoint(data, place), trust)


def attest_parsed(checkpoint: Checkpoint, trust: Trust) -> Attested:
    """See attest."""
    signed = [found for key in trust.logs if (found := signature_of(checkpoint, key))]
    good = [found.key for found in signed if found.checked]
    if not good and signed:
        raise NotJudged("la bitácora sólo firma con ML-DSA-44, que este programa no comprueba")
    if not good:
        names = ", ".join({s.name for s in checkpoint.note.signatures})
        wanted = ", ".join(f"{key.name} ({key.id.hex()})" for key in trust.logs)
        raise Failure("nota-sin-firma", checkpoint.place, wanted, names)
    allowed = [key for key in good if checkpoint.origin == (trust.origin or key.name)]
    if not allowed:
        raise Failure("checkpoint-origen", checkpoint.place, trust.origin or good[0].name, checkpoint.origin)
    result = Attested(checkpoint, allowed[0])
    known = {(key.name, key.id) for key in trust.logs}
    if trust.policy is not None:
        known |= {(key.name, key.id) for key in trust.policy.witnesses.values()}
        _witnesses(result, trust.policy)
    result.strangers = sum((s.name, s.id) not in known for s in checkpoint.note.signatures)
    return result


def _witnesses(result: Attested, policy: Policy) -> None:
    for name, key in policy.witnesses.items():
        signed = signature_of(result.checkpoint, key)
        if signed and key.kind == ML_DSA:
            result.unchecked.append(name)
        elif signed:
            result.witnesses[name] = signed
    result.quorum = policy.met(result.witnesses)
    result.possible = policy.met([*result.witnesses, *result.unchecked])
