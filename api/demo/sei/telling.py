"""What is told of the days of opinion: how many opined, and what was tried and did not pass."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from api.demo.counting import abridged, counted
from api.demo.plan import WRONG
from api.demo.screen import Screen
from api.demo.sei.people import Conduct
from api.demo.sei.validating import Validated
from api.demo.sei.voting import Opined
from capture.preregistro.deciding import DUPLICATE
from tally.casting import SUCCESS_LEGEND

_AS_IT_SHOULD = {
    Conduct.RETRIES: ("respuesta perdida y boleta reenviada", "respuestas perdidas y boletas reenviadas"),
    Conduct.CHALLENGES: ("boleta auditada", "boletas auditadas"),
}


def tell_opinion(screen: Screen, opined: Opined) -> None:
    """In the order of the phase."""
    did = Counter(one.who.conduct for one in opined.ended if one.receipt is not None)
    total = counted(len(opined.receipts), "opinión en las urnas", "opiniones en las urnas")
    screen.fact(f"«{SUCCESS_LEGEND}»: {total}, {did[Conduct.BLANK]} con «Voto nulo»")
    retried = counted(did[Conduct.RETRIES], *_AS_IT_SHOULD[Conduct.RETRIES])
    screen.fact(f"{retried}: el mismo comprobante, ninguna boleta de más")
    audited = counted(did[Conduct.CHALLENGES], *_AS_IT_SHOULD[Conduct.CHALLENGES])
    screen.fact(f"{audited} en otro equipo: su cifrado dice lo que se eligió; se envía otra, no la auditada")
    replaced = counted(opined.replaced, "Clave repuesta", "Claves repuestas")
    unblocked = counted(opined.unblocked, "persona desbloqueada", "personas desbloqueadas")
    screen.fact(f"En el CAT: {replaced} por única ocasión; {unblocked} tras agotar sus tokens")
    if copied := sum(one.copied for one in opined.ended):
        times = counted(copied, "boleta ajena copiada", "boletas ajenas copiadas")
        screen.fact(f"{times}: sólo se obtiene el comprobante que ya existía; no cuenta otra vez")
    for legend in {one.legend for one in opined.ended if one.legend}:
        screen.fact(f"UT sin proyectos: «{legend}»")
    for (conduct, code), many in sorted(opined.refused.items()):
        screen.refusal(f"Quien {conduct.value}: {counted(many, 'rechazo', 'rechazos')} [{code}]")


def tell_validation(screen: Screen, found: Validated) -> None:
    """What the validation module did."""
    approved = counted(found.approved, "Clave enviada por correo", "Claves enviadas por correo")
    screen.fact(f"{approved}, con aviso por SMS; el servicio no guarda ninguna")
    causes = ", ".join(f"causa {cause}: {many}" for cause, many in sorted(found.causes.items()))
    rejected = counted(found.causes.total(), "solicitud rechazada", "solicitudes rechazadas")
    screen.refusal(f"{rejected}, con su motivo por correo ({causes})")
    again = counted(found.repeated, "segunda solicitud", "segundas solicitudes")
    screen.refusal(f"{again} de quien ya tiene Clave: no se da otra [{DUPLICATE}]")


def tell_sample(screen: Screen, found: Validated, denied: int) -> None:
    """Who was called. `denied`: people who say that they asked for nothing, sampled or not."""
    called = counted(found.sampled, "persona sorteada", "personas sorteadas")
    screen.fact(f"{called} con una semilla que se publica: cualquiera repite el sorteo")
    said = counted(denied, "persona niega haber pedido su Clave", "personas niegan haber pedido su Clave")
    screen.refusal(f"{said}: se deshabilita")


def tell_share(screen: Screen, one: Mapping[str, Any]) -> None:
    """What the service says of what a custodio handed in, as soon as it says so."""
    who = f"{one['nombre']} (custodio {one['custodio']})"
    if one["estado"] == "aceptada":
        screen.fact(f"{who}: verificó su copia del registro público y su aportación es correcta")
    else:
        expected = " (así debe ser: la entregó alterada)" if one["custodio"] == WRONG else ""
        screen.refusal(f"{who}: aportación rechazada{expected}. {abridged(one['motivo'])}")


def drawn_shares(view: Mapping[str, Any], size: int) -> str:
    """«1 ✓  2 ✓  3 ✗  4 –: …», what anybody sees of an opening."""
    told = {one["custodio"]: "✓" if one["estado"] == "aceptada" else "✗" for one in view["aportaciones"]}
    drawn = "  ".join(f"{index} {told.get(index, '–')}" for index in range(1, size + 1))
    return f"Custodios: {drawn}   ({view['validas']} aportaciones válidas; se necesitan {view['umbral']})"


def audits(opined: Opined) -> bytes:
    """What the devices of those who challenged a ballot showed, for whoever wants to check it."""
    found = [one.audit for one in opined.ended if one.audit is not None]
    return json.dumps(found, ensure_ascii=False, indent=1).encode() + b"\n"
