"""Roles, permissions, and the ONE table: which roles have each permission. What is not in it is denied.

A permission says what may be done; the scope of an actor says to whose things. A domain that shows or changes
something with an OPL, a proceso or an auxiliar asks `actor.scope` too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What an account is for the service. The values are stored."""

    ANONIMO = "anonimo"
    """Nobody: no session. A permission given to it is given to everybody."""
    PENDIENTE = "pendiente"
    """Staff whose «Declaratoria de Confidencialidad» is not signed yet: may sign it, and nothing else."""
    DERFE_ADMIN = "derfe_admin"
    DERFE_OPERADOR = "derfe_operador"
    OPL_ENLACE = "opl_enlace"
    OPL_OPERADOR = "opl_operador"
    CONTRALORIA = "contraloria"
    """Reads what was done, changes nothing, sees no data of citizens."""
    PROMOVENTE = "promovente"
    AUXILIAR = "auxiliar"
    CIUDADANO = "ciudadano"


class Permission(StrEnum):
    """Something that a route does. The values are stable: they are in the OpenAPI document and in answers."""

    SERVICIO_SALUD = "servicio.salud"
    SERVICIO_METRICAS = "servicio.metricas"
    SERVICIO_PROBLEMAS = "servicio.problemas"
    SERVICIO_PAGINA = "servicio.pagina"

    SESION_INICIAR = "sesion.iniciar"
    SESION_PROPIA = "sesion.propia"
    SESION_REFUERZO = "sesion.refuerzo"
    SESION_PAPEL = "sesion.papel"
    CREDENCIAL_CONSULTAR = "credencial.consultar"
    CREDENCIAL_PROPIA = "credencial.propia"
    DECLARATORIA_LEER = "declaratoria.leer"
    DECLARATORIA_FIRMAR = "declaratoria.firmar"
    DECLARATORIA_VALIDAR = "declaratoria.validar"
    CUENTA_CREAR = "cuenta.crear"
    CUENTA_CONSULTAR = "cuenta.consultar"
    CUENTA_SUSPENDER = "cuenta.suspender"
    CUENTA_REVOCAR = "cuenta.revocar"
    BITACORA_CONSULTAR = "bitacora.consultar"
    MENSAJE_CONSULTAR = "mensaje.consultar"
    MENSAJE_REENVIAR = "mensaje.reenviar"

    OPL_CREAR = "opl.crear"
    OPL_CONSULTAR = "opl.consultar"
    USO_SOLICITAR = "uso.solicitar"
    USO_CONSULTAR = "uso.consultar"
    USO_RESPONDER = "uso.responder"
    PERIODO_CREAR = "periodo.crear"
    PERIODO_CONSULTAR = "periodo.consultar"
    PERIODO_MODIFICAR = "periodo.modificar"
    CRITERIOS_CONSULTAR = "criterios.consultar"
    CRITERIOS_MODIFICAR = "criterios.modificar"
    AVISO_CONSULTAR = "aviso.consultar"
    PROCESO_CREAR = "proceso.crear"
    PROCESO_MOSTRAR = "proceso.mostrar"
    """What the app shows of a process to whoever captures or supports: no personal data but a name."""
    PROCESO_CONSULTAR = "proceso.consultar"
    PROCESO_MODIFICAR = "proceso.modificar"
    PROMOVENTE_CONSULTAR = "promovente.consultar"
    PROMOVENTE_MODIFICAR = "promovente.modificar"

    AUXILIAR_ALTA = "auxiliar.alta"
    AUXILIAR_BAJA = "auxiliar.baja"
    AUXILIAR_CONSULTAR = "auxiliar.consultar"
    AUXILIAR_VALIDAR = "auxiliar.validar"
    DISPOSITIVO_ALTA = "dispositivo.alta"
    DISPOSITIVO_BAJA = "dispositivo.baja"
    DISPOSITIVO_CONSULTAR = "dispositivo.consultar"
    MI_APOYO_SOLICITAR = "mi-apoyo.solicitar"
    MI_APOYO_ACTIVAR = "mi-apoyo.activar"
    MI_APOYO_PROPIO = "mi-apoyo.propio"

    PAQUETE_ENVIAR = "paquete.enviar"
    """By anybody: the packet's own signature, of a registered device, is what is checked."""
    ACUSE_CONSULTAR = "acuse.consultar"
    REGISTRO_CONSULTAR = "registro.consultar"
    REGISTRO_PROCESAR = "registro.procesar"
    REGISTRO_IMAGENES = "registro.imagenes"
    """Only of records assigned to the operator, or of an audiencia they hold: the domain checks."""
    CAPTURA_MANUAL = "captura.manual"
    MESA_ASIGNAR = "mesa.asignar"
    MESA_CONSULTAR = "mesa.consultar"
    MESA_REVISAR = "mesa.revisar"
    MESA_SEGUNDA_REVISION = "mesa.segunda-revision"
    COMPULSA_EJECUTAR = "compulsa.ejecutar"
    COMPULSA_CONSULTAR = "compulsa.consultar"
    AUDIENCIA_SOLICITAR = "audiencia.solicitar"
    AUDIENCIA_CONSULTAR = "audiencia.consultar"
    AUDIENCIA_CELEBRAR = "audiencia.celebrar"
    AUDIENCIA_CERRAR = "audiencia.cerrar"

    REPORTE_CONSULTAR = "reporte.consultar"
    REPORTE_DUPLICADOS = "reporte.duplicados"
    REPORTE_PATRONES = "reporte.patrones"
    NOTA_INFORMATIVA = "nota.informativa"
    DOCUMENTO_CONSULTAR = "documento.consultar"
    DOCUMENTO_GENERAR = "documento.generar"
    DOCUMENTO_VERIFICAR = "documento.verificar"
    RESULTADOS_LLAVE = "resultados.llave"
    RESULTADOS_GENERAR = "resultados.generar"
    RESULTADOS_CONSULTAR = "resultados.consultar"
    RESULTADOS_DESCARGAR = "resultados.descargar"
    RESULTADOS_RECIBIR = "resultados.recibir"
    REQUERIMIENTO_SOLICITAR = "requerimiento.solicitar"
    REQUERIMIENTO_CONSULTAR = "requerimiento.consultar"
    REQUERIMIENTO_ATENDER = "requerimiento.atender"
    RETENCION_CONSULTAR = "retencion.consultar"
    RETENCION_DESTRUIR = "retencion.destruir"
    ATENCION_REPORTAR = "atencion.reportar"
    ATENCION_ATENDER = "atencion.atender"
    PADRON_CARGAR = "padron.cargar"
    PADRON_CONSULTAR = "padron.consultar"


