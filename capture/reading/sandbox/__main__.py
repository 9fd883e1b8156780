"""`python -m capture.reading.sandbox <limits> <thresholds>`: reads records, confined."""

from __future__ import annotations

import sys

from capture.face.challenge import Turn
from capture.reading.sandbox.child import Answering, serve
from capture.reading.sandbox.limits import parse_limits
from capture.reading.thresholds import parse_thresholds


def load() -> Answering:
    """The engines, tried once on a plain record: what they import late is imported now.

    Raises ImportError where one of them fails even there.
    """
    from capture.reading.engines import open_faces, open_reader
    from capture.reading.engines_video import HouseWatcher
    from capture.reading.record import FAULT
    from capture.reading.sandbox.reading import answering
    from capture.reading.sandbox.warming import plain_record, plain_video
    from capture.reading.sandbox.watching import watching

    thresholds = parse_thresholds(sys.argv[2])
    faces = open_faces(thresholds)
    reader = open_reader(faces, thresholds)
    tried = reader.read(plain_record(), None)
    if faults := [name for name in tried.engines if name.startswith(FAULT)]:
        raise ImportError(", ".join(faults))
    watch = HouseWatcher(faces)
    watch({**plain_record(), **plain_video()}, tuple(Turn))
    return watching(watch, answering(reader))


if __name__ == "__main__":
    serve(load, parse_limits(sys.argv[1]))
