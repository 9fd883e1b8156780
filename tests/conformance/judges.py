"""The other judges of an archive: our independent verifier, and belenios-tool wherever it is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

VARIABLE = "CERTEZA_BELENIOS_TOOL"


@dataclass(frozen=True)
class BeleniosTool:
    """One installed belenios-tool and the groups that it knows."""

    path: str
    version: str
    groups: frozenset[str]

    def accepts(self, archive: bytes, folder: Path, *, uuid: str = "urna") -> tuple[bool, str]:
        """Whether `election verify` accepts a folder that holds this archive alone, and what it said."""
        folder.mkdir(parents=True)
        (folder / f"{uuid}.bel").write_bytes(archive)
        done = subprocess.run(
            [self.path, "election", "verify", "--dir", str(folder)],
            capture_output=True,
            check=False,
            timeout=120,
        )
        shutil.rmtree(folder)
        return done.returncode == 0, (done.stdout + done.stderr).decode("utf-8", "replace")


@cache
def tools() -> tuple[BeleniosTool, ...]:
    """The one on the PATH and the one that the environment names."""
    paths = [shutil.which("belenios-tool"), os.environ.get(VARIABLE)]
    return tuple(_known(path) for path in dict.fromkeys(p for p in paths if p))


def _known(path: str) -> BeleniosTool:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    version = said.split()[0]
    # 2.0, the one of Debian, was made before Ed25519 came in.
    modern = tuple(int(part) for part in version.split(".")[:2]) >= (2, 1)
    return BeleniosTool(path, version, frozenset({"BELENIOS-2048", *(["Ed25519"] if modern else [])}))


def tool_for(group: str) -> BeleniosTool:
    """A tool that knows the group; skips loudly when there is none."""
    for tool in tools():
        if group in tool.groups:
            return tool
    pytest.skip(
        f"AVISO: ningún belenios-tool instalado conoce {group} (PATH o {VARIABLE}): "
        "NADIE más juzgó nuestras urnas de ese grupo"
    )
