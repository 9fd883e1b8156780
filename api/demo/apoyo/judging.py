"""What programs that are not ours to change say of the rehearsal: the verifier, and Debian's age."""

from __future__ import annotations

import filecmp
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from api.acts.acts import LogName
from api.demo.acting import Client
from api.demo.apoyo.capturing import devices_of
from api.demo.apoyo.checking import same
from api.demo.apoyo.delivering import Delivered
from api.demo.apoyo.registering import Office
from api.demo.apoyo.town import Town
from api.demo.errors import UnexpectedOutcome
from api.demo.orders import verifier
from api.demo.verdicts import verify
from api.public_log.open_logs import log_folder
from keys import atomic_file
from keys.trustee_file import unseal
from ledger.acuse import ENTRY_HEADER, SUFFIX, AcuseFile, entry_of, parse_acuse_file
from ledger.bundles import decode_bundle
from ledger.limits import TILE_WIDTH
from ledger.reading import read_checkpoint
from ledger.store_folder import FolderStorage
from ledger.tiles import tile_in

FEW = 4
"""Acuses that are judged one by one; all of them are held to the log."""
ALTERED = "alterado.acuse"
"""An acuse that the verifier must refuse."""
CREDENTIAL_LINE = 4


def acuses_of(town: Town) -> list[Path]:
    """The acuse files on all devices."""
    return sorted(devices_of(town).rglob(f"*/*{SUFFIX}"))


def codes_of(files: Sequence[Path]) -> frozenset[str]:
    """The códigos de integridad in acuse files. Raises UnexpectedOutcome when two are the same."""
    codes = [read(file).acuse.code for file in files]
    same("códigos de integridad distintos", len(set(codes)), len(codes))
    return frozenset(codes)


def require_leaves(town: Town, codes: frozenset[str]) -> int:
    """The log of acuses has one leaf for each acuse on a device, and none more. How many entries it has."""
    published = FolderStorage(log_folder(town.settings, LogName.APOYO))
    size = read_checkpoint(published).head.size
    entries: list[bytes] = []
    for number in range(-(-size // TILE_WIDTH)):
        tile = tile_in(-1, number, size)
        entries += decode_bundle(published.get(tile.path), tile.path)
    found = sorted(entry for entry in entries if entry.startswith(ENTRY_HEADER.encode() + b"\n"))
    same("hojas de la bitácora y acuses en los dispositivos", found, sorted(entry_of(code) for code in codes))
    return size


def judge_logs(town: Town) -> None:
    """Both logs, entry by entry. Raises UnexpectedOutcome when the independent program refuses one."""
    for name in LogName:
        verifier("bitacora", str(log_folder(town.settings, name)), *trust(town, name), "--sin-progreso")


def judge_acuses(town: Town, files: Sequence[Path]) -> str:
    """A few acuses offline, one by its code only, and one that was altered; the rule that refused it."""
    for file in files[:FEW]:
        verifier("acuse", str(file), *trust(town, LogName.APOYO))
    code, folder = read(files[0]).acuse.code, log_folder(town.settings, LogName.APOYO)
    verifier("codigo", code, "--log", str(folder), *trust(town, LogName.APOYO))
    altered = _altered(files[0], town.plan.output / ALTERED)
    document, exit_code = verify("acuse", str(altered), *trust(town, LogName.APOYO))
    if exit_code != 1:
        raise UnexpectedOutcome(f"certeza-verify no rechazó un acuse alterado: {document}")
    return str(document["fallas"][0]["regla"])


def judge_documents(town: Town, office: Office) -> int:
    """Each official document that was issued: signatures, time stamp, content. How many there are."""
    client, folder = office.derfe.client, town.plan.output / "documentos"
    folder.mkdir(exist_ok=True)
    authority = folder / "autoridad.pem"
    authority.write_bytes(client.ask("GET", "/v1/documentos/autoridad.pem").content)
    documents = _listed(client)
    for one in documents:
        stem = folder / f"{one['tipo']}-{one['id']}"
        for suffix, path in ((".pdf", one["id"]), (".json", f"{one['id']}.json")):
            stem.with_suffix(suffix).write_bytes(client.ask("GET", f"/v1/documentos/{path}").content)
        content = ("--contenido", str(stem.with_suffix(".json")))
        verifier("documento", str(stem.with_suffix(".pdf")), "--ancla", str(authority), *content)
    return len(documents)


def _listed(client: Client) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    after: str | None = None
    while True:
        page = client.get("/v1/documentos", params={"despues": after} if after else {})
        found += page["documentos"]
        after = page["siguiente"]
        if after is None:
            return found


def trust(town: Town, name: LogName) -> tuple[str, str]:
    """Whom to believe about a log: what the institute publishes."""
    return "--politica", str(log_folder(town.settings, name) / "politica.txt")


def read(file: Path) -> AcuseFile:
    """An acuse file. Raises FormatRefusal."""
    return parse_acuse_file(file.read_bytes(), file.name)


def _altered(file: Path, copy: Path) -> Path:
    """A copy in which the last digit of the credential's number is another."""
    lines = file.read_bytes().split(b"\n")
    digit = lines[CREDENTIAL_LINE][-1:]
    lines[CREDENTIAL_LINE] = lines[CREDENTIAL_LINE][:-1] + (b"0" if digit != b"0" else b"1")
    copy.write_bytes(b"\n".join(lines))
    return copy


def has_age() -> bool:
    """Whether Debian's age and a tar are here."""
    return shutil.which("age") is not None and shutil.which("tar") is not None


def open_with_age(key: Path, passphrase: str, delivered: Delivered, folder: Path) -> None:
    """What an OPL without our programs does: `age -d` and `tar x`; it gets the very same files.

    age asks for the passphrase of a key at the terminal, which nobody watches here: the key is opened first.
    """
    folder.mkdir(parents=True, exist_ok=True)
    plain = folder / "llave.txt"
    atomic_file.create(plain, unseal(key.read_bytes(), passphrase, str(key)), atomic_file.PRIVATE)
    words = ["age", "-d", "-i", str(plain), str(delivered.sealed)]
    opened = subprocess.run(words, check=True, capture_output=True)
    plain.unlink()
    subprocess.run(["tar", "xf", "-", "-C", str(folder)], input=opened.stdout, check=True)
    names = [str(p.relative_to(delivered.folder)) for p in delivered.folder.rglob("*") if p.is_file()]
    inside = folder / delivered.folder.name
    other = inside if inside.is_dir() else folder
    _, different, missing = filecmp.cmpfiles(delivered.folder, other, names, shallow=False)
    if different or missing:
        raise UnexpectedOutcome(f"age y «certeza opl descifrar» dieron otra cosa: {different + missing}")
