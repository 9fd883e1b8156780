"""All SQL tables of the service, in one place for migrations and tests. Importing this registers them."""

from __future__ import annotations

from api import schema as service
from api.accounts import tables as _accounts  # noqa: F401 - each registers its own
from api.acts import tables as _acts  # noqa: F401 - each registers its own
from api.documents import tables as _documents  # noqa: F401
from api.monitor import tables as _monitor  # noqa: F401
from api.outbox import tables as _outbox  # noqa: F401
from api.preregistro import tables as _sent  # noqa: F401
from api.results import tables as _jobs  # noqa: F401
from api.worker import tables as _worker  # noqa: F401
from capture import schema as apoyo
from capture.attention import tables as _attention  # noqa: F401
from capture.audiencia import tables as _audiencia  # noqa: F401
from capture.auxiliares import tables as _auxiliares  # noqa: F401
from capture.manual import tables as _manual  # noqa: F401
from capture.mesa import tables as _mesa  # noqa: F401
from capture.padron import tables as _padron  # noqa: F401
from capture.patterns import tables as _patterns  # noqa: F401
from capture.preregistro import tables as _preregistro  # noqa: F401
from capture.processes import tables as _processes  # noqa: F401
from capture.reading import tables as _reading  # noqa: F401
from capture.records import tables as _records  # noqa: F401
from capture.reports import tables as _reports  # noqa: F401
from capture.requests import tables as _requests  # noqa: F401
from capture.results import tables as _results  # noqa: F401
from capture.retention import tables as _retention  # noqa: F401
from capture.validacion import tables as _validacion  # noqa: F401
from tally import schema as consulta
from tally import tables as _urns  # noqa: F401
from tally.claves import tables as _claves  # noqa: F401
from tally.consulta import tables as _consulta  # noqa: F401
from tally.entrada import tables as _entrada  # noqa: F401
from tally.mesa import tables as _mesas  # noqa: F401

ALL_METADATA = (apoyo.metadata, service.metadata, consulta.metadata)
"""In the order in which they are made."""
