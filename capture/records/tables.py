"""The tables of records and of every change of their state. Nothing personal is in them in clear (APO-14)."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, LargeBinary, SmallInteger, String, Table

from capture.records.states import Estado
from capture.schema import metadata
from ledger.database import Instant, Serial

_STATES = ", ".join(f"'{state.value}'" for state in Estado)
_CODE_CHARS = 40

registros = Table(
    "registros",
    metadata,
    Column("folio", String(36), primary_key=True),
    Column("proceso", String(64), nullable=False),
    Column("modalidad", String(10), nullable=False),
    Column("auxiliar", String(16)),
    Column("activacion", String(36)),
    Column("dispositivo", String(36)),
    Column("credencial", String(3), nullable=False),  # cic | ocr
    Column("numero", String(13), nullable=False),
    Column("capturado", Instant, nullable=False),
    Column("recibido", Instant, nullable=False),
    Column("tamano", Serial, nullable=False),  # bytes of the body
    Column("sha256", LargeBinary(32), nullable=False),  # of the body
    Column("sobre", LargeBinary, nullable=False),  # the envelope as it came
    Column("cuerpo", String(200), nullable=False),  # path in the blob store
    Column("acuse", LargeBinary, nullable=False),  # its text, nonce included
    Column("codigo", String(64), nullable=False, unique=True),
    Column("estado", String(_CODE_CHARS), nullable=False),
    Column("inciso", String(1)),
    Column("tipo_inconsistencia", String(200)),
    Column("detalle_inconsistencia", String(600)),
    Column("catalogo", SmallInteger),  # version of the catalogue that the mesa applied
    Column("situacion", String(_CODE_CHARS)),
    Column("acreditado", String(36)),  # the audiencia in which a document showed that it is valid
    Column("duplicado_de", String(36), ForeignKey("registros.folio")),
    Column("datos", LargeBinary),  # fields read, sealed to the process
    Column("huella_clave", LargeBinary(32)),  # HMAC of the clave de elector
    CheckConstraint(f"estado IN ({_STATES})", name="estado"),
    CheckConstraint("modalidad IN ('auxiliar', 'mi-apoyo', 'manual')", name="modalidad"),
    CheckConstraint("credencial IN ('cic', 'ocr')", name="credencial"),
    Index("ix_registros_proceso_estado", "proceso", "estado", "folio"),
    Index("ix_registros_proceso_recibido", "proceso", "recibido", "folio"),
    Index("ix_registros_auxiliar", "auxiliar", "estado"),
    Index("ix_registros_estado", "estado", "recibido"),
    Index("ix_registros_huella_clave", "huella_clave"),
    Index("ix_registros_duplicado_de", "duplicado_de"),
)

transiciones = Table(
    "transiciones",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("folio", String(36), ForeignKey("registros.folio"), nullable=False),
    Column("de", String(_CODE_CHARS)),  # null: the record came to be
    Column("a", String(_CODE_CHARS), nullable=False),
    Column("quien", String(64), nullable=False),  # account id, or «sistema»
    Column("como", String(10), nullable=False),  # as what: sistema, operador, audiencia, derfe
    Column("cuando", Instant, nullable=False),
    Column("causa", String(_CODE_CHARS), nullable=False),
    Column("detalle", String(400)),
    Column("acto", String(64)),
    Column("sal", LargeBinary(32), nullable=False),  # of the commitment that the log holds
    Column("hoja", Serial),  # index of its leaf; null until the log has it
    Index("ix_transiciones_folio", "folio", "id"),
    Index("ix_transiciones_hoja", "hoja", "id"),
)

primeros = Table(
    "primeros",
    metadata,
    # Of each proceso and HMAC (of a clave de elector, or of a CIC/OCR): the first record received.
    Column("proceso", String(64), primary_key=True),
    Column("huella", LargeBinary(32), primary_key=True),
    Column("folio", String(36), ForeignKey("registros.folio"), nullable=False),
)
