"""Sessions, attempts, and what is open for a moment, in SQL."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from api.accounts.attempts import FORGOTTEN_AFTER, Count, Patience
from api.accounts.errors import TooSoon, not_let_in
from api.accounts.permissions import Role
from api.accounts.session import SEEN_EVERY, Grant, Session, no_session
from api.accounts.tables import cuentas, enlaces, intentos, retos_acceso, sesiones


def _session(row: Row[Any]) -> Session:
    return Session(
        id=row.id,
        cuenta=row.cuenta,
        grant=Grant(Role(row.rol), row.opl, row.proceso, row.auxiliar),
        creada=row.creada,
        vista=row.vista,
        vence=row.vence,
        medio=row.medio,
        agente=row.agente,
        verificada=row.verificada,
    )


_SELECT = select(sesiones, cuentas.c.opl).join(cuentas, cuentas.c.id == sesiones.c.cuenta)


class Sessions:
    """Open sessions as they are stored. The OPL of a session is that of its account, now."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def add(self, session: Session, hashed: bytes) -> None:
        """A new session with the hash of its token."""
        self._db.execute(
            insert(sesiones).values(
                id=session.id,
                huella=hashed,
                cuenta=session.cuenta,
                **_of_grant(session.grant),
                creada=session.creada,
                vista=session.vista,
                vence=session.vence,
                verificada=session.verificada,
                medio=session.medio,
                agente=session.agente,
            )
        )

    def of_token(self, hashed: bytes) -> Session:
        """The session with this token's hash. Raises SignInRefusal."""
        row = self._db.execute(_SELECT.where(sesiones.c.huella == hashed)).first()
        if row is None:
            raise no_session("ninguna")
        return _session(row)

    def of_account(self, account: str) -> Sequence[Session]:
        """All of an account, the newest first."""
        query = _SELECT.where(sesiones.c.cuenta == account).order_by(sesiones.c.creada.desc())
        return [_session(row) for row in self._db.execute(query)]

    def seen(self, session: Session, now: datetime) -> bool:
        """Whether the last use is old enough to be written down."""
        return now - session.vista >= SEEN_EVERY

    def touch(self, session: str, now: datetime) -> None:
        """Write the last use down."""
        self._db.execute(update(sesiones).where(sesiones.c.id == session).values(vista=now))

    def renew(
        self, session: str, hashed: bytes, grant: Grant, verified: datetime | None, now: datetime
    ) -> None:
        """Another token for a session that may now do more: the old one is worth nothing."""
        values = {"huella": hashed, **_of_grant(grant), "verificada": verified, "vista": now}
        if self._db.execute(update(sesiones).where(sesiones.c.id == session).values(**values)).rowcount != 1:
            raise no_session("ninguna")

    def close(self, account: str, session: str) -> None:
        """Close one session of an account. Raises SignInRefusal when it is not open."""
        mine = (sesiones.c.id == session) & (sesiones.c.cuenta == account)
        if self._db.execute(delete(sesiones).where(mine)).rowcount != 1:
            raise no_session("ninguna")

    def close_all(self, account: str, but: str = "") -> int:
        """Close all sessions of an account, except one; how many they were."""
        theirs = (sesiones.c.cuenta == account) & (sesiones.c.id != but)
        return self._db.execute(delete(sesiones).where(theirs)).rowcount

    def forget_expired(self, now: datetime) -> int:
        """Delete what is over; how many."""
        return self._db.execute(delete(sesiones).where(sesiones.c.vence <= now)).rowcount


def _of_grant(grant: Grant) -> dict[str, str | None]:
    return {"rol": grant.role.value, "proceso": grant.proceso, "auxiliar": grant.auxiliar}


