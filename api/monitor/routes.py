"""`/v1/consultas/{consulta}/monitor`: figures for the areas that follow a consultation (SEI-08)."""

from __future__ import annotations

from starlette.responses import Response

from api.accounts.permissions import Permission
from api.consultas.routes import ConsultaId
from api.http.bodies import file_answer
from api.http.guard import Guarded
from api.http.here import HereNow
from api.monitor.looking import MonitorView, look, table

router = Guarded("/v1/consultas/{consulta}/monitor", "monitor")


@router.get("", Permission.MONITOR_CONSULTAR)
def figures(here: HereNow, consulta: ConsultaId) -> MonitorView:
    """Solicitudes, validaciones, Claves, tokens y opiniones, por hora y demarcación; nada de los votos."""
    return look(here, consulta)


@router.get("/tabla.csv", Permission.MONITOR_CONSULTAR, **file_answer("text/csv"))
def as_table(here: HereNow, consulta: ConsultaId) -> Response:
    """Las mismas cifras en una tabla."""
    headers = {"Content-Disposition": f'attachment; filename="monitor-{consulta}.csv"'}
    return Response(table(look(here, consulta)), media_type="text/csv; charset=utf-8", headers=headers)
