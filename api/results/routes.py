"""`/v1/resultados`: the OPL's key, deliveries step by step, packages and receipts (001 §13; APO-23)."""

from __future__ import annotations

from base64 import b64encode
from uuid import UUID

from fastapi.responses import StreamingResponse
from sqlalchemy import Connection, select

from api.accounts.permissions import Permission
from api.acts.acts import LogName, put_leaf
from api.documents.issued import Owner
from api.documents.official import official
from api.documents.service import About
from api.http.bodies import file_answer
from api.http.guard import Guarded
from api.http.here import Here, HereNow
from api.http.problems import Problem
from api.http.rates import Rate
from api.http.refusals import declare
from api.processes.sight import tell
from api.results.kinds import Kind
from api.results.sight import ask_for, doer, hidden, job_row, require_opl, require_periodo, require_process
from api.results.tables import trabajos
from api.results.views import (
    ChallengeAnswerForm,
    ChallengeView,
    CrossingForm,
    DeadlinesView,
    DeliveryForm,
    DeliveryView,
    JobView,
    KeyForm,
    KeyView,
    Made,
    MotiveForm,
    PackageView,
    ReceiptForm,
    ReceiptView,
    StepForm,
)
from capture.results import receipt_document
from capture.results.deadlines import deadlines, key_due
from capture.results.errors import UnknownDelivery
from capture.results.evidence import EvidenceOf
from capture.results.keys_sql import ResultsKeys, key_in_force
from capture.results.steps import Evidence, Step
from capture.results.store_sql import Deliveries
from capture.results.tables import retos_llave
from keys.recipients.recipient import spoken

router = Guarded("/v1/resultados", "resultados")
declare(UnknownDelivery, "no-encontrado")


def _keys(db: Connection, here: Here) -> ResultsKeys:
    services = here.services
    return ResultsKeys(db, services.acts, services.random, services.settings.results.terms)


def _deliveries(db: Connection, here: Here) -> Deliveries:
    return Deliveries(db, here.services.acts)


@router.post("/llaves", Permission.RESULTADOS_LLAVE, status_code=201)
def present_key(here: HereNow, body: KeyForm) -> ChallengeView:
    """Presenta la llave pública del OPL para un periodo; responde con el reto que prueba su posesión."""
    with here.database.writing() as db:
        require_periodo(db, here, body.periodo)
        asked = _keys(db, here).ask(body.periodo, body.llave.encode(), doer(here), here.now)
    return ChallengeView(
        id=asked.id,
        huella=spoken(asked.fingerprint),
        vence=asked.expires,
        reto=b64encode(asked.sealed).decode(),
    )


@router.post("/llaves/retos/{reto}", Permission.RESULTADOS_LLAVE, rate=Rate.SECRETS)
def answer_challenge(here: HereNow, reto: str, body: ChallengeAnswerForm) -> KeyView:
    """Responde el reto; con la respuesta correcta la llave queda registrada."""
    with here.database.writing() as db:
        periodo = db.execute(select(retos_llave.c.periodo).where(retos_llave.c.id == reto)).scalar()
        if periodo is None:
            raise hidden()
        require_periodo(db, here, periodo)
        refusal = _keys(db, here).answer(reto, body.respuesta, doer(here), here.now)
    if refusal is not None:
        raise refusal  # after its count was kept
    return _key_in_force(here, periodo)


@router.get("/llaves/{periodo}", Permission.RESULTADOS_CONSULTAR)
def key(here: HereNow, periodo: str) -> KeyView:
    """La llave vigente de un periodo, con la huella que se lee en voz alta."""
    return _key_in_force(here, periodo)


def _key_in_force(here: Here, periodo: str) -> KeyView:
    with here.database.reading() as db:
        require_periodo(db, here, periodo)
        return KeyView.of(key_in_force(db, periodo))


@router.get("/plazos/{proceso}", Permission.RESULTADOS_CONSULTAR)
def terms(here: HereNow, proceso: str) -> DeadlinesView:
    """Los plazos de un proceso, según lo que ya sucedió."""
    settings = here.services.settings.results.terms
    with here.database.reading() as db:
        periodo = require_process(db, here, proceso)
        deliveries = _deliveries(db, here)
        told = next((d.notified for d in deliveries.of_process(proceso) if d.notified), None)
        found = deadlines(periodo.fin, told, deliveries.delivered(proceso), settings)
    return DeadlinesView(
        llave=key_due(periodo.inicio, settings),
        preliminares=found.preliminary,
        definitivos=found.definitive,
        cierre_de_acceso=found.access_closes,
        consulta=found.consult_until,
        destruccion=found.purge_by,
    )


@router.post("/entregas", Permission.RESULTADOS_GENERAR, status_code=201)
def start(here: HereNow, body: DeliveryForm) -> Made:
    """Comienza la entrega de resultados preliminares o definitivos de un proceso."""
    told = None
    if body.notificada is not None and body.oficio is not None:
        if body.notificada.tzinfo is None:
            raise Problem("datos-no-validos", "La fecha de notificación debe llevar su zona horaria.")
        told = (body.notificada, body.oficio)
    id_ = str(UUID(bytes=here.services.random(16), version=4))
    with here.database.writing() as db:
        require_process(db, here, body.proceso)
        _deliveries(db, here).start(id_, body.proceso, body.corte, here.now, told)
        tell(db, here, "resultados.entrega", id_, detail={"proceso": body.proceso, "corte": body.corte.value})
    return Made(id=id_)


