"""The table of permissions is complete, and what it says of the gravest acts and of scopes."""

from __future__ import annotations

import pytest

from api.accounts.permissions import (
    GRAVE,
    INSTITUTIONAL,
    OF_AN_OPL,
    OUTSIDE,
    ROLES_OF,
    Actor,
    Permission,
    Role,
    Scope,
)


@pytest.mark.req("APO-01")
def test_every_permission_has_its_row_and_somebody() -> None:
    assert set(ROLES_OF) == set(Permission)
    assert all(ROLES_OF.values())


@pytest.mark.req("APO-01")
def test_who_has_not_signed_the_declaration_may_only_see_to_the_own_account() -> None:
    may = {p.value.partition(".")[0] for p, roles in ROLES_OF.items() if Role.PENDIENTE in roles}
    assert may == {"sesion", "credencial", "declaratoria"}


def test_what_everybody_may_is_given_to_nobody_else_by_name() -> None:
    for permission, roles in ROLES_OF.items():
        assert Role.ANONIMO not in roles or roles == {Role.ANONIMO}, permission


def test_the_gravest_acts_are_only_of_staff_who_has_a_second_factor() -> None:
    for permission in GRAVE:
        assert ROLES_OF[permission] <= INSTITUTIONAL | {Role.PENDIENTE}


def test_contraloria_sees_and_seals_and_changes_nothing_but_the_own_account() -> None:
    may = {p.value for p, roles in ROLES_OF.items() if Role.CONTRALORIA in roles}
    own = {"sesion.propia", "sesion.refuerzo", "credencial.propia", "consulta.sellar"}
    assert all(name.endswith((".consultar", ".leer")) for name in may - own)
    assert not {"registro.consultar", "registro.imagenes", "promovente.consultar"} & may


SEI = {
    "consejo_general",
    "coeg",
    "secretaria_ejecutiva",
    "deoeyg",
    "depcyc",
    "utsi",
    "cat",
    "direccion_distrital",
    "responsable_mesa",
}


@pytest.mark.req("SEI-27")
def test_each_area_of_the_consultation_is_a_role_of_its_own() -> None:
    assert {role.value for role in INSTITUTIONAL} >= SEI | {"contraloria"}


@pytest.mark.req("SEI-27")
def test_no_role_of_the_consultation_sees_sent_messages_or_the_things_of_apoyo() -> None:
    shared = {"sesion", "credencial", "declaratoria"}
    for name in SEI:
        may = {p.value.partition(".")[0] for p, roles in ROLES_OF.items() if Role(name) in roles}
        assert not {"mensaje", "registro", "padron", "cuenta", "opl", "periodo"} & (may - shared), name


@pytest.mark.req("SEI-27")
def test_who_runs_the_system_neither_validates_nor_issues_nor_opens() -> None:
    may = {p.value for p, roles in ROLES_OF.items() if Role.UTSI in roles}
    alien = {
        "validacion.dictaminar",
        "clave.emitir",
        "clave.reponer",
        "apertura.aportar",
        "listado.descargar",
    }
    assert not alien & may


@pytest.mark.req("SEI-27")
def test_only_custodios_hand_in_what_opens_an_urn_and_do_nothing_else() -> None:
    acts = {p for p, roles in ROLES_OF.items() if Role.CONSEJO_GENERAL in roles and len(roles) == 1}
    assert acts == {Permission.CEREMONIA_APORTAR, Permission.APERTURA_APORTAR}


def test_roles_are_of_staff_or_from_outside() -> None:
    assert set(Role) == INSTITUTIONAL | OUTSIDE | {Role.ANONIMO, Role.PENDIENTE}
    assert OF_AN_OPL < INSTITUTIONAL


@pytest.mark.parametrize(
    ("scope", "owner", "within"),
    [
        (Scope(), {"opl": "uno"}, True),
        (Scope(opl="uno"), {"opl": "uno", "proceso": "F1"}, True),
        (Scope(opl="uno"), {"opl": "dos"}, False),
        (Scope(opl="uno"), {"proceso": "F1"}, False),
        (Scope(opl="uno", proceso="F1"), {"opl": "uno", "proceso": "F2"}, False),
        (Scope(auxiliar="A1"), {"auxiliar": "A1"}, True),
    ],
)
def test_a_scope_covers_what_meets_each_of_its_limits(
    scope: Scope, owner: dict[str, str], within: bool
) -> None:
    assert scope.covers(**owner) is within


def test_an_actor_has_the_scope_of_what_it_is_about() -> None:
    assert Actor("1", Role.AUXILIAR, "uno", "F1", "A1").scope == Scope("uno", "F1", "A1")
