"""The areas of the institute, each with an account of its own: from the oficio to the signed Declaratoria."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.accounts.roles import Role
from api.demo.acting import Staff
from api.demo.orders import order
from api.demo.plan import OFFICES
from api.demo.screen import Advance
from api.demo.sei.form import district_of
from api.demo.sei.plan import Territory
from api.demo.sei.settings import DOMAIN
from api.demo.sei.town import SeiTown
from api.demo.several import threads

_OFICIO = "IECM/ENSAYO/1"
_TELEPHONE = "5512345678"
_AT_ONCE = 4


@dataclass(frozen=True)
class Area:
    """Somebody who gets an account: who, for what, and under which e-mail."""

    key: str
    role: Role
    name: str

    @property
    def email(self) -> str:
        """Of the institute."""
        return f"{self.key}@{DOMAIN}"


SECRETARIA = Area("secretaria", Role.SECRETARIA_EJECUTIVA, "Secretaría Ejecutiva")
UTSI = Area("utsi", Role.UTSI, "Unidad Técnica de Servicios Informáticos")
DEOEYG = Area("deoeyg", Role.DEOEYG, "Dirección Ejecutiva de Organización Electoral")
VALIDATOR = Area("validacion2", Role.DEOEYG, "Segunda persona de validación")
CAT = Area("cat", Role.CAT, "Centro de Atención Telefónica")
CONTRALORIA = Area("contraloria", Role.CONTRALORIA, "Contraloría Interna")
CUSTODIOS = tuple(Area(f"custodio{n}", Role.CONSEJO_GENERAL, name) for n, name in enumerate(OFFICES, 1))


@dataclass(frozen=True)
class Offices:
    """Everybody with an account. `districts`: by name of the Dirección Distrital; `custodios`: in order."""

    secretaria: Staff
    utsi: Staff
    deoeyg: Staff
    validators: tuple[Staff, ...]
    cat: Staff
    contraloria: Staff
    custodios: tuple[Staff, ...]
    districts: dict[str, Staff]
    mesas: dict[str, Staff]
    """Who captures the Mesas of each Dirección Distrital."""


def open_offices(town: SeiTown, territory: Territory, progress: Advance) -> Offices:
    """The first account from the server's own console; the others by oficio, each one by its owner's link."""
    districts = sorted({district_of(u.demarcacion) for u in territory.unidades})
    places = {n: Area(f"distrito{i}", Role.DIRECCION_DISTRITAL, n) for i, n in enumerate(districts, 1)}
    mesas = {n: Area(f"mesa{i}", Role.RESPONSABLE_MESA, f"Mesas de {n}") for i, n in enumerate(districts, 1)}
    areas = [
        SECRETARIA,
        UTSI,
        DEOEYG,
        VALIDATOR,
        CAT,
        CONTRALORIA,
        *CUSTODIOS,
        *places.values(),
        *mesas.values(),
    ]
    admin = _first_account(town)
    for area in areas:
        admin.client.post("/v1/cuentas", _form(town, area))
    found = _enrolled(town, areas, progress)
    return Offices(
        secretaria=found[SECRETARIA.key],
        utsi=found[UTSI.key],
        deoeyg=found[DEOEYG.key],
        validators=(found[DEOEYG.key], found[VALIDATOR.key]),
        cat=found[CAT.key],
        contraloria=found[CONTRALORIA.key],
        custodios=tuple(found[area.key] for area in CUSTODIOS),
        districts={name: found[area.key] for name, area in places.items()},
        mesas={name: found[area.key] for name, area in mesas.items()},
    )


def _first_account(town: SeiTown) -> Staff:
    day = town.clock().date().isoformat()
    staff = Staff(town, f"admin@{DOMAIN}", "Persona administradora")
    named = ("--nombre", staff.name, "--cargo", "Administración", "--correo", staff.email)
    asked = ("--telefono", _TELEPHONE, "--oficio", _OFICIO, "--fecha-oficio", day)
    program = {"environment": town.environment, "module": "api.demo.sei.program"}
    order(str(town.clock.file), "admin", "iniciar", *named, *asked, **program)  # type: ignore[arg-type]
    staff.enrol(town.links_for({staff.email})[staff.email])
    return staff


def _form(town: SeiTown, area: Area) -> dict[str, str | None]:
    return {
        "nombre": area.name,
        "cargo": area.name,
        "correo": area.email,
        "telefono": _TELEPHONE,
        "rol": area.role.value,
        "opl": None,
        "oficio_numero": _OFICIO,
        "oficio_fecha": town.clock().date().isoformat(),
    }


def _enrolled(town: SeiTown, areas: Sequence[Area], progress: Advance) -> dict[str, Staff]:
    """Several at a time: each derives a password and signs, and that takes a while."""
    links = town.links_for({area.email for area in areas})
    made = {area.key: Staff(town, area.email, area.name) for area in areas}

    def enrol(area: Area) -> None:
        made[area.key].enrol(links[area.email])

    with threads(_AT_ONCE) as pool:
        for done, _ in enumerate(pool.map(enrol, areas), 1):
            progress(done, len(areas))
    return made
