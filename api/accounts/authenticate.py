"""Whose session a token is, asked anew at each request: what was suspended has no session any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from api.accounts.errors import SignInRefusal
from api.accounts.means import Means, staff_grant
from api.accounts.permissions import Actor
from api.accounts.session import Grant, Session, no_session, require_open, token_hash
from api.accounts.staff import Account
from api.accounts.states import CAN_SIGN_IN
from api.accounts.store_sessions import Sessions
from api.accounts.store_sql import Accounts


def authenticate(db: Connection, token: str, now: datetime, means: Means) -> tuple[Actor, Session]:
    """The actor of a token, with its role and scope as they are now. Raises SignInRefusal."""
    session = Sessions(db).of_token(token_hash(token))
    require_open(session, means.settings.lifetimes, now)
    account = Accounts(db).get(session.cuenta)
    if account.estado not in CAN_SIGN_IN:
        raise no_session("una de una cuenta que no está activa")
    grant = _grant_now(db, account, session, means)
    actor = Actor(
        account=account.id,
        role=grant.role,
        opl=grant.opl,
        proceso=grant.proceso,
        auxiliar=grant.auxiliar,
        session=session.id,
        verified=session.verificada,
    )
    return actor, replace(session, grant=grant)


def _grant_now(db: Connection, account: Account, session: Session, means: Means) -> Grant:
    if account.institutional:
        return staff_grant(account)
    for grant in means.invitations.of(db, account.correo):
        if same_thing(grant, session.grant):
            return grant
    raise no_session("una de quien ya no está en el registro")


def same_thing(one: Grant, other: Grant) -> bool:
    """Whether two grants are of one role about one thing."""
    return (one.role, one.proceso, one.auxiliar) == (other.role, other.proceso, other.auxiliar)


def actor_of(means: Means, token: str, now: datetime) -> Actor | None:
    """The actor of a token, or None; the use is written down now and then."""
    try:
        with means.database.reading() as db:
            actor, session = authenticate(db, token, now, means)
            due = Sessions(db).seen(session, now)
    except SignInRefusal:
        return None
    if due:
        with means.database.writing() as db:
            Sessions(db).touch(session.id, now)
    return actor