_ADMIN = frozenset({Role.DERFE_ADMIN})
_DERFE = _ADMIN | {Role.DERFE_OPERADOR}
_ENLACE = frozenset({Role.OPL_ENLACE})
_OPL = _ENLACE | {Role.OPL_OPERADOR}
_STAFF = _DERFE | _OPL
_CONTROL = frozenset({Role.CONTRALORIA})
_PROMOVENTE = frozenset({Role.PROMOVENTE})
_AUXILIAR = frozenset({Role.AUXILIAR})
_CIUDADANO = frozenset({Role.CIUDADANO})
_ANYBODY = frozenset({Role.ANONIMO})
_PENDING = frozenset({Role.PENDIENTE})
_INSTITUTIONAL = _STAFF | _CONTROL
_SIGNED_IN = _INSTITUTIONAL | _PENDING | _PROMOVENTE | _AUXILIAR | _CIUDADANO

P = Permission
ROLES_OF: dict[Permission, frozenset[Role]] = {
    P.SERVICIO_SALUD: _ANYBODY,
    P.SERVICIO_METRICAS: _ANYBODY,
    P.SERVICIO_PROBLEMAS: _ANYBODY,
    P.SERVICIO_PAGINA: _ANYBODY,
    P.SESION_INICIAR: _ANYBODY,
    P.SESION_PROPIA: _SIGNED_IN,
    P.SESION_REFUERZO: _INSTITUTIONAL | _PENDING,
    P.SESION_PAPEL: _PROMOVENTE | _AUXILIAR | _CIUDADANO,
    P.CREDENCIAL_CONSULTAR: _INSTITUTIONAL | _PENDING,
    P.CREDENCIAL_PROPIA: _INSTITUTIONAL | _PENDING,
    P.DECLARATORIA_LEER: _INSTITUTIONAL | _PENDING,
    P.DECLARATORIA_FIRMAR: _PENDING,
    P.DECLARATORIA_VALIDAR: _ADMIN,
    P.CUENTA_CREAR: _ADMIN,
    P.CUENTA_CONSULTAR: _ADMIN | _ENLACE | _CONTROL,
    P.CUENTA_SUSPENDER: _ADMIN,
    P.CUENTA_REVOCAR: _ADMIN,
    P.BITACORA_CONSULTAR: _ADMIN | _CONTROL,
    P.MENSAJE_CONSULTAR: _ADMIN | _CONTROL,
    P.MENSAJE_REENVIAR: _ADMIN,
    P.OPL_CREAR: _ADMIN,
    P.OPL_CONSULTAR: _INSTITUTIONAL,
    P.USO_SOLICITAR: _ENLACE,
    P.USO_CONSULTAR: _DERFE | _ENLACE | _CONTROL,
    P.USO_RESPONDER: _DERFE,
    P.PERIODO_CREAR: _ADMIN | _ENLACE,
    P.PERIODO_CONSULTAR: _INSTITUTIONAL,
    P.PERIODO_MODIFICAR: _ADMIN | _ENLACE,
    P.CRITERIOS_CONSULTAR: _INSTITUTIONAL | _PROMOVENTE,
    P.CRITERIOS_MODIFICAR: _ENLACE,
    P.AVISO_CONSULTAR: _ANYBODY,
    P.PROCESO_CREAR: _ADMIN | _ENLACE,
    P.PROCESO_MOSTRAR: _ANYBODY,
    P.PROCESO_CONSULTAR: _STAFF | _PROMOVENTE | _AUXILIAR,
    P.PROCESO_MODIFICAR: _ADMIN | _ENLACE,
    P.PROMOVENTE_CONSULTAR: _STAFF | _PROMOVENTE,
    P.PROMOVENTE_MODIFICAR: _ADMIN | _ENLACE,
    P.AUXILIAR_ALTA: _PROMOVENTE,
    P.AUXILIAR_BAJA: _PROMOVENTE | _ENLACE | _DERFE,
    P.AUXILIAR_CONSULTAR: _STAFF | _PROMOVENTE | _AUXILIAR,
    P.AUXILIAR_VALIDAR: _DERFE | _OPL,
    P.DISPOSITIVO_ALTA: _AUXILIAR,
    P.DISPOSITIVO_BAJA: _AUXILIAR | _CIUDADANO,
    P.DISPOSITIVO_CONSULTAR: _STAFF | _PROMOVENTE | _AUXILIAR,
    P.MI_APOYO_SOLICITAR: _ANYBODY,
    P.MI_APOYO_ACTIVAR: _ANYBODY,
    P.MI_APOYO_PROPIO: _CIUDADANO,
    P.PAQUETE_ENVIAR: _ANYBODY,
    P.ACUSE_CONSULTAR: _ANYBODY,
    P.REGISTRO_CONSULTAR: _STAFF | _PROMOVENTE,
    P.REGISTRO_PROCESAR: _DERFE,
    P.REGISTRO_IMAGENES: _STAFF,
    P.CAPTURA_MANUAL: _OPL,
    P.MESA_ASIGNAR: _DERFE | _ENLACE,
    P.MESA_CONSULTAR: _STAFF,
    P.MESA_REVISAR: _OPL,
    P.MESA_SEGUNDA_REVISION: _OPL,
    P.COMPULSA_EJECUTAR: _DERFE,
    P.COMPULSA_CONSULTAR: _STAFF,
    P.AUDIENCIA_SOLICITAR: _OPL | _PROMOVENTE,
    P.AUDIENCIA_CONSULTAR: _STAFF | _PROMOVENTE,
    P.AUDIENCIA_CELEBRAR: _OPL,
    P.AUDIENCIA_CERRAR: _ENLACE,
    P.REPORTE_CONSULTAR: _STAFF | _PROMOVENTE | _CONTROL,
    P.REPORTE_DUPLICADOS: _STAFF,
    P.REPORTE_PATRONES: _STAFF,
    P.NOTA_INFORMATIVA: _STAFF | _PROMOVENTE,
    P.DOCUMENTO_CONSULTAR: _STAFF | _PROMOVENTE | _AUXILIAR,
    P.DOCUMENTO_GENERAR: _STAFF,
    P.DOCUMENTO_VERIFICAR: _ANYBODY,
    P.RESULTADOS_LLAVE: _ENLACE,
    P.RESULTADOS_GENERAR: _DERFE,
    P.RESULTADOS_CONSULTAR: _DERFE | _OPL | _CONTROL,
    P.RESULTADOS_DESCARGAR: _ENLACE,
    P.RESULTADOS_RECIBIR: _ENLACE,
    P.REQUERIMIENTO_SOLICITAR: _ENLACE,
    P.REQUERIMIENTO_CONSULTAR: _DERFE | _ENLACE | _CONTROL,
    P.REQUERIMIENTO_ATENDER: _DERFE,
    P.RETENCION_CONSULTAR: _DERFE | _CONTROL,
    P.RETENCION_DESTRUIR: _ADMIN,
    P.ATENCION_REPORTAR: _ANYBODY,
    P.ATENCION_ATENDER: frozenset({Role.DERFE_OPERADOR}),
    P.PADRON_CARGAR: _ADMIN,
    P.PADRON_CONSULTAR: _ADMIN,
}
"""Permission -> roles that have it. A test walks every route with every role against this table."""

