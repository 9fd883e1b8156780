"""The SQL tables of requests for a Clave. What is personal rests sealed to the consultation's key."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
)

from capture.schema import metadata
from ledger.database import Instant, Serial

FOLIO_CHARS = 14

preregistros = Table(
    "preregistros",
    metadata,
    Column("folio", String(FOLIO_CHARS), primary_key=True),
    Column("consulta", String(64), nullable=False),
    Column("origen", String(12), nullable=False),  # aplicacion | invitacion
    Column("estado", String(20), nullable=False),
    Column("secreto", LargeBinary(32), nullable=False),  # SHA-256 of what its device holds
    Column("llave", LargeBinary(128)),  # the device's public key, SPKI
    Column("intento", SmallInteger, nullable=False),  # the one that is asked for now, from 1
    Column("giros", String(60), nullable=False),  # turns of the head that are asked for now
    Column("creado", Instant, nullable=False),
    Column("recibido", Instant),  # the first packet
    Column("terminado", Instant),
    Column("datos", LargeBinary),  # sealed: what the person gave
    Column("persona", LargeBinary(32)),  # keyed hash of the clave de elector, in this consultation
    Column("unica", LargeBinary(32)),  # the same once it is approved: one for each person
    Column("seccion", String(4)),
    Column("demarcacion", String(80)),
    Column("dictamen", String(20)),
    Column("motivos", String(400)),  # stable codes, comma separated
    Column("lista", String(40)),  # situación registral
    Column("corte", Date),  # of the lista nominal that answered
    Column("causa", SmallInteger),  # of 7.3.1, 1 to 8
    Column("titular", String(36)),  # the person with a Clave that it became
    Column("operador", String(64)),  # who validates it now
    Column("asignado", Instant),
    UniqueConstraint("consulta", "unica"),
    Index("ix_preregistros_estado", "consulta", "estado", "recibido"),
    Index("ix_preregistros_persona", "consulta", "persona"),
    Index("ix_preregistros_titular", "titular"),
)


def _folio(*, key: bool = False) -> Column[str]:
    return Column("folio", ForeignKey("preregistros.folio"), primary_key=key, nullable=False)


preregistro_intentos = Table(
    "preregistro_intentos",
    metadata,
    _folio(key=True),
    Column("intento", SmallInteger, primary_key=True, autoincrement=False),
    Column("giros", String(60), nullable=False),
    Column("recibido", Instant, nullable=False),
    Column("tamano", Integer, nullable=False),
    Column("sha256", LargeBinary(32), nullable=False),
    Column("sobre", LargeBinary, nullable=False),
    Column("cuerpo", String(200), nullable=False),  # where the sealed body is kept
    Column("leido", Instant),
    Column("dictamen", String(20)),
    Column("motivos", String(400)),
    Column("lectura", LargeBinary),  # sealed: what was read of its images
)
"""Every attempt at the biometric test, with the packet that it was."""

preregistro_cuerpos = Table(
    "preregistro_cuerpos",
    metadata,
    Column("cuerpo", String(200), primary_key=True),
    _folio(),
    Column("recibido", Instant, nullable=False),
    Index("ix_preregistro_cuerpos_folio", "folio"),
)
"""Where sealed bodies may be; written before each is kept, which whoever ends in between cannot undo."""

preregistro_pasos = Table(
    "preregistro_pasos",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    _folio(),
    Column("consulta", String(64), nullable=False),
    Column("paso", String(32), nullable=False),
    Column("a", String(20), nullable=False),
    Column("quien", String(64), nullable=False),
    Column("cuando", Instant, nullable=False),
    Column("acto", String(36), nullable=False),
    Index("ix_preregistro_pasos_folio", "folio"),
    Index("ix_preregistro_pasos_cuando", "consulta", "cuando"),
)
"""What was done to each request; `acto` is in the log of acts, which shows that nothing was taken away."""

preregistro_ajustes = Table(
    "preregistro_ajustes",
    metadata,
    Column("consulta", String(64), primary_key=True),
    Column("corte", Date, nullable=False),
    Column("fijado", Instant, nullable=False),
    Column("fijado_por", String(64), nullable=False),
)
"""The cut-off date of the lista nominal that counts, where it is not that of the Cronograma."""

invitaciones = Table(
    "invitaciones",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("consulta", String(64), nullable=False),
    Column("anterior", String(64), nullable=False),  # the consultation in which they had a Clave
    Column("titular", String(36), nullable=False),  # of that consultation
    Column("secreto", LargeBinary(32)),  # SHA-256 of what the e-mail holds; none before it is put
    Column("estado", String(12), nullable=False),  # por-enviar | enviada | confirmada | con-cambios
    Column("enviada", Instant),
    Column("respondida", Instant),
    Column("folio", ForeignKey("preregistros.folio")),
    UniqueConstraint("consulta", "anterior", "titular"),
    Index("ix_invitaciones_estado", "consulta", "estado"),
)
