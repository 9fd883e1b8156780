"""The second step of the job: the lista nominal is asked, and the request gets its Clave, goes to a person,
or ends. The Clave of who may have one is issued in the transaction that says so."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from capture.padron.errors import PadronRefusal
from capture.padron.ports import Pregunta
from capture.padron.situacion import Situacion
from capture.preregistro.eligibility import Asked, Ineligible, judge, unit_of
from capture.preregistro.errors import PreregistroRefusal
from capture.preregistro.form import RequestData
from capture.preregistro.ports import Applicant, Terms
from capture.preregistro.request import SISTEMA, Request
from capture.preregistro.states import EstadoSolicitud, Paso
from capture.preregistro.store_sql import Requests
from capture.preregistro.tools import Tools
from capture.preregistro.verdict import Dictamen

PASSES = frozenset({Dictamen.EXITO.value, Dictamen.INVITACION.value})
DUPLICATE = "preregistro.duplicada"


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found out of one request. `told`: columns; `passes`: no person has to look at it."""

    data: RequestData = field(repr=False)
    told: dict[str, Any]
    why: Ineligible | None
    passes: bool


class Deciding:
    """Of one consultation."""

    def __init__(self, tools: Tools, terms: Terms) -> None:
        self._tools = tools
        self._terms = terms

    @property
    def is_ready(self) -> bool:
        """Whether the lista nominal of the consultation's cut-off date can be asked."""
        lista = self._tools.lista()
        return lista is not None and lista.corte() == self._terms.corte

    def decide(self, folio: str) -> bool:
        """What becomes of one request. False when there is nothing to do. Raises OSError, PadronRefusal: try
        again."""
        tools = self._tools
        with tools.database.reading() as db:
            request = Requests(db, tools.acts).get(self._terms.consulta, folio)
        if request.estado is not EstadoSolicitud.POR_COTEJAR:
            return False
        if request.datos is None:
            return self._end(request, None, Ineligible.CUERPO, {})
        data = RequestData.decode(tools.vault.open(self._terms.consulta, request.datos))
        found = self._find_out(request, data)
        if found is None:
            return False
        if found.why is not None:
            return self._end(request, data, found.why, found.told)
        try:
            return self._go_on(request, found)
        except PreregistroRefusal as refusal:
            if refusal.rule != DUPLICATE:
                raise
        return self._end(request, data, Ineligible.DUPLICADA, found.told)

    def _find_out(self, request: Request, data: RequestData) -> _Found | None:
        """None where no lista nominal can be asked."""
        answer = self._answer(data)
        if answer is None:
            return None
        situacion, corte = answer
        with self._tools.database.reading() as db:
            units = self._tools.territory.units(db, request.consulta, data.seccion)
        unit = unit_of(data, units)
        place = unit or (units[0] if units else None)
        told = {"lista": situacion.value, "corte": corte, "demarcacion": place and place.demarcacion}
        why = judge(Asked(data, self._terms.jornada, units, situacion))
        return _Found(data, told, why, request.dictamen in PASSES and unit is not None)

    def _answer(self, data: RequestData) -> tuple[Situacion, date] | None:
        lista = self._tools.lista()
        if lista is None:
            return None
        asked = Pregunta(data.clave_elector, "ocr", data.ocr, self._terms.entidad)
        situacion, corte = lista.consulta(asked)
        if corte != self._terms.corte:
            expected = f"la del corte del {self._terms.corte:%d/%m/%Y}"
            raise PadronRefusal("padron.corte", "lista nominal", expected, f"{corte:%d/%m/%Y}")
        return situacion, corte

    def _go_on(self, request: Request, found: _Found) -> bool:
        applicant = Applicant(request.folio, request.consulta, found.data)
        issue = self._tools.issuer.prepare(applicant) if found.passes else None
        now = self._tools.clock()
        with self._tools.database.writing() as db:
            requests = Requests(db, self._tools.acts)
            if not _still(requests, request):
                return False
            if issue is None:
                requests.step(request, Paso.A_VALIDACION, SISTEMA, now, **found.told)
                self._tools.notices.in_validation(db, applicant)
            else:
                requests.approve(request, SISTEMA, now, issue(db, now), **found.told)
        return True

    def _end(self, request: Request, data: RequestData | None, why: Ineligible, told: dict[str, Any]) -> bool:
        now = self._tools.clock()
        with self._tools.database.writing() as db:
            requests = Requests(db, self._tools.acts)
            if not _still(requests, request):
                return False
            requests.step(request, Paso.NO_ELEGIBLE, SISTEMA, now, **told, motivos=why.value)
            if data is not None:
                applicant = Applicant(request.folio, request.consulta, data)
                self._tools.notices.not_eligible(db, applicant, why)
        return True


def _still(requests: Requests, request: Request) -> bool:
    """Whether nobody decided meanwhile; held until the transaction ends."""
    return requests.get(request.consulta, request.folio, lock=True).estado is request.estado
