"""All SQL tables of the service, in one place for migrations and tests. Importing this registers them."""

from __future__ import annotations

from api import schema as service
from capture import schema as apoyo
from capture.auxiliares import tables as auxiliares  # noqa: F401
from capture.processes import tables as processes  # noqa: F401
from capture.records import tables as _records  # noqa: F401 - registers them

ALL_METADATA = (apoyo.metadata, service.metadata)
"""In the order in which they are made."""
