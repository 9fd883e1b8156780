"""Accounts and their declarations in SQL. Every method belongs to the transaction of its connection."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, exists, insert, select, update

from api.accounts import states
from api.accounts.declaration import Declaration
from api.accounts.errors import AccountRefusal, UnknownAccount
from api.accounts.permissions import Role
from api.accounts.staff import Account, Application, Oficio
from api.accounts.states import Event, State
from api.accounts.tables import cuentas, declaratorias, identidades

PAGE = 100
"""Accounts of one answer, at most."""


def _account(row: Row[Any]) -> Account:
    oficio = Oficio(row.oficio_numero, row.oficio_fecha) if row.oficio_numero is not None else None
    return Account(
        id=row.id,
        correo=row.correo,
        nombre=row.nombre,
        rol=None if row.rol is None else Role(row.rol),
        opl=row.opl,
        estado=State(row.estado),
        creada=row.creada,
        cargo=row.cargo,
        telefono=row.telefono,
        oficio=oficio,
    )


class Accounts:
    """Accounts as they are stored."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def get(self, account: str, opl: str | None = None) -> Account:
        """One account, of that OPL when it is given. Raises UnknownAccount."""
        row = self._db.execute(select(cuentas).where(cuentas.c.id == account)).first()
        if row is None or (opl is not None and row.opl != opl):
            raise UnknownAccount("cuenta.desconocida", "cuenta", "una cuenta a la vista", account)
        return _account(row)

    def staff_with(self, email: str) -> Account | None:
        """The staff account with this (normal) e-mail that was not given up."""
        query = select(cuentas).where(
            cuentas.c.correo == email, cuentas.c.rol.is_not(None), cuentas.c.estado != State.BAJA.value
        )
        row = self._db.execute(query).first()
        return None if row is None else _account(row)

    def staff(self, opl: str | None = None, after: str = "") -> Sequence[Account]:
        """Staff in the order of their ids, at most PAGE, of one OPL when it is given."""
        query = select(cuentas).where(cuentas.c.rol.is_not(None), cuentas.c.id > after)
        if opl is not None:
            query = query.where(cuentas.c.opl == opl)
        return [_account(row) for row in self._db.execute(query.order_by(cuentas.c.id).limit(PAGE))]

    def any_with(self, role: Role) -> bool:
        """Whether an account in this role exists that was not given up."""
        query = select(exists().where(cuentas.c.rol == role.value, cuentas.c.estado != State.BAJA.value))
        return bool(self._db.execute(query).scalar_one())

    def add_staff(self, account: str, asked: Application, by: str, now: datetime) -> Account:
        """A new account of a checked application. Raises AccountRefusal when the person has one already."""
        if self.staff_with(asked.correo) is not None:
            expected = "una sola cuenta por funcionaria o funcionario"
            raise AccountRefusal("cuenta.repetida", "correo", expected, "otra cuenta con ese correo")
        row = {
            "id": account,
            "correo": asked.correo,
            "nombre": asked.nombre,
            "rol": asked.rol.value,
            "opl": asked.opl,
            "cargo": asked.cargo,
            "telefono": asked.telefono,
            "oficio_numero": asked.oficio.numero,
            "oficio_fecha": asked.oficio.fecha,
        }
        state = {"estado": State.CREADA.value, "creada": now, "creada_por": by}
        self._db.execute(insert(cuentas).values(**row, **state))
        return self.get(account)

    def move(self, account: str, event: Event) -> State:
        """Let something happen to an account; the state that follows. Raises AccountRefusal."""
        now_in = self.get(account).estado
        following = states.after(now_in, event)
        moved = self._db.execute(
            update(cuentas)
            .where(cuentas.c.id == account, cuentas.c.estado == now_in.value)
            .values(estado=following.value)
        )
        if moved.rowcount != 1:
            raise AccountRefusal("cuenta.estado", "cuenta", now_in.value, "otra solicitud la cambió antes")
        return following

    def of_identity(self, issuer: str, subject: str) -> Account | None:
        """The account of whom a provider names."""
        query = (
            select(cuentas)
            .join(identidades, identidades.c.cuenta == cuentas.c.id)
            .where(identidades.c.emisor == issuer, identidades.c.sujeto == subject)
        )
        row = self._db.execute(query).first()
        return None if row is None else _account(row)

    def add_identity(self, account: str, issuer: str, subject: str, email: str, now: datetime) -> Account:
        """The account of somebody who signs in with a provider for the first time. It is active at once."""
        values = {"id": account, "correo": email, "nombre": "", "estado": State.ACTIVA.value}
        self._db.execute(insert(cuentas).values(**values, creada=now, creada_por=account))
        self._db.execute(insert(identidades).values(emisor=issuer, sujeto=subject, cuenta=account))
        return self.get(account)

    def set_email(self, account: str, email: str) -> None:
        """The e-mail that the provider vouches for now."""
        self._db.execute(update(cuentas).where(cuentas.c.id == account).values(correo=email))


class Declarations:
    """Signed declarations as they are stored."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def accept(self, account: str, declaration: Declaration, now: datetime) -> None:
        """Signed with a second factor: valid at once."""
        self._add(account, declaration, now, forma="segundo-factor", validada=now, validada_por=account)

    def receive(
        self, account: str, declaration: Declaration, document: bytes, sealed: bytes, now: datetime
    ) -> None:
        """A signed PDF that somebody else has to look at."""
        digest = hashlib.sha256(document).digest()
        self._add(account, declaration, now, forma="pdf", documento=sealed, documento_sha256=digest)

    def _add(self, account: str, declaration: Declaration, now: datetime, **more: object) -> None:
        text = {"version": declaration.version, "sha256": declaration.sha256}
        self._db.execute(insert(declaratorias).values(cuenta=account, firmada=now, **text, **more))

    def waiting(self, account: str) -> tuple[int, bytes]:
        """Id and sealed document of the newest PDF that nobody validated. Raises AccountRefusal."""
        query = select(declaratorias.c.id, declaratorias.c.documento).where(
            declaratorias.c.cuenta == account, declaratorias.c.validada.is_(None)
        )
        row = self._db.execute(query.order_by(declaratorias.c.id.desc())).first()
        if row is None:
            raise AccountRefusal("declaratoria.falta", "declaratoria", "un documento por validar", "ninguno")
        return int(row.id), bytes(row.documento)

    def validate(self, declaration: int, by: str, now: datetime) -> None:
        """Somebody looked at the document, and it is in order."""
        changed = update(declaratorias).where(declaratorias.c.id == declaration)
        self._db.execute(changed.values(validada=now, validada_por=by))
