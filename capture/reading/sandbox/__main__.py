"""`python -m capture.reading.sandbox <limits> <thresholds>`: reads records, confined."""

from __future__ import annotations

import sys

from capture.reading.sandbox.child import Answering, serve
from capture.reading.sandbox.limits import parse_limits
from capture.reading.thresholds import parse_thresholds


def load() -> Answering:
    """The engines, tried once on a plain record: what they import late is imported now."""
    from capture.reading.engines import open_reader
    from capture.reading.sandbox.reading import answering
    from capture.reading.sandbox.warming import plain_files

    answer = answering(open_reader(parse_thresholds(sys.argv[2])))
    answer([b"", *plain_files()])
    return answer


if __name__ == "__main__":
    serve(load, parse_limits(sys.argv[1]))
