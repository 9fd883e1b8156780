"""`python -m certeza_verifier` is the same as `certeza-verify`."""

import sys

from certeza_verifier.cli import main

sys.exit(main())
