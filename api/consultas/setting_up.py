"""Apertura of a consultation: all urns, their credentials and the act of zero, in one act (SEI-22).

1. make     Setup events and consulta.json, from one reading of the database, outside of any transaction.
2. sign     the acta of the empty urns; its blobs wait, named by nobody.
3. keep     ONE transaction: state, urns, leaves of the log, document. THE commit point.
4. publish  the folder follows (`publishing`), and the log takes its entries.

Between 1 and 3 no Clave may be issued: the transaction compares the lists of credentials with those of 1.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from api.consultas.ceremony import trustees_of
from api.consultas.places import Places
from api.documents.issued import IssuedDocument, Owner
from api.documents.service import About, By
from api.http.here import Here
from api.processes.sight import tell
from ledger.policy_text import encode_policy
from tally import journal
from tally.consulta import states
from tally.consulta.credentials_sql import listed_credentials
from tally.consulta.cronograma import Fase, local
from tally.consulta.empty_urns_document import empty_urns_acta
from tally.consulta.errors import ConsultaRefusal, PhaseRefusal
from tally.consulta.founding import EmptyUrn, Founding, with_setups
from tally.consulta.leaves_sql import put_leaves
from tally.consulta.states import Estado, Paso
from tally.consulta.store_sql import Consulta, Consultas
from tally.consultation import Consultation, LogReference
from tally.mesa import keys_sql as mesa_keys
from tally.store_sql import create_urn


@dataclass(frozen=True)
class _Made:
    """What was prepared. `listed`: the credentials it was made from, by uuid."""

    consultation: Consultation
    urns: list[EmptyUrn]
    listed: dict[str, list[str]]
    acta: IssuedDocument


def set_up(here: Here, consulta: str, places: Places) -> Consultation:
    """Do all of it, and say what is published. Raises Refusal; then nothing was set up."""
    made = _make(here, consulta, places)
    with here.database.writing() as db:
        _keep(db, here, consulta, made)
    return made.consultation


def _make(here: Here, consulta: str, places: Places) -> _Made:
    with here.database.reading() as db:
        store = Consultas(db)
        found = store.get(consulta)
        states.require(found.estado, Estado.LISTA, "apertura", consulta)
        _require_time(found, here.now)
        unidades, names = store.unidades(consulta), [one.nombre for one in store.custodios(consulta)]
        listed = listed_credentials(db, consulta)
    log = here.services.logs.consultas.of(consulta)
    policy = hashlib.sha256(encode_policy(log.policy)).hexdigest()
    work = Founding(found, trustees_of(places.ceremony), int(here.now.timestamp()))
    announced = work.announced(
        names, LogReference(log.key.encode(), policy), [one.unidad for one in unidades]
    )
    urns = work.urns([(one.unidad, listed.get(one.uuid, [])) for one in unidades if one.unidad.proyectos])
    consultation = with_setups(announced, urns)
    document = empty_urns_acta(consultation, urns, here.now)
    acta = here.services.documents.prepare(document, Owner(), About(consulta))
    return _Made(consultation, urns, listed, acta)


def _keep(db: Connection, here: Here, consulta: str, made: _Made) -> None:
    store = Consultas(db)
    store.move(consulta, Paso.APERTURA, here.now)
    if listed_credentials(db, consulta) != made.listed:
        expected = "las credenciales con que se prepararon las urnas"
        raise ConsultaRefusal("apertura.credenciales", consulta, expected, "otras; repita la apertura")
    store.set_setups(consulta, made.consultation.setups)
    store.announce(consulta, made.consultation.data, made.acta.id)
    for urn in made.urns:
        create_urn(db, urn.uuid, consulta, urn.unidad.clave, urn.blocks)
    digest = hashlib.sha256(made.consultation.data).hexdigest()
    announced = journal.act_entry(journal.CONSULTATION, local(here.now), digest)
    put_leaves(db, consulta, [announced, *(journal.urn_entry(u.uuid, u.event) for u in made.urns)])
    fixed = mesa_keys.fix(db, consulta, here.now)
    here.services.documents.keep(db, made.acta, By(here.who.account, here.who.role.value))
    detail = {"urnas": str(len(made.urns)), "consulta": digest, "acta": made.acta.sha256_json}
    detail["llaves_mesas"] = "fijadas" if fixed else "por registrar"
    tell(db, here, "consulta.apertura", consulta, detail=detail)


def _require_time(consulta: Consulta, now: datetime) -> None:
    """After the last Clave, before the last opinion. Raises PhaseRefusal."""
    plan = consulta.cronograma
    plan.require_over(Fase.VALIDACION, now, "instalación de las urnas")
    if now >= plan[Fase.OPINION].fin:
        raise PhaseRefusal(
            "cronograma.opinion",
            "instalación de las urnas",
            f"antes del fin de la opinión, {plan[Fase.OPINION].words}",
            f"{local(now):%d/%m/%Y %H:%M:%S}",
        )
