"""The SQL tables of accounts, credentials and sessions. Secrets rest as hashes, or sealed."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from api.schema import metadata
from ledger.database import Instant, Serial


def _account(*, key: bool = False, unique: bool | None = None, index: bool | None = None) -> Column[str]:
    owner = ForeignKey("cuentas.id")
    return Column("cuenta", owner, nullable=False, primary_key=key, unique=unique, index=index)


cuentas = Table(
    "cuentas",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("correo", String(254), nullable=False),
    Column("nombre", String(160), nullable=False),
    Column("rol", String(20)),
    Column("opl", String(32)),
    Column("cargo", String(160)),
    Column("telefono", String(24)),
    Column("oficio_numero", String(80)),
    Column("oficio_fecha", Date),
    Column("estado", String(24), nullable=False),
    Column("creada", Instant, nullable=False),
    Column("creada_por", String(36), nullable=False),
)
"""Staff (with `rol`), and whoever signs in with an identity provider (`rol` null: what they may do is asked
of the processes and auxiliares at each request)."""
_living_staff = cuentas.c.rol.is_not(None) & (cuentas.c.estado != "baja")
Index(
    "uq_cuentas_correo_institucional",
    cuentas.c.correo,
    unique=True,
    sqlite_where=_living_staff,
    postgresql_where=_living_staff,
)
"""«Únicamente se asignará una cuenta de usuario por funcionario o funcionaria» (001, 4.2)."""

identidades = Table(
    "identidades",
    metadata,
    Column("emisor", String(255), primary_key=True),
    Column("sujeto", String(255), primary_key=True),
    _account(unique=True),
)
"""Whom a provider names: `emisor` and `sujeto` are the claims iss and sub, which never change hands."""

declaratorias = Table(
    "declaratorias",
    metadata,
    Column("id", Serial, primary_key=True),
    _account(index=True),
    Column("version", String(16), nullable=False),
    Column("sha256", LargeBinary(32), nullable=False),
    Column("forma", String(16), nullable=False),
    Column("firmada", Instant, nullable=False),
    Column("documento", LargeBinary),
    Column("documento_sha256", LargeBinary(32)),
    Column("validada", Instant),
    Column("validada_por", String(36)),
)
"""Signed declarations. `sha256`: of the text; `forma`: `segundo-factor` or `pdf`; `documento`: the signed
PDF, sealed. One that is not validated activates nothing."""

contrasenas = Table(
    "contrasenas",
    metadata,
    _account(key=True),
    Column("hash", String(160), nullable=False),
    Column("puesta", Instant, nullable=False),
)
"""Argon2id in PHC text form."""

codigos_totp = Table(
    "codigos_totp",
    metadata,
    _account(key=True),
    Column("secreto", LargeBinary, nullable=False),
    Column("ultimo_paso", BigInteger, nullable=False),
)
"""`secreto`: sealed. `ultimo_paso`: the step of the last code that was taken; only later ones are."""

codigos_respaldo = Table(
    "codigos_respaldo",
    metadata,
    _account(key=True),
    Column("huella", LargeBinary(32), primary_key=True),
)
"""Recovery codes that were not used yet."""

llaves_acceso = Table(
    "llaves_acceso",
    metadata,
    Column("id", LargeBinary(1023), primary_key=True),
    _account(index=True),
    Column("publica", LargeBinary, nullable=False),
    Column("contador", BigInteger, nullable=False),
    Column("nombre", String(60), nullable=False),
    Column("alta", Instant, nullable=False),
    Column("usada", Instant),
)
"""Passkeys: credential id, public key (COSE) and the authenticator's counter of signatures."""

retos_acceso = Table(
    "retos_acceso",
    metadata,
    Column("huella", LargeBinary(32), primary_key=True),
    Column("proposito", String(16), nullable=False),
    Column("cuenta", String(36)),
    Column("datos", Text, nullable=False),
    Column("vence", Instant, nullable=False, index=True),
)
"""What is open for a moment: passkey challenges, sign-ins that a provider was asked for, nonces of the app.
`huella`: SHA-256 of the challenge, of the state or of the nonce. Each is deleted when it is used."""

enlaces = Table(
    "enlaces",
    metadata,
    Column("huella", LargeBinary(32), primary_key=True),
    _account(index=True),
    Column("proposito", String(16), nullable=False),
    Column("secreto", LargeBinary, nullable=False),
    Column("vence", Instant, nullable=False),
)
"""Links to set credentials: SHA-256 of their token; `proposito`: `alta` or `restablecer`; `secreto`: the
sealed TOTP secret that an alta offers. Deleted when it is used, or when another is made."""

sesiones = Table(
    "sesiones",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("huella", LargeBinary(32), nullable=False, unique=True),
    _account(index=True),
    Column("rol", String(20), nullable=False),
    Column("proceso", String(64)),
    Column("auxiliar", String(16)),
    Column("creada", Instant, nullable=False),
    Column("vista", Instant, nullable=False),
    Column("vence", Instant, nullable=False, index=True),
    Column("verificada", Instant),
    Column("medio", String(10), nullable=False),
    Column("agente", String(120), nullable=False),
)
"""Open sessions: one that is closed is deleted. `huella`: SHA-256 of the token; `verificada`: when a second
factor was last given."""

intentos = Table(
    "intentos",
    metadata,
    Column("clave", LargeBinary(32), primary_key=True),
    Column("fallidos", Integer, nullable=False),
    Column("ultimo", Instant, nullable=False, index=True),
)
"""Attempts without success since the last one that had it. `clave`: an e-mail or an address, blinded."""
