"""What is told of the days of opinion: how many opined, and what was tried and did not pass."""

from __future__ import annotations

import json
from collections import Counter

from api.demo.counting import counted
from api.demo.screen import Screen
from api.demo.sei.people import Conduct
from api.demo.sei.validating import Validated
from api.demo.sei.voting import Opined
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
    screen.fact(f"{audited} en otro equipo: cifraban lo que decían; no se pueden enviar, y se envió otra")
    replaced = counted(opined.replaced, "Clave repuesta", "Claves repuestas")
    unblocked = counted(opined.unblocked, "persona desbloqueada", "personas desbloqueadas")
    screen.fact(f"En el CAT: {replaced} por única ocasión; {unblocked} tras agotar sus tokens")
    if copied := sum(one.copied for one in opined.ended):
        times = counted(copied, "boleta ajena copiada", "boletas ajenas copiadas")
        screen.fact(f"{times}: sólo se obtiene el comprobante que ya existía; no cuenta otra vez")
    for legend in {one.legend for one in opined.ended if one.legend}:
        screen.fact(f"UT sin proyectos: «{legend}»")
    for (conduct, code), many in sorted(opined.refused.items()):
        screen.refusal(f"{conduct.value}: {counted(many, 'rechazo', 'rechazos')} [{code}]")


def tell_validation(screen: Screen, found: Validated, denied: int) -> None:
    """What the validation module did."""
    approved = counted(found.approved, "Clave enviada por correo", "Claves enviadas por correo")
    screen.fact(f"{approved}, con aviso por SMS; el servicio no guarda ninguna")
    causes = ", ".join(f"causa {cause}: {many}" for cause, many in sorted(found.causes.items()))
    rejected = counted(found.causes.total(), "solicitud rechazada", "solicitudes rechazadas")
    screen.refusal(f"{rejected}, con su motivo por correo ({causes})")
    called = counted(found.sampled, "persona sorteada", "personas sorteadas")
    screen.fact(f"Verificación por teléfono: {called}, con una semilla que se publica")
    said = counted(denied, "persona niega haberla pedido", "personas niegan haberla pedido")
    screen.refusal(f"{said}: su Clave se deshabilita")


def audits(opined: Opined) -> bytes:
    """What the devices of those who challenged a ballot showed, for whoever wants to check it."""
    found = [one.audit for one in opined.ended if one.audit is not None]
    return json.dumps(found, ensure_ascii=False, indent=1).encode() + b"\n"
