"""The command `certeza-verify`; `python -m certeza_verifier` is the same."""

import sys


def main() -> int:
    """Imports the rest here, so that Ctrl+C is answered in words from the first moment on."""
    try:
        from certeza_verifier import cli

        return cli.main()
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrumpido: no hay veredicto.\n")
        return 2


if __name__ == "__main__":
    sys.exit(main())