@router.get("/entregas/{proceso}", Permission.RESULTADOS_CONSULTAR)
def of_process(here: HereNow, proceso: str) -> list[DeliveryView]:
    """Las entregas vigentes de un proceso, con sus actividades A a E."""
    with here.database.reading() as db:
        require_process(db, here, proceso)
        deliveries = _deliveries(db, here)
        return [DeliveryView.of(d, deliveries.done(d.id)) for d in deliveries.of_process(proceso)]


@router.post("/entregas/{entrega}/pasos/{paso}", Permission.RESULTADOS_GENERAR, status_code=202)
def do_step(here: HereNow, entrega: str, paso: Step, body: StepForm) -> Made:
    """Realiza la actividad siguiente: A, B y C de inmediato; D y E como trabajo, cuyo id se responde."""
    with here.database.writing() as db:
        deliveries = _deliveries(db, here)
        found = deliveries.get(entrega)
        require_process(db, here, found.proceso)
        if paso in (Step.D, Step.E):
            kind = Kind.CONCILIATION if paso is Step.D else Kind.PACKAGE
            return Made(id=ask_for(db, here, kind, entrega))
        evidence = _evidence(db, here, found.proceso, paso, body)
        deliveries.do(entrega, paso, evidence, here.who.role.value)
    return Made(id=entrega)


def _evidence(db: Connection, here: Here, proceso: str, step: Step, body: StepForm) -> Evidence:
    counted = EvidenceOf(db, proceso, here.who.account, here.now)
    if step is Step.A:
        return counted.reception()
    return counted.mesa(body.oficio or "") if step is Step.B else counted.processing(body.corte_padron or "")


@router.post("/entregas/{entrega}/abandono", Permission.RESULTADOS_GENERAR, status_code=204)
def abandon(here: HereNow, entrega: str, body: MotiveForm) -> None:
    """Deja sin efecto una entrega que aún no tiene paquete, para comenzar otra desde la actividad A."""
    with here.database.writing() as db:
        _deliveries(db, here).abandon(entrega, doer(here), body.motivo, here.now)


@router.post("/cruces", Permission.RESULTADOS_GENERAR, status_code=202)
def cross(here: HereNow, body: CrossingForm) -> Made:
    """Pide el cruce de duplicados entre los aspirantes de un periodo; responde con el id del trabajo."""
    with here.database.writing() as db:
        require_periodo(db, here, body.periodo)
        return Made(id=ask_for(db, here, Kind.CROSSING, body.periodo))


@router.get("/trabajos/{trabajo}", Permission.RESULTADOS_CONSULTAR)
def job(here: HereNow, trabajo: str) -> JobView:
    """Cómo va un trabajo."""
    with here.database.reading() as db:
        row = job_row(db, here, trabajo)
    return JobView(**{c.name: getattr(row, c.name) for c in trabajos.c if c.name in JobView.model_fields})


@router.get("/paquetes", Permission.RESULTADOS_CONSULTAR)
def packages(here: HereNow, periodo: str) -> list[PackageView]:
    """Los paquetes de un periodo, del más nuevo al más antiguo."""
    with here.database.reading() as db:
        require_periodo(db, here, periodo)
        return [PackageView.of(row) for row in _deliveries(db, here).packages(periodo)]


@router.get(
    "/paquetes/{paquete}/archivo", Permission.RESULTADOS_DESCARGAR, **file_answer("application/octet-stream")
)
def download(here: HereNow, paquete: str) -> StreamingResponse:
    """El paquete cifrado. Cada descarga queda en la bitácora de actos."""
    with here.database.writing() as db:
        deliveries = _deliveries(db, here)
        row = deliveries.package(paquete)
        require_opl(here, row.opl)
        require_kept(here, row.ruta)
        deliveries.downloaded(paquete, doer(here), here.now)
    return sent(here, row.ruta, row.nombre, row.bytes)


def require_kept(here: Here, path: str) -> None:
    """Refuse what was destroyed with the records it is about."""
    if not here.services.blobs.exists(path):
        raise Problem("ya-no-existe", "El paquete se destruyó al concluir el plazo de conservación.")


def sent(here: Here, path: str, name: str, size: int) -> StreamingResponse:
    """An encrypted file, streamed."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Length": str(size)}
    chunks = here.services.blobs.stream(path)
    return StreamingResponse(chunks, media_type="application/octet-stream", headers=headers)


@router.post("/paquetes/{paquete}/acuse", Permission.RESULTADOS_RECIBIR)
def receive(here: HereNow, paquete: str, body: ReceiptForm) -> ReceiptView:
    """El acuse de recibo del OPL, con el SHA-256 del manifiesto que encontró al descifrar.

    Responde con la constancia de entrega, firmada: `documento` es su id en `/v1/documentos`.
    """
    with here.database.writing() as db:
        deliveries = _deliveries(db, here)
        row = deliveries.package(paquete)
        require_opl(here, row.opl)
        is_new = row.recibido is None
        receipt = deliveries.receive(paquete, body.manifiesto, doer(here), here.now)
        if is_new:
            put_leaf(db, LogName.APOYO, receipt.key, receipt.entry)
    content = receipt_document.document(receipt, paquete, here.services.settings.results.institute)
    issued = official(here, content, Owner(row.opl, row.periodo), About(paquete))
    text, entry = receipt.encode().decode(), receipt.entry.decode()
    return ReceiptView(texto=text, entrada=entry, documento=issued.id)
