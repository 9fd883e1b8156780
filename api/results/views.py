"""What the routes of results take and answer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from capture.results.steps import TABLE, Corte, Evidence, Step
from capture.results.store_sql import Delivery
from keys.recipients.recipient import Recipient, spoken

_Oficio = Annotated[str, Field(min_length=1, max_length=100)]


class Strict(BaseModel):
    """Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class KeyForm(Strict):
    """A public key as the OPL hands it in: `age1…`, or a certificate in PEM."""

    periodo: Annotated[str, Field(max_length=36)]
    llave: Annotated[str, Field(max_length=65_536)]


class ChallengeView(BaseModel):
    """The challenge; `reto` is base64 of the file that only the owner of the key can open."""

    id: str
    huella: list[str]
    vence: datetime
    reto: str


class ChallengeAnswerForm(Strict):
    """What `certeza opl registrar-posesion` showed."""

    respuesta: Annotated[str, Field(max_length=200)]


class KeyView(BaseModel):
    """The key in force."""

    tipo: str
    huella: list[str]

    @classmethod
    def of(cls, recipient: Recipient) -> KeyView:
        """Shown, its fingerprint as it is read aloud."""
        return cls(tipo=recipient.kind, huella=spoken(recipient.fingerprint))


class DeadlinesView(BaseModel):
    """By when things are due, each excluded."""

    llave: datetime
    preliminares: datetime
    definitivos: datetime | None
    cierre_de_acceso: datetime | None
    consulta: datetime | None
    destruccion: datetime | None


class DeliveryForm(Strict):
    """A delivery to begin. Of a definitive one: when and how the end of the audiencias was told."""

    proceso: Annotated[str, Field(max_length=64)]
    corte: Corte
    notificada: datetime | None = None
    oficio: _Oficio | None = None


class StepForm(Strict):
    """What a step cannot count by itself: the oficio of B, the cut-off date of the padrón of C."""

    oficio: _Oficio | None = None
    corte_padron: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None = None


class MotiveForm(Strict):
    """Why."""

    motivo: Annotated[str, Field(min_length=1, max_length=400)]


class CrossingForm(Strict):
    """Of which periodo."""

    periodo: Annotated[str, Field(max_length=36)]


class ReceiptForm(Strict):
    """The SHA-256 that `certeza opl verificar` showed."""

    manifiesto: Annotated[str, Field(max_length=200)]


class Made(BaseModel):
    """The id of what was made."""

    id: str


class JobView(BaseModel):
    """A job: `estado` is pendiente, hecho or rechazado; then `codigo` and `motivo` say why."""

    id: str
    tipo: str
    objeto: str
    estado: str
    creado: datetime
    terminado: datetime | None
    resultado: str | None
    codigo: str | None
    motivo: str | None


class StepView(BaseModel):
    """A step that is done, or not yet."""

    paso: str
    nombre: str
    instante: datetime | None = None
    cifras: dict[str, int] = {}
    datos: dict[str, str] = {}


class DeliveryView(BaseModel):
    """A delivery in force with its five steps."""

    id: str
    proceso: str
    corte: str
    notificada: datetime | None
    pasos: list[StepView]

    @classmethod
    def of(cls, found: Delivery, done: dict[Step, Evidence]) -> DeliveryView:
        """Shown."""
        pasos = [_step(step, done.get(step)) for step in Step]
        return cls(
            id=found.id,
            proceso=found.proceso,
            corte=found.corte.value,
            notificada=found.notified,
            pasos=pasos,
        )


def _step(step: Step, evidence: Evidence | None) -> StepView:
    made = StepView(paso=step.value, nombre=TABLE[step].title)
    if evidence is None:
        return made
    known = {"cifras": dict(evidence.counts), "datos": dict(evidence.facts)}
    return made.model_copy(update={"instante": evidence.instant, **known})


class PackageView(BaseModel):
    """A package; `llave`: fingerprint of the key it is encrypted to; `autoridad`: vkey of who signed it."""

    id: str
    tipo: str
    proceso: str | None
    nombre: str
    bytes: int
    llave: str
    cifrado: str
    hecho: datetime
    recibido: datetime | None
    autoridad: str

    @classmethod
    def of(cls, row: Any) -> PackageView:
        """Shown. The hash of the manifest is not: the OPL finds it by decrypting, and reports it back."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class ReceiptView(BaseModel):
    """The receipt's text, whose SHA-256 is a leaf of the log. `documento`: id of the constancia."""

    texto: str
    entrada: str
    documento: str
