"""The commands on the public log, from paths and addresses to a Report. Nothing is printed here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from certeza_verifier.errors import Failure, NotJudged
from certeza_verifier.limits import LIMITS
from certeza_verifier.progress import Progress
from certeza_verifier.report import Finding, Report
from certeza_verifier.tlog import drawing, merkle, tiles
from certeza_verifier.tlog.acuse import Acuse, entry_of, grouped, parse_acuse, parse_code
from certeza_verifier.tlog.attest import Attested, Trust, attest, attest_parsed
from certeza_verifier.tlog.checkpoint import Checkpoint
from certeza_verifier.tlog.memory import Memory, load_memory, save_memory
from certeza_verifier.tlog.monitor import NAME, Monitor, Verified
from certeza_verifier.tlog.note import ED25519, ML_DSA, Key, parse_key
from certeza_verifier.tlog.policy import parse_policy
from certeza_verifier.tlog.reader import Reader, read_file
from certeza_verifier.tlog.source import Source, source

T = TypeVar("T")
_PAIRS = ("proceso", "folio", "modalidad", "recibido")


@dataclass(frozen=True, slots=True)
class Trusting:
    """Whom the user trusts: a vkey, a policy file, or both (the key must then be one of the policy's)."""

    key: str | None = None
    policy: Path | None = None
    origin: str | None = None

    def trust(self) -> Trust | None:
        """None when nothing was given. Raises NotJudged: these are the user's own data."""
        if self.key is None and self.policy is None:
            return None
        logs: tuple[Key, ...] = ()
        policy = None
        if self.key is not None:
            text = self.key
            key = _own("la llave", lambda: parse_key(text, "--llave"))
            if key.kind not in (ED25519, ML_DSA):
                raise NotJudged("La llave de --llave no es de bitácora (tipo 01 o 06).")
            logs = (key,)
        if self.policy is not None:
            data, name = _bytes(self.policy, LIMITS.policy), self.policy.name
            policy = _own("la política", lambda: parse_policy(data, name))
            if not logs:
                logs = tuple(policy.logs)
            elif policy.logs and logs[0] not in policy.logs:
                raise NotJudged("La política no lista la llave de --llave.")
            if not logs:
                raise NotJudged("La política no lista ninguna bitácora: falta --llave.")
        return Trust(logs, policy, self.origin)


def _own(what: str, action: Callable[[], T]) -> T:
    """What the user brought must be right before anything is judged with it."""
    try:
        return action()
    except Failure as failure:
        raise NotJudged(f"No sirve {what}: {Finding.of(failure, '').message}") from None


def _bytes(path: Path, limit: int) -> bytes:
    with path.open("rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise NotJudged(f"{path} es mayor que {limit} bytes.")
    return data


def _judge(report: Report, file: str, action: Callable[[], None]) -> Report:
    """Runs the action; what breaks a rule or cannot be judged goes to the report."""
    try:
        action()
    except Failure as failure:
        report.findings.append(Finding.of(failure, file))
    except NotJudged as error:
        report.not_judged = str(error).rstrip(".")
    return report


# --- acuse ---


def acuse(path: Path, trusting: Trusting) -> Report:
    """`certeza-verify acuse`: a file that a citizen kept, without asking anybody (VER-01)."""
    report, trust = Report("acuse"), trusting.trust()
    data = _bytes(path, LIMITS.acuse + LIMITS.proof)
    return _judge(report, path.name, lambda: _acuse(parse_acuse(data), trust, report))


def _acuse(parsed: Acuse, trust: Trust | None, report: Report) -> None:
    proof, code = parsed.proof, parsed.code
    report.notes += ["Código de integridad (SHA-256 del texto de este acuse):"]
    report.notes += [f"  {line}" for line in grouped(code)]
    report.notes += [f"  {name}: {parsed.values[name]}" for name in _PAIRS if name in parsed.values]
    report.details = {"codigo": code, "indice": proof.index, "acuse": parsed.values}
    row = proof.verify(entry_of(code))
    _told(report, proof.index, proof.checkpoint, row, list(proof.hashes))
    if trust is None:
        raise NotJudged(
            "la prueba es correcta, pero sin --politica ni --llave no se sabe si quien firmó es la bitácora"
        )
    attested = attest_parsed(proof.checkpoint, trust)
    _attested(report, attested, trust)


def _told(report: Report, index: int, checkpoint: Checkpoint, row: list[bytes], proof: list[bytes]) -> None:
    report.notes += [
        f"Este código es la entrada {index} (contando desde 0) de la bitácora {checkpoint.origin}.",
        "Camino de la entrada a la raíz (* se calcula con el código; o viene en la prueba):",
    ]
    drawn = drawing.draw(index, checkpoint.size, row, proof)
    report.notes += [f"  {line}" for line in drawn]
    report.details |= {
        "camino": [value.hex() for value in row],
        "prueba": [value.hex() for value in proof],
        "dibujo": drawn,
    }
    report.done["pruebas-de-inclusion"] += 1


def _attested(report: Report, attested: Attested, trust: Trust) -> None:
    """Adds who signed; a policy that was asked for must be met."""
    report.notes += attested.lines(trust.policy)
    report.details["checkpoint"] = attested.as_json()
    report.done["firmas-de-bitacora"] += 1
    if trust.policy is not None:
        report.done["cofirmas"] += len(attested.witnesses)
    attested.require_quorum()


# --- codigo ---


def codigo(text: str, where: str, trusting: Trusting) -> Report:
    """`certeza-verify codigo`: the proof of a code, looked for in the whole log (VER-01)."""
    report, code, trust = Report("codigo"), parse_code(text), trusting.trust()
    if code is None:
        raise NotJudged("El código de integridad son 64 cifras hexadecimales.")
    if trust is None:
        raise NotJudged("Falta --llave o --politica.")
    log = source(where)
    return _judge(report, where, lambda: _codigo(code, log, trust, report))


def _codigo(code: str, log: Source, trust: Trust, report: Report) -> None:
    report.notes += ["Código de integridad:", *[f"  {line}" for line in grouped(code)]]
    report.details = {"codigo": code, "indice": None}
    attested = attest(read_file(log, NAME, LIMITS.note), trust, NAME)
    checkpoint = attested.checkpoint
    reader, entry = Reader(log, checkpoint.size), entry_of(code)
    index = _find(reader, entry, report)
    if index is None:
        report.notes += attested.lines(trust.policy)
        raise NotJudged(
            "código no encontrado; que las entradas leídas sean las firmadas lo dice la orden «bitacora»"
        )
    report.details["indice"] = index
    proof = reader.inclusion(index)
    hashed = merkle.leaf(entry)
    merkle.verify_inclusion(index, checkpoint.size, hashed, checkpoint.root, proof)
    _told(report, index, checkpoint, merkle.climb(index, checkpoint.size, hashed, proof), proof)
    _attested(report, attested, trust)


def _find(reader: Reader, entry: bytes, report: Report) -> int | None:
    for bundle in range(-(-reader.size // tiles.WIDTH)):
        entries = reader.bundle(bundle)
        report.done["entradas-leidas"] += len(entries)
        if entry in entries:
            return bundle * tiles.WIDTH + entries.index(entry)
    return None


# --- bitacora ---


@dataclass(frozen=True, slots=True)
class Memories:
    """What to compare a log with: the state of an earlier run, a folder of earlier checkpoints."""

    state: Path | None = None
    history: Path | None = None


def bitacora(where: str, trusting: Trusting, memories: Memories, *, progress: bool = False) -> Report:
    """`certeza-verify bitacora`: a whole log, now and against what it said before (VER-02)."""
    report, trust = Report("bitacora"), trusting.trust()
    if trust is None:
        raise NotJudged("Falta --llave o --politica.")
    log = source(where)
    return _judge(report, where, lambda: _bitacora(log, trust, memories, report, progress))


def _bitacora(log: Source, trust: Trust, memories: Memories, report: Report, progress: bool) -> None:
    if log.read(NAME, LIMITS.note) is None:
        raise NotJudged("no hay un archivo «checkpoint»: no es una bitácora, o no ha empezado")
    monitor = Monitor(log, trust)
    key = monitor.attested.log.text
    memory = load_memory(memories.state, key) if memories.state else None
    history = _history(memories.history, trust, report) if memories.history else []
    size = monitor.attested.checkpoint.size
    bar = Progress(size - (memory.size if memory else 0), wanted=progress)
    monitor.advance = bar.advance
    try:
        result = monitor.run(memory, history)
    finally:
        bar.close()
    _result(result, report)
    if memories.state and not report.all_findings:
        note = monitor.attested.checkpoint.note.render()
        save_memory(memories.state, Memory(key, result.edge, note))
    _attested(report, monitor.attested, trust)


def _history(folder: Path, trust: Trust, report: Report) -> list[Checkpoint]:
    """Earlier checkpoints that the log did sign; the others are findings."""
    if not folder.is_dir():
        raise NotJudged(f"No existe la carpeta {folder}.")
    found = []
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        try:
            found.append(attest(_bytes(path, LIMITS.note), trust, path.name).checkpoint)
        except Failure as failure:
            report.findings.append(Finding.of(failure, path.name))
    return found


def _result(result: Verified, report: Report) -> None:
    report.findings += [Finding.of(failure, "") for failure in result.failures]
    report.done["entradas"] += result.entries
    report.done["teselas"] += result.tiles
    if result.earlier:
        report.done["checkpoints-anteriores"] += result.earlier
    if result.resumed is not None:
        report.notes.append(
            f"Las primeras {result.resumed} entradas ya se habían verificado y son las mismas."
        )
    report.details["reanudado"] = result.resumed
    report.details["evidencia"] = [
        {"antes": old.text, "ahora": now.text, "archivo": old.place} for old, now in result.evidence
    ]
    for old, now in result.evidence:
        for title, checkpoint in (("antes", old), ("ahora", now)):
            report.notes.append(f"Evidencia, {title} ({checkpoint.place}); guárdela con sus firmas:")
            report.notes += [f"  {line}" for line in checkpoint.text.splitlines()]
    if len(result.failures) >= LIMITS.findings:
        report.notes.append(f"Se dejó de leer tras {LIMITS.findings} fallas.")
