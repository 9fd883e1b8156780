"""The key ceremony of a rehearsal: seven trustees with a file each, one coordinator, the usual folder.

The same functions that `certeza ceremonia` and `certeza custodio` call.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from api.demo.plan import OFFICES, THRESHOLD, Plan
from api.demo.screen import Advance
from keys import trustee_file
from keys.ceremony import acta, rehearsal, rehearsal_folder, trustee_side
from keys.ceremony.announcement import Announcement, announce
from keys.ceremony.coordinator import advance
from keys.ceremony.folder import ANNOUNCEMENT, GAMMA, RESULT, CeremonyFolder, inbox_name, vinput_name
from keys.ceremony.states import Kind
from keys.ceremony.terms import Terms
from keys.ceremony.trustees import Trustees, verify_trustees
from keys.randomness import Randomness
from keys.trustee_file import TrusteeFile
from tally.archive import sha256
from tally.errors import OpeningRefusal

STEPS = 5


class TrusteeSeat:
    """One trustee's own machine: a folder with the private file and, in a rehearsal, its passphrase."""

    def __init__(self, plan: Plan, index: int) -> None:
        self.index = index
        self.folder = plan.custodios / str(index)
        self.file = self.folder / "llave.age"
        self.passphrase = f"frase de ensayo del custodio {index}"

    def begin(self, content: TrusteeFile) -> None:
        """Keep a new private file."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "frase.txt").write_text(self.passphrase + "\n", "utf-8")
        trustee_file.create(self.file, content, self.passphrase)

    def keep(self, before: TrusteeFile, content: TrusteeFile) -> None:
        """Keep a later state of the file, which holds `before`."""
        stored = trustee_file.Stored(before, sha256(self.file.read_bytes()))
        trustee_file.update(self.file, stored, content, self.passphrase)

    def open(self) -> TrusteeFile:
        """The content of the file."""
        return trustee_file.load(self.file, self.passphrase).content


def hold_ceremony(plan: Plan, progress: Advance) -> Trustees:
    """From the announcement to trustees.json and the rehearsal of an opening."""
    folder = CeremonyFolder(plan.ceremony)
    random = plan.randomness("ceremonia")
    announcement = announce(Terms(plan.group, len(OFFICES), THRESHOLD), OFFICES, random)
    folder.write(ANNOUNCEMENT, announcement.encode())
    begun, files = _messages(plan, announcement, folder, progress)
    result = folder.require(RESULT, "quien coordina")
    for index, content in files.items():
        trustee_side.confirm(announcement, result, content)
        TrusteeSeat(plan, index).keep(begun[index], content)
        progress(3 * len(files) + index, STEPS * len(files))
    trustees = verify_trustees(announcement.group(), result)
    _rehearse(plan, announcement, folder, trustees, files)
    _write_acta(plan, folder)
    return trustees


def _messages(
    plan: Plan, announcement: Announcement, folder: CeremonyFolder, progress: Advance
) -> tuple[dict[int, TrusteeFile], dict[int, TrusteeFile]]:
    """The three rounds; each trustee's file after the first and at the end."""
    files: dict[int, TrusteeFile] = {}
    total = STEPS * len(OFFICES)
    for index in announcement.terms.indices():
        files[index] = trustee_side.begin(announcement, index, _own(plan, index, "certificado"))
        TrusteeSeat(plan, index).begin(files[index])
        folder.write(inbox_name(Kind.CERTIFICATE, index), files[index].certificado.encode())
        progress(index, total)
    begun = dict(files)
    _advance(folder)
    gamma = folder.require(GAMMA, "quien coordina")
    for index, content in list(files.items()):
        made = trustee_side.add_polynomial(announcement, gamma, content, _own(plan, index, "polinomio"))
        folder.write(inbox_name(Kind.POLYNOMIAL, index), (made.polinomio or "").encode())
        files[index] = made
        progress(len(files) + index, total)
    _advance(folder)
    for index, content in list(files.items()):
        vinput = folder.require(vinput_name(index), "quien coordina")
        random = _own(plan, index, "verificacion")
        made = trustee_side.add_verification(announcement, gamma, vinput, content, random)
        folder.write(inbox_name(Kind.VERIFICATION, index), (made.verificacion or "").encode())
        files[index] = made
        progress(2 * len(files) + index, total)
    _advance(folder)
    return begun, files


def _advance(folder: CeremonyFolder) -> None:
    found = advance(folder)
    if found.refused:
        raise found.refused[0]


def _own(plan: Plan, index: int, step: str) -> Randomness:
    return plan.randomness(f"custodio/{index}/{step}")


def _rehearse(
    plan: Plan,
    announcement: Announcement,
    folder: CeremonyFolder,
    trustees: Trustees,
    files: dict[int, TrusteeFile],
) -> None:
    """Prove that the keys work before anyone opines (sei.md): all answer, the number is recovered."""
    group = announcement.group()
    rehearsal_folder.start(folder, group, trustees, plan.randomness("ensayo"))
    data = folder.require(rehearsal_folder.CHALLENGE, "quien coordina")
    challenge = rehearsal.read_challenge(group, trustees, data, rehearsal_folder.CHALLENGE)
    for index, content in files.items():
        owner, secret = trustee_side.decryption_key(trustees, content)
        random = _own(plan, index, "ensayo")
        answer = rehearsal.make_answer(group, trustees, challenge, owner, secret, random)
        folder.write(rehearsal_folder.answer_name(index), answer.encode())
    found = rehearsal_folder.collect(folder, announcement, group, trustees)
    if found.recovered is None:
        raise OpeningRefusal("ensayo.valor", "ensayo", "un número recuperado", "ninguno")


def _write_acta(plan: Plan, folder: CeremonyFolder) -> Path:
    found = advance(folder)
    instant = (plan.calendar.voting_start - timedelta(days=7)).isoformat(timespec="seconds")
    content = acta.ceremony_acta(found.announcement, found.ceremony, instant)
    folder.write("acta.json", acta.encode(content))
    folder.write("acta.txt", acta.ceremony_text(content).encode())
    return folder.root / "acta.txt"
