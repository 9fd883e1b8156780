"""The SQL tables of a consultation (SEI-01, SEI-22, SEI-27)."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from ledger.database import Instant, Serial
from tally.schema import metadata

consultas = Table(
    "consultas",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("nombre", String(200), nullable=False),
    Column("anio", Integer, nullable=False),
    Column("estado", String(20), nullable=False),
    Column("grupo", String(20), nullable=False),
    Column("cronograma", Text, nullable=False),
    Column("umbral", Integer, nullable=False),
    Column("k", Integer, nullable=False),
    Column("intentos", Integer, nullable=False),
    Column("creada", Instant, nullable=False),
    Column("creada_por", String(64), nullable=False),
    Column("publica", Text),
    Column("acta_vacia", String(36)),
    Column("abierta", Instant),
    Column("cerrada", Instant),
    Column("computada", Instant),
    Column("publicada", Instant),
)
"""`estado`: tally/consulta/states.py. `cronograma`: JSON of tally/consulta/cronograma.py. `umbral`: custodios
who open; `k`: ballots below which an urn is small; `intentos`: wrong entries or biometric tries in a row.
`publica`: consulta.json as it is published, once the urns are set up. `acta_vacia`: id of the document that
says that they were empty. The instants: when each state was reached."""

unidades = Table(
    "unidades",
    metadata,
    Column("consulta", ForeignKey("consultas.id"), primary_key=True),
    Column("clave", String(32), primary_key=True),
    Column("nombre", String(200), nullable=False),
    Column("demarcacion", String(100), nullable=False),
    Column("distrito", String(40), nullable=False),
    Column("proyectos", Text, nullable=False),
    Column("uuid", String(22), nullable=False, unique=True),
    Column("setup", String(64)),
)
"""The UTs, those without projects too. `distrito`: its Dirección Distrital. `proyectos`: JSON list of texts,
in ballot order. `uuid`: of its urn (tally/setup.py). `setup`: hash of the Setup event once it exists."""

secciones = Table(
    "secciones",
    metadata,
    Column("consulta", ForeignKey("consultas.id"), primary_key=True),
    Column("seccion", String(4), primary_key=True),
    Column("unidad", String(32), primary_key=True),
)
"""Which UTs touch an electoral section (SEI-16): a person of the section opines in one of them."""

custodios = Table(
    "custodios",
    metadata,
    Column("consulta", ForeignKey("consultas.id"), primary_key=True),
    Column("indice", Integer, primary_key=True),
    Column("nombre", String(200), nullable=False),
    Column("cuenta", String(64)),
    Column("huella", String(64)),
    UniqueConstraint("consulta", "cuenta"),
)
"""The Consejo General's trustees. `nombre`: the office, never a person. `cuenta`: the account that hands
their files in. `huella`: of their certificate, once the ceremony is done."""

adscripciones = Table(
    "adscripciones",
    metadata,
    Column("consulta", ForeignKey("consultas.id"), primary_key=True),
    Column("cuenta", String(64), primary_key=True),
    Column("distrito", String(40), nullable=False),
    Column("unidad", String(32)),
    Column("asignada", Instant, nullable=False),
    Column("asignada_por", String(64), nullable=False),
)
"""To which Dirección Distrital an account belongs in a consultation and, of a Mesa, to which UT."""

aportaciones = Table(
    "aportaciones",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("consulta", ForeignKey("consultas.id"), nullable=False, index=True),
    Column("tipo", String(12), nullable=False),
    Column("custodio", Integer, nullable=False),
    Column("cuenta", String(64), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("recibida", Instant, nullable=False),
    Column("estado", String(12), nullable=False),
    Column("motivo", Text),
    UniqueConstraint("consulta", "tipo", "sha256"),
    CheckConstraint("estado IN ('recibida', 'aceptada', 'rechazada')", name="estado"),
)
"""Files of partial decryptions, in order of arrival; their bytes lie in a folder, under `sha256`. `tipo`: of
the urns («descifrado») or of the sums with the Mesas («sumas»), as tally/shares.py names them. `custodio`:
whose file it says it is, 0 when it does not say. `motivo`: why it was refused."""

llaves_distrito = Table(
    "llaves_distrito",
    metadata,
    Column("consulta", ForeignKey("consultas.id"), primary_key=True),
    Column("distrito", String(40), primary_key=True),
    Column("llave", String(80), nullable=False),
    Column("registrada", Instant, nullable=False),
    Column("registrada_por", String(64), nullable=False),
)
"""The age recipient to which the listados of a Dirección Distrital are encrypted (SEI-23)."""

listados = Table(
    "listados",
    metadata,
    Column("consulta", ForeignKey("consultas.id"), primary_key=True),
    Column("unidad", String(32), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("personas", Integer, nullable=False),
    Column("cifrado", LargeBinary, nullable=False),
)
"""The listado de claves de elector of a UT, encrypted to its Dirección Distrital. `sha256`: of what is
inside, as its acta says."""

sellos = Table(
    "sellos",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("consulta", ForeignKey("consultas.id"), nullable=False, index=True),
    Column("cuenta", String(64), nullable=False),
    Column("cuando", Instant, nullable=False),
    Column("entradas", BigInteger, nullable=False),
    Column("raiz", String(64), nullable=False),
    Column("dicho", String(600), nullable=False),
)
"""What the Contraloría saw: size and root of the consultation's log at that instant, and what it says."""

hojas_consulta = Table(
    "hojas_consulta",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("consulta", String(64), nullable=False),
    Column("llave", LargeBinary(255), nullable=False),
    Column("entrada", LargeBinary, nullable=False),
    Column("indice", BigInteger),
    UniqueConstraint("consulta", "llave"),
    Index("ix_hojas_consulta_pendientes", "consulta", "indice", "id"),
)
"""Entries for the public log of a consultation (tally/journal.py), written in the transaction of what they
tell and appended by the process that owns the log. `indice`: where it is, once it is there."""
