"""`certeza testigo`: a witness of the log, for whoever must not have to trust the institute."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click
from cryptography.exceptions import UnsupportedAlgorithm
from rich.table import Table
from rich.text import Text

from api.cli import screen
from api.cli.lazy import LazyGroup
from api.cli.serving import HOST, PORT, address, listen, serve
from api.cli.spanish import PATH
from api.cli.times import spoken
from keys import atomic_file
from keys.errors import shown
from ledger.checkpoint import require_origin
from ledger.cosignature import cosigned_at
from ledger.vkey import COSIGNATURE_ED25519, COSIGNATURE_ML_DSA_44, ED25519, parse_vkey
from ledger.witness import Cosigning, Witness
from ledger.witness_folder import KEYS, create_witness, open_memory, read_keys
from ledger.witness_server import WitnessApp
from ledger.witness_store import Conflict, SeenNote, SqliteWitnessStore, conflicts, origin_hash

FOLDER = click.argument("carpeta", metavar="DIR", type=PATH)
EVIDENCE = "evidencia"
STEPS_SHOWN = 8
PROOF = "Ese par, firmado por la bitácora, prueba ante cualquiera que mostró dos historias distintas."


@click.group("testigo", cls=LazyGroup)
def testigo() -> None:
    """Un testigo de la bitácora: cosigna lo que continúa y guarda lo que se contradice."""


@testigo.command("iniciar")
@click.option("--nombre", metavar="NOMBRE", required=True, help="Por ejemplo testigo.ejemplo.mx/1")
@click.option("--carpeta", metavar="DIR", type=PATH, required=True, help="Dónde crear el testigo.")
@click.option("--ml-dsa", "quantum", is_flag=True, help="Crea además una llave ML-DSA-44.")
def iniciar(nombre: str, carpeta: Path, quantum: bool) -> None:
    """Crea la llave del testigo y su memoria vacía."""
    algorithms = [COSIGNATURE_ED25519] + ([COSIGNATURE_ML_DSA_44] if quantum else [])
    try:
        made = create_witness(carpeta, nombre, algorithms)
    except UnsupportedAlgorithm:
        raise screen.CommandFailed("La biblioteca instalada no ofrece ML-DSA-44. No se creó nada.") from None
    screen.good(f"Testigo en {carpeta}. Su llave privada es {carpeta / KEYS}: no la copie a ningún lado.")
    screen.say("Nunca restaure esta carpeta de un respaldo: un testigo que olvida puede firmar un engaño.")
    screen.say("Llave pública, para quien publica la bitácora y para quien la verifica:")
    for cosigner in made:
        screen.say_whole(f"  {cosigner.key.encode()}", "bold")
    screen.say(f"Sigue: certeza testigo agregar-bitacora {carpeta} VKEY")


@testigo.command("agregar-bitacora")
@FOLDER
@click.argument("vkey", metavar="VKEY")
@click.option("--origen", metavar="TEXTO", help="El origen de la bitácora, si no es el nombre de su llave.")
def agregar_bitacora(carpeta: Path, vkey: str, origen: str | None) -> None:
    """Sigue a una bitácora, por su llave pública. Vale también con el testigo en marcha."""
    key = parse_vkey(vkey, "VKEY")
    if key.algorithm not in (ED25519, COSIGNATURE_ML_DSA_44):
        raise screen.CommandFailed("Esa llave es de un testigo, no de una bitácora.")
    origin = require_origin(origen if origen is not None else key.name, "--origen")
    if open_memory(carpeta).add_log(origin, key):
        screen.good(f"El testigo sigue a {shown(origin)}.")
    else:
        screen.say(f"El testigo ya seguía a {shown(origin)} con esa llave.")
    screen.say(f"Sigue: certeza testigo servir {carpeta} --puerto N")


@testigo.command("servir")
@FOLDER
@PORT
@HOST
def servir(carpeta: Path, puerto: int, direccion: str) -> None:
    """Atiende a las bitácoras hasta que se le detenga (Ctrl+C)."""
    keys, memory = read_keys(carpeta), open_memory(carpeta)
    if (carpeta / KEYS).stat().st_mode & 0o077:
        screen.warn(f"{carpeta / KEYS}: otras personas de este equipo pueden leer la llave; use chmod 600.")
    listening = listen(direccion, puerto)
    screen.say(f"Testigo {keys[0].key.name} en {address(listening)}")
    screen.say(f"Sigue a: {', '.join(map(shown, memory.origins())) or 'ninguna bitácora todavía'}")
    serve(listening, WitnessApp(Witness(keys, memory)))
    screen.say("El testigo se detuvo.")


@testigo.command("estado")
@FOLDER
def estado(carpeta: Path) -> int:
    """Dibuja qué ha visto de cada bitácora. No escribe nada."""
    keys, memory = read_keys(carpeta), open_memory(carpeta)
    for cosigner in keys:
        screen.say_whole(f"Testigo {cosigner.key.encode()}", "bold")
    table = Table()
    for heading in ("Bitácora", "Tamaño", "Raíz", "Cosignada", "Notas", "Contradicciones"):
        justify: Literal["left", "right"] = "right" if heading in ("Tamaño", "Notas") else "left"
        table.add_column(heading, justify=justify, overflow="fold")
    seen = {origin: memory.notes(origin) for origin in memory.origins()}
    for origin, notes in seen.items():
        table.add_row(*_row(origin, notes, memory, keys))
    screen.console().print(table)
    for origin, notes in seen.items():
        _say_history(origin, notes)
    found = any(conflicts(notes) for notes in seen.values())
    return screen.REFUSED if found else screen.OK


def _row(origin: str, notes: list[SeenNote], memory: SqliteWitnessStore, keys: list[Cosigning]) -> list[Text]:
    latest, conflicting = memory.latest(origin), len(conflicts(notes))
    count = Text(f"{len(notes):,}")
    verdict = Text(str(conflicting), "bold red") if conflicting else Text("ninguna", "green")
    if latest is None:
        return [Text(shown(origin)), Text("–"), Text("–"), Text("nunca"), count, verdict]
    own = {(c.key.name, c.key.key_id) for c in keys}
    times = [cosigned_at(s.value, s.name)[0] for s in latest.note.signatures if (s.name, s.key_id) in own]
    head = latest.head
    cosigned = Text(spoken(max(times)) if times else "con otra llave")
    return [Text(shown(origin)), Text(f"{head.size:,}"), Text(head.root.hex()[:16]), cosigned, count, verdict]


def _say_history(origin: str, notes: list[SeenNote]) -> None:
    sizes = [f"{note.signed.head.size:,}" for note in notes if note.cosigned]
    if sizes:
        before = "… → " if len(sizes) > STEPS_SHOWN else ""
        screen.say(f"{shown(origin)}: {before}{' → '.join(sizes[-STEPS_SHOWN:])}")
    unproven = [note for note in notes if not note.cosigned]
    if unproven:
        screen.say(f"{shown(origin)}: {len(unproven)} notas sin cosignar, por no probar que continuaban")
    for conflict in conflicts(notes):
        _say_conflict(conflict)


def _say_conflict(conflict: Conflict) -> None:
    roots = " contra ".join(note.signed.head.root.hex()[:16] for note in conflict.notes)
    what = roots if len(conflict.notes) > 1 else f"{roots} no es la raíz de una bitácora vacía"
    screen.fail(f"contradicción en el tamaño {conflict.size:,}: {what}")


@testigo.command("evidencia")
@FOLDER
@click.argument("origen", metavar="ORIGEN")
@click.option(
    "--salida",
    metavar="CARPETA",
    type=PATH,
    help=f"Dónde; por omisión, DIR/{EVIDENCE}/….",
)
def evidencia(carpeta: Path, origen: str, salida: Path | None) -> int:
    """Escribe todas las notas que la bitácora firmó ante este testigo, y dice si se contradicen."""
    memory = open_memory(carpeta)
    keys, notes = memory.log_keys(origen), memory.notes(origen)
    if not keys:
        known = ", ".join(map(shown, memory.origins())) or "ninguna"
        raise screen.CommandFailed(f"El testigo no sigue a {shown(origen)}. Sigue a: {known}.")
    target = salida or carpeta / EVIDENCE / origin_hash(origen)[:16]
    target.mkdir(parents=True, exist_ok=True)
    for number, note in enumerate(notes, 1):
        atomic_file.replace(target / note_name(number, note), note.signed.encode())
    atomic_file.replace(target / "llaves-bitacora.txt", "".join(f"{k.encode()}\n" for k in keys).encode())
    screen.good(f"{len(notes)} notas firmadas por {shown(origen)} en {target}")
    return _say_verdict(notes)


def note_name(number: int, note: SeenNote) -> str:
    """The file of a note: in order of arrival, then size and root."""
    head = note.signed.head
    kind = "cosignada" if note.cosigned else "sin-cosignar"
    return f"{number:06d}-{kind}-{head.size}-{head.root.hex()[:16]}.checkpoint"


def _say_verdict(notes: list[SeenNote]) -> int:
    found = conflicts(notes)
    if not found:
        screen.say("Ninguna nota contradice a otra del mismo tamaño.")
        return screen.OK
    numbers = {id(note): number for number, note in enumerate(notes, 1)}
    for conflict in found:
        _say_conflict(conflict)
        screen.say(f"  {'  '.join(note_name(numbers[id(note)], note) for note in conflict.notes)}")
    screen.say(PROOF, "bold")
    return screen.REFUSED
