"""`certeza-verify acuse` and `codigo`: a citizen and the proof of an acuse (VER-01)."""

from __future__ import annotations

from pathlib import Path

from certeza_verifier.errors import NotJudged
from certeza_verifier.limits import LIMITS
from certeza_verifier.report import Report
from certeza_verifier.system import read_whole
from certeza_verifier.tlog import drawing, merkle, tiles
from certeza_verifier.tlog.acuse import Acuse, entry_of, grouped, parse_acuse, parse_code
from certeza_verifier.tlog.attest import Trust, attest, attest_parsed
from certeza_verifier.tlog.checkpoint import Checkpoint
from certeza_verifier.tlog.reader import CHECKPOINT, Reader, published
from certeza_verifier.tlog.source import Source, source
from certeza_verifier.trusting import Trusting, judge, tell

_PAIRS = ("proceso", "folio", "modalidad", "recibido")


def acuse(path: Path, trusting: Trusting) -> Report:
    """`certeza-verify acuse`: a file that a citizen kept, without asking anybody (VER-01)."""
    report, trust = Report("acuse"), trusting.trust()
    data = read_whole(path, LIMITS.acuse + LIMITS.proof)
    return judge(report, path.name, lambda: _acuse(parse_acuse(data), trust, report))


def _acuse(parsed: Acuse, trust: Trust | None, report: Report) -> None:
    proof, code = parsed.proof, parsed.code
    report.notes += ["Código de integridad (SHA-256 del texto de este acuse):"]
    report.notes += [f"  {line}" for line in grouped(code)]
    report.notes += [f"  {name}: {parsed.values[name]}" for name in _PAIRS if name in parsed.values]
    report.details = {"codigo": code, "indice": proof.index, "acuse": parsed.values}
    row = proof.verify(entry_of(code))
    told(report, proof.index, proof.checkpoint, row, list(proof.hashes))
    if trust is None:
        raise NotJudged(
            "la prueba es correcta, pero sin --politica ni --llave no se sabe si quien firmó es la bitácora"
        )
    attested = attest_parsed(proof.checkpoint, trust)
    tell(report, attested, trust)


def told(
    report: Report,
    index: int,
    checkpoint: Checkpoint,
    row: list[bytes],
    proof: list[bytes],
    what: str = "Este código",
) -> None:
    """Adds where in the log the entry of `what` is, and its way to the root."""
    report.notes += [
        f"{what} es la entrada {index} (contando desde 0) de la bitácora {checkpoint.origin}.",
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


def codigo(text: str, where: str, trusting: Trusting) -> Report:
    """`certeza-verify codigo`: the proof of a code, looked for in the whole log (VER-01)."""
    report, code, trust = Report("codigo"), parse_code(text), trusting.trust()
    if code is None:
        raise NotJudged("El código de integridad son 64 cifras hexadecimales.")
    if trust is None:
        raise NotJudged("Falta --llave o --politica.")
    log = source(where)
    return judge(report, where, lambda: _codigo(code, log, trust, report))


def _codigo(code: str, log: Source, trust: Trust, report: Report) -> None:
    report.notes += ["Código de integridad:", *[f"  {line}" for line in grouped(code)]]
    report.details = {"codigo": code, "indice": None}
    attested = attest(published(log), trust, CHECKPOINT)
    checkpoint = attested.checkpoint
    reader, entry = Reader(log, checkpoint.size), entry_of(code)
    index = find_entry(reader, entry, report)
    if index is None:
        report.notes += attested.lines(trust.policy)
        raise NotJudged(
            "código no encontrado; que las entradas leídas sean las firmadas lo dice la orden «bitacora»"
        )
    report.details["indice"] = index
    proof = reader.inclusion(index)
    hashed = merkle.leaf(entry)
    row = merkle.verify_inclusion(index, checkpoint.size, hashed, checkpoint.root, proof)
    told(report, index, checkpoint, row, proof)
    tell(report, attested, trust)


def find_entry(reader: Reader, entry: bytes, report: Report) -> int | None:
    """The index of an entry, read from the first bundle on; what is read is not verified here."""
    for bundle in range(-(-reader.size // tiles.WIDTH)):
        entries = reader.bundle(bundle)
        report.done["entradas-leidas"] += len(entries)
        if entry in entries:
            return bundle * tiles.WIDTH + entries.index(entry)
    return None
