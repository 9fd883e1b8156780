"""Passwords, codes, passkeys and links of accounts in SQL. What must be read again is sealed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from api.accounts.errors import CredentialRefusal, not_let_in
from api.accounts.service_key import ServiceKey
from api.accounts.tables import codigos_respaldo, codigos_totp, contrasenas, enlaces, llaves_acceso

MOST_PASSKEYS = 10
"""Passkeys of one account."""


@dataclass(frozen=True, slots=True)
class Passkey:
    """A registered passkey; `public` is its COSE key, `count` its counter of signatures."""

    id: bytes
    account: str
    public: bytes
    count: int
    name: str
    added: datetime
    used: datetime | None


@dataclass(frozen=True, slots=True)
class Link:
    """A one-time link. `secret` is the TOTP secret that an alta offers."""

    hash: bytes
    account: str
    purpose: str
    secret: bytes
    expires: datetime


class Credentials:
    """Credentials as they are stored."""

    def __init__(self, db: Connection, key: ServiceKey) -> None:
        self._db = db
        self._key = key

    def password(self, account: str) -> str | None:
        """The stored hash."""
        query = select(contrasenas.c.hash).where(contrasenas.c.cuenta == account)
        return self._db.execute(query).scalar_one_or_none()

    def set_password(self, account: str, hashed: str, now: datetime) -> None:
        """Replace the password."""
        self._db.execute(delete(contrasenas).where(contrasenas.c.cuenta == account))
        self._db.execute(insert(contrasenas).values(cuenta=account, hash=hashed, puesta=now))

    def totp(self, account: str) -> tuple[bytes, int] | None:
        """The secret and the step of the last code that was taken."""
        row = self._db.execute(select(codigos_totp).where(codigos_totp.c.cuenta == account)).first()
        if row is None:
            return None
        return self._key.open(_totp_place(account), row.secreto), int(row.ultimo_paso)

    def set_totp(self, account: str, secret: bytes, step: int) -> None:
        """Replace the secret; `step` is that of the code with which it was confirmed."""
        sealed = self._key.seal(_totp_place(account), secret)
        self._db.execute(delete(codigos_totp).where(codigos_totp.c.cuenta == account))
        values = {"cuenta": account, "secreto": sealed, "ultimo_paso": step}
        self._db.execute(insert(codigos_totp).values(**values))

    def take_step(self, account: str, step: int) -> None:
        """Use a code up, in the database itself: of two at the same time one is refused (SignInRefusal)."""
        taken = self._db.execute(
            update(codigos_totp)
            .where(codigos_totp.c.cuenta == account, codigos_totp.c.ultimo_paso < step)
            .values(ultimo_paso=step)
        )
        if taken.rowcount != 1:
            raise not_let_in()

    def recovery(self, account: str) -> Sequence[bytes]:
        """Fingerprints of the recovery codes that are left."""
        query = select(codigos_respaldo.c.huella).where(codigos_respaldo.c.cuenta == account)
        return [bytes(row.huella) for row in self._db.execute(query)]

    def set_recovery(self, account: str, fingerprints: Iterable[bytes]) -> None:
        """Replace all recovery codes."""
        self._db.execute(delete(codigos_respaldo).where(codigos_respaldo.c.cuenta == account))
        rows = [{"cuenta": account, "huella": one} for one in fingerprints]
        self._db.execute(insert(codigos_respaldo), rows)

    def take_recovery(self, account: str, fingerprint: bytes) -> None:
        """Use a recovery code up. Raises SignInRefusal when another request did."""
        gone = self._db.execute(
            delete(codigos_respaldo).where(
                codigos_respaldo.c.cuenta == account, codigos_respaldo.c.huella == fingerprint
            )
        )
        if gone.rowcount != 1:
            raise not_let_in()

    def passkeys(self, account: str) -> Sequence[Passkey]:
        """All of an account, oldest first."""
        query = select(llaves_acceso).where(llaves_acceso.c.cuenta == account)
        rows = self._db.execute(query.order_by(llaves_acceso.c.alta))
        return [_passkey(row) for row in rows]

    def passkey(self, credential: bytes) -> Passkey:
        """One by its id. Raises SignInRefusal for an unknown one."""
        row = self._db.execute(select(llaves_acceso).where(llaves_acceso.c.id == credential)).first()
        if row is None:
            raise not_let_in()
        return _passkey(row)

    def add_passkey(self, passkey: Passkey) -> None:
        """Register one. Raises CredentialRefusal when the account has too many, or anybody has this one."""
        query = select(llaves_acceso.c.id).where(llaves_acceso.c.id == passkey.id)
        if (
            self._db.execute(query).first() is not None
            or len(self.passkeys(passkey.account)) >= MOST_PASSKEYS
        ):
            expected = f"una llave nueva, y a lo más {MOST_PASSKEYS}"
            raise CredentialRefusal("credencial.llave", "llave de acceso", expected, "otra cosa")
        self._db.execute(
            insert(llaves_acceso).values(
                id=passkey.id,
                cuenta=passkey.account,
                publica=passkey.public,
                contador=passkey.count,
                nombre=passkey.name,
                alta=passkey.added,
            )
        )

    def used(self, credential: bytes, count: int, now: datetime) -> None:
        """Keep the counter of signatures."""
        changed = update(llaves_acceso).where(llaves_acceso.c.id == credential)
        self._db.execute(changed.values(contador=count, usada=now))

    def remove_passkey(self, account: str, credential: bytes) -> None:
        """Forget one of the account's. Raises CredentialRefusal when it has no such passkey."""
        mine = (llaves_acceso.c.cuenta == account) & (llaves_acceso.c.id == credential)
        if self._db.execute(delete(llaves_acceso).where(mine)).rowcount != 1:
            raise CredentialRefusal("credencial.llave", "llave de acceso", "una llave propia", "otra")

    def forget(self, account: str) -> None:
        """Remove every credential and link of an account."""
        for table in (contrasenas, codigos_totp, codigos_respaldo, llaves_acceso, enlaces):
            self._db.execute(delete(table).where(table.c.cuenta == account))

    def set_link(self, link: Link) -> None:
        """The only link of an account: those before it are of no use any more."""
        self._db.execute(delete(enlaces).where(enlaces.c.cuenta == link.account))
        sealed = self._key.seal(_link_place(link.account), link.secret)
        values = {"huella": link.hash, "cuenta": link.account, "proposito": link.purpose}
        self._db.execute(insert(enlaces).values(**values, secreto=sealed, vence=link.expires))

    def link(self, hashed: bytes, now: datetime) -> Link:
        """An open link. Raises SignInRefusal."""
        row = self._db.execute(select(enlaces).where(enlaces.c.huella == hashed)).first()
        if row is None or now >= row.vence:
            raise not_let_in()
        secret = self._key.open(_link_place(row.cuenta), row.secreto)
        return Link(hashed, row.cuenta, row.proposito, secret, row.vence)

    def take_link(self, hashed: bytes) -> None:
        """Use a link up. Raises SignInRefusal when another request did."""
        if self._db.execute(delete(enlaces).where(enlaces.c.huella == hashed)).rowcount != 1:
            raise not_let_in()


def _passkey(row: object) -> Passkey:
    r = row._mapping  # type: ignore[attr-defined]
    return Passkey(
        bytes(r["id"]), r["cuenta"], bytes(r["publica"]), r["contador"], r["nombre"], r["alta"], r["usada"]
    )


def _totp_place(account: str) -> str:
    return f"codigos_totp/{account}"


def _link_place(account: str) -> str:
    return f"enlaces/{account}"