class Attempts:
    """Counts of attempts as they are stored."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def admit(self, key: bytes, patience: Patience, now: datetime) -> None:
        """Count one attempt before it is looked at. Raises TooSoon when it comes before its time.

        An attempt that comes too soon is not counted: waiting is enough.
        """
        self.admit_all({key: patience}, now)

    def admit_all(self, asked: Mapping[bytes, Patience], now: datetime) -> None:
        """The same under several keys, each with its patience. Raises TooSoon for any of them."""
        before = self._locked(sorted(asked))
        for key, count in before.items():
            _require_time(count, asked[key], now)
        if not self._begun([key for key in sorted(asked) if key not in before], now):
            self.admit_all(asked, now)  # somebody else began one of them meanwhile: look again
            return
        for key, count in before.items():
            after = count.one_more(now)
            values = {"fallidos": after.attempts, "ultimo": after.last}
            self._db.execute(update(intentos).where(intentos.c.clave == key).values(**values))

    def _locked(self, keys: Sequence[bytes]) -> dict[bytes, Count]:
        """The counts of those keys that have one, which nobody else counts meanwhile."""
        query = select(intentos).where(intentos.c.clave.in_(keys)).order_by(intentos.c.clave)
        rows = self._db.execute(query.with_for_update())
        return {bytes(row.clave): Count(row.fallidos, row.ultimo) for row in rows}

    def _begun(self, keys: Sequence[bytes], now: datetime) -> bool:
        """The first attempt under each of these; False, and none of them, when one is not the first."""
        if not keys:
            return True
        try:
            with self._db.begin_nested():
                self._db.execute(
                    insert(intentos), [{"clave": key, "fallidos": 1, "ultimo": now} for key in keys]
                )
        except IntegrityError:
            return False
        return True

    def succeeded(self, *keys: bytes) -> None:
        """Begin the counts anew."""
        self._db.execute(delete(intentos).where(intentos.c.clave.in_(keys)))

    def give_back(self, key: bytes) -> None:
        """Take the last attempt out of the count: it was a success. Those before it stay counted, so that
        whoever has one account of their own cannot begin the count of an address anew."""
        one_less = {"fallidos": intentos.c.fallidos - 1}
        mine = (intentos.c.clave == key) & (intentos.c.fallidos > 0)
        self._db.execute(update(intentos).where(mine).values(one_less))

    def forget_old(self, now: datetime) -> int:
        """Delete what no longer counts; how many."""
        return self._db.execute(delete(intentos).where(intentos.c.ultimo < now - FORGOTTEN_AFTER)).rowcount


def _require_time(before: Count, patience: Patience, now: datetime) -> None:
    allowed = before.next_allowed(patience)
    if now < allowed:
        seconds = int((allowed - now).total_seconds()) + 1
        expected = f"un intento dentro de {seconds} segundos"
        raise TooSoon("sesion.intentos", "inicio de sesión", expected, "uno antes", seconds)


class Moments:
    """What is open for a moment and used once: challenges, states, nonces."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def open(
        self,
        secret: str,
        purpose: str,
        data: Mapping[str, str],
        expires: datetime,
        account: str | None = None,
    ) -> None:
        """Remember what belongs to a secret until then."""
        values = {"huella": _hash(secret), "proposito": purpose, "cuenta": account}
        text = json.dumps(dict(data), ensure_ascii=False)
        self._db.execute(insert(retos_acceso).values(**values, datos=text, vence=expires))

    def take(self, secret: str, purpose: str, now: datetime, account: str | None = None) -> dict[str, str]:
        """What belongs to a secret, for the only time. Raises SignInRefusal when it is not open."""
        hashed = _hash(secret)
        query = select(retos_acceso).where(
            retos_acceso.c.huella == hashed, retos_acceso.c.proposito == purpose
        )
        row = self._db.execute(query).first()
        if row is None or row.cuenta != account or now >= row.vence:
            raise not_let_in()
        gone = self._db.execute(delete(retos_acceso).where(retos_acceso.c.huella == hashed))
        if gone.rowcount != 1:
            raise not_let_in()
        data: dict[str, str] = json.loads(row.datos)
        return data

    def forget_expired(self, now: datetime) -> int:
        """Delete what is over; how many."""
        return self._db.execute(delete(retos_acceso).where(retos_acceso.c.vence <= now)).rowcount


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def sweep(db: Connection, now: datetime) -> int:
    """Delete everything that time has ended; how many rows."""
    links = db.execute(delete(enlaces).where(enlaces.c.vence <= now)).rowcount
    parts = (Sessions(db).forget_expired, Moments(db).forget_expired, Attempts(db).forget_old)
    return links + sum(part(now) for part in parts)
