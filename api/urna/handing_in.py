"""A custodio hands a file of partial decryptions in, of the urns or of the sums with the Mesas."""

from __future__ import annotations

from api.consultas.sight import own_seat
from api.http.here import Here
from api.processes.sight import tell
from api.urna.forms import AportacionView
from tally.consulta.shares_sql import Aportacion
from tally.consulta.store_sql import Consultas
from tally.shares import OPENING, SUMS

ACTS = {OPENING: "apertura.aportacion", SUMS: "sumas.aportacion"}
"""How the bitácora calls it."""


def hand_in(here: Here, consulta: str, data: bytes, kind: str) -> AportacionView:
    """Judge the file of who asks. `kind`: OPENING or SUMS. Raises Refusal for what is not about the file."""
    with here.database.reading() as db:
        Consultas(db).get(consulta)
        seat = own_seat(db, here, consulta)
    whose = (seat.indice, here.who.account)
    made = here.services.openings.receive(consulta, whose, data, here.now, kind)
    with here.database.writing() as db:
        detail = {"custodio": str(seat.indice), "sha256": made.sha256, "estado": made.estado}
        tell(db, here, ACTS[kind], consulta, detail=detail)
    return view(made, seat.nombre)


def view(made: Aportacion, name: str) -> AportacionView:
    """A file as everybody may see it. `name`: the office of its custodio."""
    return AportacionView(
        custodio=made.custodio,
        nombre=name,
        estado=made.estado,
        motivo=made.motivo,
        sha256=made.sha256,
        recibida=made.recibida,
    )