GRAVE = frozenset(
    {
        P.CUENTA_CREAR,
        P.CUENTA_SUSPENDER,
        P.CREDENCIAL_PROPIA,
        P.DECLARATORIA_FIRMAR,
        P.DECLARATORIA_VALIDAR,
        P.RESULTADOS_LLAVE,
        P.RESULTADOS_GENERAR,
        P.REQUERIMIENTO_ATENDER,
        P.RETENCION_DESTRUIR,
        P.PADRON_CARGAR,
    }
)
"""What also needs a second factor given recently in the same session."""

INSTITUTIONAL = _INSTITUTIONAL
"""Roles of staff accounts: password with a one-time code, or a passkey."""
OUTSIDE = _PROMOVENTE | _AUXILIAR | _CIUDADANO
"""Roles that sign in with an identity provider."""
OF_AN_OPL = _OPL
"""Roles that only see the things of one OPL."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose things somebody may see. None: not limited in that respect."""

    opl: str | None = None
    proceso: str | None = None
    auxiliar: str | None = None

    def covers(
        self, *, opl: str | None = None, proceso: str | None = None, auxiliar: str | None = None
    ) -> bool:
        """Whether a thing with these owners is within. A limit whose owner is not given is not met."""
        limits = ((self.opl, opl), (self.proceso, proceso), (self.auxiliar, auxiliar))
        return all(limit is None or limit == owner for limit, owner in limits)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: an account in one role, and the part of the service that the role is about.

    `opl` is the short name of an institute, `proceso` a folio, `auxiliar` an Id Auxiliar. `session` is the id
    of the session (not its token); `verified` is when a second factor was last given in it, if it was.
    """

    account: str
    role: Role
    opl: str | None = None
    proceso: str | None = None
    auxiliar: str | None = None
    session: str = ""
    verified: datetime | None = None

    @property
    def scope(self) -> Scope:
        """The limits of this actor."""
        return Scope(self.opl, self.proceso, self.auxiliar)
