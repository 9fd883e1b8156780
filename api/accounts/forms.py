"""What the routes of accounts take and answer. Field names are the domain's nouns."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.accounts.means import Opened
from api.accounts.permissions import Role
from api.accounts.session import Grant, Session
from api.accounts.staff import Account, Application, Oficio
from api.accounts.states import State

Medium = Literal["cookie", "portador"]


class Form(BaseModel):
    """Something that is sent: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PasswordEntry(Form):
    """`codigo`: six digits of the app, or a recovery code."""

    correo: str = Field(max_length=254)
    contrasena: str = Field(max_length=1024)
    codigo: str = Field(max_length=40)
    medio: Medium = "cookie"


class PasskeyEntry(Form):
    """What the browser answered to the options."""

    reto: str = Field(max_length=64)
    credencial: dict[str, Any]
    medio: Medium = "cookie"


class PasskeyProof(Form):
    """A passkey given again in a session."""

    reto: str = Field(max_length=64)
    credencial: dict[str, Any]


class NewPasskeyForm(PasskeyProof):
    """A passkey to register, with the name its owner gives it."""

    nombre: str = Field(min_length=1, max_length=60)


class CodeForm(Form):
    """A second factor given again."""

    codigo: str = Field(max_length=40)


class ForgottenForm(Form):
    """Whose password was forgotten."""

    correo: str = Field(max_length=254)


class LinkForm(Form):
    """The token of a one-time link."""

    enlace: str = Field(max_length=64)


class LinkCompletion(LinkForm):
    """`codigo`: of the app that was just set up or, for a forgotten password, of the old one."""

    contrasena: str = Field(max_length=1024)
    codigo: str = Field(max_length=40)
    medio: Medium = "cookie"


class GrantForm(Form):
    """Something to act as."""

    rol: Literal["promovente", "auxiliar", "ciudadano"]
    proceso: str | None = Field(default=None, max_length=64)
    auxiliar: str | None = Field(default=None, max_length=16)

    def grant(self) -> Grant:
        """As the domain has it."""
        return Grant(Role(self.rol), None, self.proceso, self.auxiliar)


class TokenExchange(Form):
    """The app's ID token, with the nonce that we gave it."""

    testigo: str = Field(max_length=16_384)
    nonce: str = Field(max_length=64)
    medio: Medium = "portador"


class AccountForm(Form):
    """The data of an oficio (001, 4.2 and 4.3)."""

    nombre: str = Field(max_length=160)
    cargo: str = Field(max_length=160)
    correo: str = Field(max_length=254)
    telefono: str = Field(max_length=24)
    rol: Role
    opl: str | None = Field(default=None, max_length=32)
    oficio_numero: str = Field(max_length=80)
    oficio_fecha: date

    def application(self) -> Application:
        """As the domain has it."""
        oficio = Oficio(self.oficio_numero, self.oficio_fecha)
        return Application(self.nombre, self.cargo, self.correo, self.telefono, self.rol, self.opl, oficio)


class ReasonForm(Form):
    """Why: it goes to the bitácora, so without personal data."""

    razon: str = Field(min_length=3, max_length=600)


class DeclarationForm(Form):
    """What is accepted: version and SHA-256 (hexadecimal) of the text that was shown."""

    version: str = Field(max_length=16)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class GrantShown(BaseModel):
    """Something that somebody may act as."""

    rol: str
    opl: str | None
    proceso: str | None
    auxiliar: str | None

    @classmethod
    def of(cls, grant: Grant) -> GrantShown:
        """As it is shown."""
        return cls(rol=grant.role.value, opl=grant.opl, proceso=grant.proceso, auxiliar=grant.auxiliar)


class SessionOpened(BaseModel):
    """A new session. `testigo` only when it travels as a bearer token."""

    sesion: str
    papel: GrantShown
    vence: datetime
    testigo: str | None
    papeles: list[GrantShown] = []
    codigos_respaldo: list[str] = []

    @classmethod
    def of(
        cls, opened: Opened, grants: tuple[Grant, ...] = (), recovery: tuple[str, ...] = ()
    ) -> SessionOpened:
        """As it is answered."""
        return cls(
            sesion=opened.session.id,
            papel=GrantShown.of(opened.session.grant),
            vence=opened.session.vence,
            testigo=opened.token if opened.session.medio == "portador" else None,
            papeles=[GrantShown.of(grant) for grant in grants],
            codigos_respaldo=list(recovery),
        )


class SessionShown(BaseModel):
    """One of the own sessions."""

    id: str
    rol: str
    creada: datetime
    vista: datetime
    vence: datetime
    medio: str
    agente: str
    actual: bool

    @classmethod
    def of(cls, session: Session, current: str = "") -> SessionShown:
        """As it is shown; `current`: the id of the session that asks."""
        return cls(
            id=session.id,
            rol=session.grant.role.value,
            creada=session.creada,
            vista=session.vista,
            vence=session.vence,
            medio=session.medio,
            agente=session.agente,
            actual=session.id == current,
        )


class Challenge(BaseModel):
    """`opciones` are for `navigator.credentials`; `reto` comes back with what it answers."""

    reto: str
    opciones: dict[str, Any]


class LinkShown(BaseModel):
    """What a link is for.

    `secreto`, `uri` and `qr` (`data:` of an SVG): for the app of codes, when it is new.
    """

    proposito: str
    correo: str
    vence: datetime
    secreto: str | None
    uri: str | None
    qr: str | None


class Me(BaseModel):
    """Who has this session."""

    cuenta: str
    correo: str
    nombre: str
    papel: GrantShown
    papeles: list[GrantShown]
    segundo_factor_hasta: datetime | None


class AccountShown(BaseModel):
    """A staff account."""

    id: str
    correo: str
    nombre: str
    rol: str
    opl: str | None
    cargo: str | None
    telefono: str | None
    oficio_numero: str | None
    oficio_fecha: date | None
    estado: State
    creada: datetime

    @classmethod
    def of(cls, account: Account) -> AccountShown:
        """As it is shown."""
        oficio = account.oficio
        return cls(
            id=account.id,
            correo=account.correo,
            nombre=account.nombre,
            rol=account.rol.value if account.rol else "",
            opl=account.opl,
            cargo=account.cargo,
            telefono=account.telefono,
            oficio_numero=oficio.numero if oficio else None,
            oficio_fecha=oficio.fecha if oficio else None,
            estado=account.estado,
            creada=account.creada,
        )


class StateShown(BaseModel):
    """The state that an account is in now."""

    estado: State


class PasskeyShown(BaseModel):
    """One of the own passkeys; `id` in base64url."""

    id: str
    nombre: str
    alta: datetime
    usada: datetime | None


class DeclarationShown(BaseModel):
    """The text in force."""

    version: str
    sha256: str
    texto: str


class ProviderShown(BaseModel):
    """A provider that people may enter with."""

    nombre: str
    titulo: str


class Count(BaseModel):
    """How many sessions were closed."""

    cerradas: int


class Notice(BaseModel):
    """What happens next, for people."""

    mensaje: str


class RecoveryCodes(BaseModel):
    """Shown this once."""

    codigos: list[str]


class ProviderAddress(BaseModel):
    """Where the browser goes to sign in."""

    direccion: str


class Nonce(BaseModel):
    """What the app asks its provider to put into the token; good once."""

    nonce: str
