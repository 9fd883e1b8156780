"""`documento` without pyHanko: it says what is missing; every other order goes on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.req("APO-29")
WITHOUT = (
    "import sys; sys.modules['pyhanko'] = sys.modules['asn1crypto'] = None; "
    "from certeza_verifier.cli import main; "
)


def test_says_how_to_install_what_reads_a_pdf(tmp_path: Path) -> None:
    (tmp_path / "d.pdf").write_bytes(b"%PDF-1.7\n")
    order = f"sys.exit(main(['documento', {str(tmp_path / 'd.pdf')!r}, '--ancla', 'ca.pem']))"
    run = subprocess.run([sys.executable, "-c", WITHOUT + order], capture_output=True, check=False)
    assert run.returncode == 2
    assert "pip install certeza-verify[documentos]" in run.stdout.decode()
    assert run.stderr == b""


def test_nothing_else_needs_it() -> None:
    run = subprocess.run(
        [sys.executable, "-c", WITHOUT + "main(['urna', '/nada'])"], capture_output=True, check=False
    )
    assert "No existe el archivo" in run.stdout.decode()
