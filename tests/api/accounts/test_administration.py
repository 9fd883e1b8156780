"""From the oficio to an active account, and out again; on each database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from api.accounts.administration import SYSTEM
from api.accounts.authenticate import actor_of
from api.accounts.declaration import IN_FORCE
from api.accounts.desk import AccountsDesk
from api.accounts.errors import (
    AccountRefusal,
    ApplicationRefusal,
    CredentialRefusal,
    SignInRefusal,
    TooSoon,
    UnknownAccount,
)
from api.accounts.permissions import Actor, Role
from api.accounts.staff_sign_in import Entry
from api.accounts.states import Event, State
from api.accounts.store_sessions import Sessions, sweep
from api.accounts.store_sql import Accounts
from api.accounts.tables import declaratorias, enlaces, sesiones
from api.acts.tables import actos
from api.outbox.tables import mensajes
from tests.api.accounts.people import (
    GOOD_PASSWORD,
    HERE,
    NOW,
    OPL,
    URL,
    App,
    active,
    application,
    enrolled,
    last_link,
    register_process,
)

LATER = NOW + timedelta(minutes=5)
PDF = b"%PDF-1.7\nfirmada\n%%EOF\n"


def role_of(doors: AccountsDesk, token: str) -> Role | None:
    actor = actor_of(doors.means, token, LATER)
    return actor.role if actor else None


@pytest.mark.req("APO-01")
def test_an_account_does_nothing_until_the_declaration_is_signed(doors: AccountsDesk) -> None:
    person = enrolled(doors, application())
    assert person.account.estado is State.DECLARACION_PENDIENTE
    assert role_of(doors, person.opened.token) is Role.PENDIENTE
    with doors.means.database.writing() as db:
        doors.administration.sign(db, person.actor, IN_FORCE.version, IN_FORCE.sha256, NOW)
    assert role_of(doors, person.opened.token) is Role.DERFE_ADMIN
    with doors.means.database.reading() as db:
        row = db.execute(select(declaratorias)).one()
    assert (row.version, bytes(row.sha256), row.firmada) == (IN_FORCE.version, IN_FORCE.sha256, NOW)


@pytest.mark.req("APO-01")
def test_a_signed_pdf_activates_once_somebody_else_validated_it(doors: AccountsDesk) -> None:
    person, admin = enrolled(doors, application(email="beto@ine.mx")), active(doors, application())
    with doors.means.database.writing() as db:
        doors.administration.receive_pdf(db, person.actor, PDF, NOW)
    assert role_of(doors, person.opened.token) is Role.PENDIENTE
    with doors.means.database.writing() as db, pytest.raises(AccountRefusal):
        doors.administration.validate_pdf(db, person.account.id, person.actor, NOW)
    with doors.means.database.writing() as db:
        assert doors.administration.read_pdf(db, person.account.id, admin.actor, NOW) == PDF
        doors.administration.validate_pdf(db, person.account.id, admin.actor, NOW)
        query = select(declaratorias.c.documento).where(declaratorias.c.forma == "pdf")
        sealed = db.execute(query).scalar_one()
    assert b"firmada" not in sealed
    assert role_of(doors, person.opened.token) is Role.DERFE_ADMIN


@pytest.mark.req("APO-01")
def test_one_account_for_each_person(doors: AccountsDesk) -> None:
    person = active(doors, application())
    with doors.means.database.writing() as db, pytest.raises(AccountRefusal, match="una sola cuenta"):
        doors.administration.create(db, application(email="ANA@ine.mx"), SYSTEM, NOW)
    with doors.means.database.writing() as db:
        doors.administration.happen(db, person.account.id, Event.BAJA, SYSTEM, NOW, "terminó su encargo")
        again, _ = doors.administration.create(db, application(), SYSTEM, NOW)
    assert again.id != person.account.id


def test_staff_of_an_opl_needs_one_that_is_registered(doors: AccountsDesk) -> None:
    asked = application(Role.OPL_ENLACE, opl=OPL)
    with doors.means.database.writing() as db, pytest.raises(ApplicationRefusal):
        doors.administration.create(db, asked, SYSTEM, NOW)
    with doors.means.database.writing() as db:
        register_process(db, "carla@ejemplo.mx", "beto@ejemplo.mx")
        account, _ = doors.administration.create(db, asked, SYSTEM, NOW)
        assert Accounts(db).get(account.id, opl=OPL) == account
        with pytest.raises(UnknownAccount):
            Accounts(db).get(account.id, opl="otro")
        assert Accounts(db).staff("otro") == []


@pytest.mark.req("APO-01")
def test_a_suspension_works_in_the_open_sessions_at_once(doors: AccountsDesk) -> None:
    person = active(doors, application(email="beto@ine.mx"))
    with doors.means.database.writing() as db:
        doors.administration.happen(db, person.account.id, Event.SUSPENSION, SYSTEM, LATER, "extravío")
    assert role_of(doors, person.opened.token) is None
    with pytest.raises(SignInRefusal):
        entry = Entry("beto@ine.mx", GOOD_PASSWORD, person.app.code(LATER))
        doors.staff.with_password(entry, HERE, LATER)
    with doors.means.database.writing() as db:
        doors.administration.happen(db, person.account.id, Event.REACTIVACION, SYSTEM, LATER, "apareció")
    then = LATER + timedelta(minutes=1)
    entry = Entry("beto@ine.mx", GOOD_PASSWORD, person.app.code(then))
    assert role_of(doors, doors.staff.with_password(entry, HERE, then).token) is Role.PENDIENTE


def test_nobody_suspends_the_own_account(doors: AccountsDesk) -> None:
    person = active(doors, application())
    with doors.means.database.writing() as db, pytest.raises(AccountRefusal, match="otra persona"):
        doors.administration.happen(db, person.account.id, Event.SUSPENSION, person.actor, NOW, "x")


def test_every_act_is_told_with_who_and_why(doors: AccountsDesk) -> None:
    admin, person = active(doors, application()), active(doors, application(email="beto@ine.mx"))
    with doors.means.database.writing() as db:
        acts = doors.administration
        acts.happen(db, person.account.id, Event.SUSPENSION, admin.actor, NOW, "extravío de equipo")
        acts.happen(db, person.account.id, Event.REACTIVACION, admin.actor, NOW, "apareció")
        acts.revoke(db, person.account.id, admin.actor, NOW, "por si acaso")
        acts.send_link(db, person.account.id, admin.actor, NOW, "perdió su teléfono")
        acts.happen(db, person.account.id, Event.BAJA, admin.actor, NOW, "terminó su encargo")
        query = select(actos.c.tipo, actos.c.razon).where(actos.c.quien == admin.account.id)
        rows = db.execute(query.where(actos.c.objeto == person.account.id))
        told = {row.tipo: row.razon for row in rows}
    assert told == {
        "cuenta.suspension": "extravío de equipo",
        "cuenta.reactivacion": "apareció",
        "sesion.revocacion": "por si acaso",
        "credencial.restablecimiento": "perdió su teléfono",
        "cuenta.baja": "terminó su encargo",
    }


def test_the_first_administrator_is_made_once(doors: AccountsDesk) -> None:
    with doors.means.database.writing() as db:
        account, address = doors.administration.create_first(db, application(), NOW)
    assert account.rol is Role.DERFE_ADMIN
    assert address.startswith(f"{URL}/acceso#")
    with doors.means.database.writing() as db, pytest.raises(AccountRefusal):
        doors.administration.create_first(db, application(email="beto@ine.mx"), NOW)


def test_a_link_is_good_once_and_for_some_time_and_rests_as_a_hash(doors: AccountsDesk) -> None:
    with doors.means.database.writing() as db:
        doors.administration.create(db, application(), SYSTEM, NOW)
        token = last_link(db)
        assert token.encode() not in bytes(db.execute(select(enlaces.c.huella)).scalar_one())
    app = App(doors.enrolment.look(token, NOW).secret or "")
    assert app.secret == doors.enrolment.look(token, NOW).secret
    with pytest.raises(SignInRefusal):
        doors.enrolment.look(token, NOW + timedelta(hours=72))
    with pytest.raises(CredentialRefusal):
        doors.enrolment.complete(token, "corta", app.code(NOW), HERE, NOW)
    with pytest.raises(SignInRefusal):
        doors.enrolment.complete(token, GOOD_PASSWORD, "000000", HERE, NOW)
    made = doors.enrolment.complete(token, GOOD_PASSWORD, app.code(NOW), HERE, NOW)
    assert len(set(made.recovery)) == 10
    with pytest.raises(SignInRefusal):
        doors.enrolment.complete(token, GOOD_PASSWORD, app.code(LATER), HERE, LATER)
    with pytest.raises(SignInRefusal):  # the code that confirmed the app is used up too
        doors.staff.with_password(Entry("ana@ine.mx", GOOD_PASSWORD, app.code(NOW)), HERE, NOW)


def test_a_new_link_ends_the_one_before_and_the_old_credentials(doors: AccountsDesk) -> None:
    person = active(doors, application(email="beto@ine.mx"))
    with doors.means.database.writing() as db:
        doors.administration.send_link(db, person.account.id, SYSTEM, NOW, "perdió su teléfono")
        first = last_link(db)
        doors.administration.send_link(db, person.account.id, SYSTEM, NOW, "otra vez")
        second = last_link(db)
    assert role_of(doors, person.opened.token) is None
    with pytest.raises(SignInRefusal):
        doors.enrolment.look(first, NOW)
    assert doors.enrolment.look(second, NOW).purpose == "alta"


def test_a_forgotten_password_still_needs_the_second_factor(doors: AccountsDesk) -> None:
    person = active(doors, application())
    doors.enrolment.forgot("ana@ine.mx", "192.0.2.9", NOW)()
    with doors.means.database.reading() as db:
        token = last_link(db)
    assert doors.enrolment.look(token, LATER).secret is None
    with pytest.raises(SignInRefusal):
        doors.enrolment.complete(token, "otra contraseña larga", "000000", HERE, LATER)
    made = doors.enrolment.complete(token, "otra contraseña larga", person.app.code(LATER), HERE, LATER)
    assert role_of(doors, made.opened.token) is Role.DERFE_ADMIN
    assert role_of(doors, person.opened.token) is None  # whoever had the old password is out


def test_asking_for_a_forgotten_password_tells_nothing_and_is_bounded(doors: AccountsDesk) -> None:
    for _ in range(5):
        doors.enrolment.forgot("nadie@ine.mx", "192.0.2.9", NOW)()
    doors.enrolment.forgot("no es un correo", "192.0.2.9", NOW)()
    with pytest.raises(TooSoon):
        doors.enrolment.forgot("nadie@ine.mx", "192.0.2.9", NOW)
    with doors.means.database.reading() as db:
        assert db.execute(select(func.count()).select_from(mensajes)).scalar_one() == 0


def test_asking_for_a_forgotten_password_does_not_replace_a_first_link(doors: AccountsDesk) -> None:
    person = active(doors, application())
    with doors.means.database.writing() as db:
        doors.administration.send_link(db, person.account.id, SYSTEM, NOW, "perdió su teléfono")
        token = last_link(db)
    doors.enrolment.forgot("ana@ine.mx", "192.0.2.66", NOW)()
    assert doors.enrolment.look(token, NOW).purpose == "alta"


def test_own_sessions_are_listed_and_closed_one_by_one(doors: AccountsDesk) -> None:
    person = active(doors, application())
    second = doors.staff.with_password(
        Entry("ana@ine.mx", GOOD_PASSWORD, person.app.code(LATER)), HERE, LATER
    )
    with doors.means.database.writing() as db:
        found = Sessions(db).of_account(person.account.id)
        assert [one.id for one in found] == [second.session.id, person.opened.session.id]
        with pytest.raises(SignInRefusal):
            Sessions(db).close("otra-cuenta", second.session.id)
        Sessions(db).close(person.account.id, person.opened.session.id)
    assert role_of(doors, person.opened.token) is None
    assert role_of(doors, second.token) is Role.DERFE_ADMIN


def test_a_session_that_is_used_goes_on_and_one_that_rests_does_not(doors: AccountsDesk) -> None:
    token = active(doors, application()).opened.token
    for minutes in range(20, 600, 20):
        assert actor_of(doors.means, token, NOW + timedelta(minutes=minutes))
    assert actor_of(doors.means, token, NOW + timedelta(minutes=600)) is None
    other = active(doors, application(email="beto@ine.mx")).opened.token
    assert actor_of(doors.means, other, NOW + timedelta(minutes=31)) is None


def test_what_is_over_is_deleted(doors: AccountsDesk) -> None:
    active(doors, application())
    doors.staff.passkey_options(NOW)
    doors.enrolment.forgot("ana@ine.mx", "192.0.2.9", NOW)()
    with doors.means.database.writing() as db:
        assert sweep(db, NOW) == 0
        assert sweep(db, NOW + timedelta(days=2)) == 5  # session, challenge, link, two counts
        assert db.execute(select(func.count()).select_from(sesiones)).scalar_one() == 0


def test_a_role_that_changed_is_another_from_the_next_request_on(doors: AccountsDesk) -> None:
    from sqlalchemy import update

    from api.accounts.tables import cuentas

    person = active(doors, application())
    with doors.means.database.writing() as db:
        db.execute(update(cuentas).values(rol=Role.DERFE_OPERADOR.value))
    assert role_of(doors, person.opened.token) is Role.DERFE_OPERADOR
    assert Actor(person.account.id, Role.DERFE_OPERADOR).scope.opl is None
