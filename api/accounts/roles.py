"""Who somebody is for the service, and the groups of roles that permissions are given to."""

from __future__ import annotations

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
    """Reads what was done and seals it, changes nothing, sees no data of citizens."""
    CONSEJO_GENERAL = "consejo_general"
    """A custodio: holds one share of the key of a consultation."""
    COEG = "coeg"
    """The Comisión de Organización Electoral y Geoestadística: is informed."""
    SECRETARIA_EJECUTIVA = "secretaria_ejecutiva"
    DEOEYG = "deoeyg"
    """Credential authority: validates requests and issues Claves."""
    DEPCYC = "depcyc"
    UTSI = "utsi"
    """Runs the SEI. Never sees a Clave, a credential or a vote."""
    CAT = "cat"
    """Attends people by telephone: lost Claves, blocked tokens."""
    DIRECCION_DISTRITAL = "direccion_distrital"
    RESPONSABLE_MESA = "responsable_mesa"
    PROMOVENTE = "promovente"
    AUXILIAR = "auxiliar"
    CIUDADANO = "ciudadano"


ADMIN = frozenset({Role.DERFE_ADMIN})
DERFE = ADMIN | {Role.DERFE_OPERADOR}
ENLACE = frozenset({Role.OPL_ENLACE})
OPL = ENLACE | {Role.OPL_OPERADOR}
STAFF = DERFE | OPL
CONTROL = frozenset({Role.CONTRALORIA})
PROMOVENTE = frozenset({Role.PROMOVENTE})
AUXILIAR = frozenset({Role.AUXILIAR})
CIUDADANO = frozenset({Role.CIUDADANO})
ANYBODY = frozenset({Role.ANONIMO})
PENDING = frozenset({Role.PENDIENTE})
CONSEJO = frozenset({Role.CONSEJO_GENERAL})
COEG = frozenset({Role.COEG})
SECRETARIA = frozenset({Role.SECRETARIA_EJECUTIVA})
DEOEYG = frozenset({Role.DEOEYG})
DEPCYC = frozenset({Role.DEPCYC})
UTSI = frozenset({Role.UTSI})
CAT = frozenset({Role.CAT})
DISTRITAL = frozenset({Role.DIRECCION_DISTRITAL})
MESA = frozenset({Role.RESPONSABLE_MESA})
SEI = CONSEJO | COEG | SECRETARIA | DEOEYG | DEPCYC | UTSI | CAT | DISTRITAL | MESA
"""Source 000, section 6: the areas that answer for a consultation by internet (SEI-27)."""
INSTITUTIONAL = STAFF | CONTROL | SEI
"""Roles of staff accounts: password with a one-time code, or a passkey."""
OUTSIDE = PROMOVENTE | AUXILIAR | CIUDADANO
"""Roles that sign in with an identity provider."""
OF_AN_OPL = OPL
"""Roles that only see the things of one OPL."""
SIGNED_IN = INSTITUTIONAL | PENDING | PROMOVENTE | AUXILIAR | CIUDADANO
