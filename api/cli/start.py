"""The program `certeza`. The rest is imported here, so that Ctrl+C is answered in words from the start."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    try:
        from api.cli.main import main as run

        run()
    except KeyboardInterrupt:
        sys.stderr.write("\nSe interrumpió; no se escribió nada más.\n")
        sys.exit(1)
