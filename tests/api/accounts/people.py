"""Invented people and institutes, and what they carry: an app of codes and a passkey in software."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import cbor2
import pyotp
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from sqlalchemy import Connection, insert, select
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from api.accounts.administration import SYSTEM
from api.accounts.declaration import IN_FORCE
from api.accounts.desk import AccountsDesk
from api.accounts.means import Opened, Visitor
from api.accounts.permissions import Actor, Role
from api.accounts.staff import Account, Application, Oficio
from api.accounts.store_sql import Accounts
from api.outbox.tables import mensajes
from capture.auxiliares.tables import auxiliares
from capture.processes.tables import opls, periodos, procesos

NOW = datetime(2026, 11, 27, 12, 0, 0, tzinfo=UTC)
URL = "https://apoyo.ejemplo.mx"
GOOD_PASSWORD = "cuatro nopales junto al pozo"
HERE = Visitor("192.0.2.7", "Navegador de prueba", "cookie")
OPL, PROCESS, AUXILIAR = "opl-uno", "F261127000000001", "A000000001"


def application(
    role: Role = Role.DERFE_ADMIN, email: str = "ana@ine.mx", opl: str | None = None
) -> Application:
    return Application(
        "Ana de Prueba", "Analista", email, "5512345678", role, opl, Oficio("INE/1/2026", date(2026, 11, 1))
    )


@dataclass
class App:
    """An app of codes."""

    secret: str

    def code(self, now: datetime) -> str:
        return pyotp.TOTP(self.secret).at(now)


@dataclass
class Person:
    """Staff with credentials."""

    account: Account
    app: App
    opened: Opened
    recovery: tuple[str, ...]

    @property
    def actor(self) -> Actor:
        role = self.account.rol
        assert role is not None
        return Actor(self.account.id, role, self.account.opl, session=self.opened.session.id)


def last_link(db: Connection) -> str:
    """The token in the last message."""
    body = db.execute(select(mensajes.c.cuerpo).order_by(mensajes.c.id.desc())).scalars()
    return next(text for text in body if "#" in text).split("#")[1].split()[0]


def enrolled(doors: AccountsDesk, asked: Application, now: datetime = NOW) -> Person:
    """An account whose owner set password and codes, but has not signed the declaration."""
    with doors.means.database.writing() as db:
        account, address = doors.administration.create(db, asked, SYSTEM, now)
    token = address.split("#")[1]
    app = App(doors.enrolment.look(token, now).secret or "")
    made = doors.enrolment.complete(token, GOOD_PASSWORD, app.code(now), HERE, now)
    with doors.means.database.reading() as db:
        return Person(Accounts(db).get(account.id), app, made.opened, made.recovery)


def active(doors: AccountsDesk, asked: Application, now: datetime = NOW) -> Person:
    """An account that may do what its role may."""
    person = enrolled(doors, asked, now)
    with doors.means.database.writing() as db:
        doors.administration.sign(db, person.actor, IN_FORCE.version, IN_FORCE.sha256, now)
        account = Accounts(db).get(person.account.id)
    return Person(account, person.app, person.opened, person.recovery)


def register_process(db: Connection, promovente: str, auxiliar: str) -> None:
    """An institute, a period, and a process with one auxiliar."""
    db.execute(
        insert(opls).values(
            id=OPL, nombre="Instituto Uno", siglas="IU", entidad="32", activo=True, registrado=NOW
        )
    )
    db.execute(
        insert(periodos).values(
            id="periodo-1",
            opl=OPL,
            tipo="candidatura-independiente",
            nombre="Gubernatura",
            ambito="local",
            entidad="32",
            inicio=NOW,
            fin=NOW + timedelta(days=30),
            activo=True,
            mi_apoyo=True,
            criterios="{}",
            municipios_excepcion="[]",
            creado=NOW,
        )
    )
    add_process(db, PROCESS, promovente)
    db.execute(
        insert(auxiliares).values(
            id=AUXILIAR,
            proceso=PROCESS,
            nombre="Beto",
            apellido_paterno="De",
            apellido_materno="Prueba",
            fecha_nacimiento=date(1990, 1, 1),
            telefono="5512345678",
            correo=auxiliar,
            autenticacion="ensayo",
            clave_elector="X" * 18,
            alta=NOW,
            alta_por="x",
        )
    )


def add_process(db: Connection, folio: str, promovente: str) -> None:
    """One more process in the same period."""
    db.execute(
        insert(procesos).values(
            folio=folio,
            periodo="periodo-1",
            denominacion="Una candidatura",
            promovente="Carla de Prueba",
            nombre="Carla",
            apellido_paterno="De",
            apellido_materno="Prueba",
            clave_elector="Y" * 18,
            correo=promovente,
            autenticacion="ensayo",
            fecha_manifestacion=date(2026, 11, 1),
            numero_oficio="1",
            activo=True,
            recipiente="age1",
            registrado=NOW,
            registrado_por="x",
        )
    )


UP, UV, AT = 0x01, 0x04, 0x40


@dataclass
class SoftPasskey:
    """An authenticator in software: makes what a browser would answer (WebAuthn Level 3, 6 and 7)."""

    origin: str = URL
    rp_id: str = "apoyo.ejemplo.mx"
    flags: int = UP | UV
    count: int = 0
    id: bytes = field(default_factory=lambda: os.urandom(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def _client_data(self, kind: str, challenge: str) -> bytes:
        data = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(data).encode()

    def _data(self, flags: int) -> bytes:
        rp = hashlib.sha256(self.rp_id.encode()).digest()
        return rp + bytes([flags]) + self.count.to_bytes(4, "big")

    def create(self, options: dict[str, Any]) -> dict[str, Any]:
        point = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(cose)
        made = {"fmt": "none", "attStmt": {}, "authData": self._data(self.flags | AT) + attested}
        client = self._client_data("webauthn.create", options["challenge"])
        return self._answer(
            {
                "clientDataJSON": bytes_to_base64url(client),
                "attestationObject": bytes_to_base64url(cbor2.dumps(made)),
            }
        )

    def get(self, options: dict[str, Any]) -> dict[str, Any]:
        self.count += 1
        client = self._client_data("webauthn.get", options["challenge"])
        data = self._data(self.flags)
        signed = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            {
                "clientDataJSON": bytes_to_base64url(client),
                "authenticatorData": bytes_to_base64url(data),
                "signature": bytes_to_base64url(signed),
            }
        )

    def _answer(self, response: dict[str, str]) -> dict[str, Any]:
        name = bytes_to_base64url(self.id)
        return {"id": name, "rawId": name, "type": "public-key", "response": response}


def challenge_of(options: dict[str, Any]) -> bytes:
    """The challenge of options, as bytes."""
    return base64url_to_bytes(options["challenge"])
