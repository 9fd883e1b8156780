"""A ceremony held at one table by belenios-tool and by us: each program reads the other's messages."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from keys.ceremony import Terms, steps, trustee_side, verify_trustees
from keys.ceremony.announcement import announce
from keys.ceremony.certificate import Certificate, decode_certificates, encode_certificates, gamma_fingerprint
from keys.ceremony.channel import derive_keys, new_seed
from keys.ceremony.coordinator import advance
from keys.ceremony.folder import ANNOUNCEMENT, GAMMA, RESULT, CeremonyFolder, inbox_name, vinput_name
from keys.ceremony.messages import Polynomial, VInput, VOutput
from keys.ceremony.states import Kind
from keys.group import group_named
from keys.randomness import SeededRandomness


def threshold_tools() -> list[str]:
    """The programs of that name which know certificates with a context: 2.5 and later."""
    names = [os.environ.get("CERTEZA_BELENIOS_TOOL"), "belenios-tool-2.5.1", "belenios-tool"]
    found = {tool for name in names if name and (tool := shutil.which(name))}
    return sorted(t for t in found if b"--threshold-context" in _help(t))


def _help(tool: str) -> bytes:
    command = [tool, "setup", "generate-trustee-key-threshold", "--help=plain"]
    return subprocess.run(command, capture_output=True, check=False, timeout=60).stdout


TOOLS = threshold_tools()
pytestmark = [
    pytest.mark.req("SEI-22"),
    pytest.mark.skipif(
        not TOOLS,
        reason="AVISO: falta belenios-tool 2.5 (CERTEZA_BELENIOS_TOOL): la ceremonia mixta NO se probó",
    ),
]


class Tool:
    """belenios-tool, as a black box, in one folder."""

    def __init__(self, tool: str, folder: Path, terms: Terms) -> None:
        self.tool, self.folder, self.terms = tool, folder, terms

    def run(self, *arguments: str, stdin: bytes = b"") -> bytes:
        command = [self.tool, "setup", "generate-trustee-key-threshold", "--group", self.terms.group]
        done = subprocess.run(
            [*command, *arguments],
            cwd=self.folder,
            input=stdin,
            capture_output=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    def certificate(self, index: int) -> str:
        before = set(self.folder.glob("*.cert"))
        context = f"{index}/{self.terms.threshold}/{self.terms.size}"
        self.run("--threshold-context", context, "--step", "1")
        (made,) = set(self.folder.glob("*.cert")) - before
        return made.stem


@pytest.mark.parametrize("group_name", ["Ed25519", "BELENIOS-2048"])
@pytest.mark.parametrize("tool", TOOLS)
def test_two_of_them_and_two_of_us(tool: str, group_name: str, tmp_path: Path) -> None:
    terms = Terms(group_name, 4, 3)
    group = group_named(group_name)
    random = SeededRandomness("mixta")
    theirs = Tool(tool, tmp_path, terms)
    ours = {i: derive_keys(group, new_seed(random)) for i in (2, 4)}
    # Step 1: certificates.
    names = {1: theirs.certificate(1), 3: theirs.certificate(3)}
    certificates = {
        i: Certificate.decode(group, (tmp_path / f"{n}.cert").read_bytes().removesuffix(b"\n"), "cert")
        for i, n in names.items()
    }
    for i, keys in ours.items():
        certificates[i] = steps.make_certificate(group, terms, keys, i, random)
        names[i] = certificates[i].belenios_name
    gamma = [certificates[i] for i in terms.indices()]
    (tmp_path / "certs.jsons").write_bytes(encode_certificates(gamma))
    assert decode_certificates(group, (tmp_path / "certs.jsons").read_bytes(), "certs") == gamma
    theirs.run("--certs", "certs.jsons", "--step", "2")
    # Step 3: polynomials.
    polynomials = {i: steps.make_polynomial(group, terms, keys, gamma, i, random) for i, keys in ours.items()}
    for i in (1, 3):
        key = f"{names[i]}.key"
        data = theirs.run("--certs", "certs.jsons", "--key", key, "--step", "3").removesuffix(b"\n")
        polynomials[i] = Polynomial.decode(group, data, "polynomial", terms.size)
        steps.check_polynomial(group, terms, gamma, i, polynomials[i], "polynomial")
    ordered = [polynomials[i] for i in terms.indices()]
    (tmp_path / "polynomials.jsons").write_bytes(b"".join(p.encode() + b"\n" for p in ordered))
    # Step 4: both coordinators route alike.
    theirs.run("--certs", "certs.jsons", "--polynomials", "polynomials.jsons", "--step", "4")
    for i in terms.indices():
        routed = (tmp_path / f"{names[i]}.vinput").read_bytes().removesuffix(b"\n")
        assert routed == steps.make_vinput(ordered, i).encode()
    # Step 5: each checks the shares of the others.
    voutputs = {}
    for i in (1, 3):
        voutputs[i] = their_verification(theirs, tmp_path, names[i])
    for i, keys in ours.items():
        vinput = VInput.decode(
            group, (tmp_path / f"{names[i]}.vinput").read_bytes().removesuffix(b"\n"), "vinput", terms.size
        )
        fingerprint = gamma_fingerprint(gamma)
        voutputs[i] = steps.make_voutput(group, terms, keys, gamma, fingerprint, vinput, i, random)
    # Step 6: both coordinators reach the same bytes.
    final = [voutputs[i] for i in terms.indices()]
    trustees = steps.threshold_parameters(group, terms, gamma, ordered, final)
    assert their_result(theirs, final) == trustees.encode()
    verify_trustees(group, trustees.encode())


def their_verification(theirs: Tool, folder: Path, name: str) -> VOutput:
    """Step 5 by the other program."""
    arguments = ("--certs", "certs.jsons", "--key", f"{name}.key", "--step", "5")
    data = theirs.run(*arguments, stdin=(folder / f"{name}.vinput").read_bytes())
    return VOutput.decode(group_named(theirs.terms.group), data.removesuffix(b"\n"), "voutput")


def their_result(theirs: Tool, voutputs: list[VOutput]) -> bytes:
    """Step 6 by the other program, as `trustees`."""
    lines = b"".join(v.encode() + b"\n" for v in voutputs)
    arguments = ("--certs", "certs.jsons", "--polynomials", "polynomials.jsons", "--step", "6")
    threshold = theirs.run(*arguments, stdin=lines).removesuffix(b"\n")
    return b'[["Pedersen",' + threshold + b"]]"


@pytest.mark.parametrize("tool", TOOLS)
def test_two_of_them_over_our_folder(tool: str, tmp_path: Path) -> None:
    """What docs/ceremony.md promises: files go back and forth as they are."""
    terms = Terms("Ed25519", 3, 2)
    random = SeededRandomness("carpeta")
    folder, theirs = CeremonyFolder(tmp_path / "usb"), Tool(tool, tmp_path, terms)
    announcement = announce(terms, None, random)
    folder.write(ANNOUNCEMENT, announcement.encode())
    own = trustee_side.begin(announcement, 2, random)

    def collect(kind: Kind, mine: str | None, others: dict[int, bytes]) -> None:
        for index, data in {**others, 2: (mine or "").encode()}.items():
            folder.write(inbox_name(kind, index), data)
        assert not advance(folder).refused

    names = {i: theirs.certificate(i) for i in (1, 3)}
    certificates = {i: (tmp_path / f"{n}.cert").read_bytes() for i, n in names.items()}
    collect(Kind.CERTIFICATE, own.certificado, certificates)
    gamma = folder.require(GAMMA, "")
    certs = ("--certs", f"usb/{GAMMA}")
    own = trustee_side.add_polynomial(announcement, gamma, own, random)
    made = {i: theirs.run(*certs, "--key", f"{n}.key", "--step", "3") for i, n in names.items()}
    collect(Kind.POLYNOMIAL, own.polinomio, made)
    vinputs = {i: folder.require(vinput_name(i), "") for i in terms.indices()}
    own = trustee_side.add_verification(announcement, gamma, vinputs[2], own, random)
    made = {
        i: theirs.run(*certs, "--key", f"{n}.key", "--step", "5", stdin=vinputs[i]) for i, n in names.items()
    }
    collect(Kind.VERIFICATION, own.verificacion, made)
    trustees = trustee_side.confirm(announcement, folder.require(RESULT, ""), own)
    assert trustee_side.decryption_key(trustees, own)[0] == 2
