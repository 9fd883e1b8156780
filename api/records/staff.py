"""Who may be given records to review: active staff of the institute whose records they are."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from api.accounts.permissions import OF_AN_OPL
from api.accounts.staff import Account
from api.accounts.states import State
from api.accounts.store_sql import Accounts
from capture.mesa.errors import MesaRefusal


def require_reviewers(db: Connection, opl: str, accounts: Sequence[str]) -> dict[str, Account]:
    """The accounts by their ids. Raises UnknownAccount for one of another institute, MesaRefusal."""
    found = {one: Accounts(db).get(one, opl) for one in accounts}
    for one, account in found.items():
        if account.rol not in OF_AN_OPL or account.estado is not State.ACTIVA:
            expected = "una cuenta activa del instituto"
            raise MesaRefusal("mesa.operador", f"cuenta {one}", expected, account.estado.value)
    return found
