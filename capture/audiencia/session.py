"""Reviewing one record with the promovente: what it was, what they said and showed, and what it is now."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from capture.audiencia.errors import AudienciaRefusal
from capture.audiencia.rules import AFTER, CAUSES, Cambio, Documento, require_change, rule_for
from capture.audiencia.store_sql import SqlAudiencias
from capture.audiencia.tables import audiencia_revisiones
from capture.audiencia.terms import require_begun
from capture.processing.datos import Datos, Fuente, parse_datos
from capture.processing.duplicates import Firsts, duplicate
from capture.processing.opening import normal_clave, person_texts
from capture.processing.ports import Boveda
from capture.processing.typed import require_typed
from capture.records.moves import Actor, Changes, Move
from capture.records.record import Record
from capture.records.states import Estado
from capture.records.store_sql import SqlRecords

MAX_MANIFESTATION_CHARS = 4000


@dataclass(frozen=True, slots=True)
class Said:
    """What the promovente said and presented of one record. `datos`: form data that change, by name."""

    cambio: Cambio
    manifestacion: str = ""
    documentos: tuple[Documento, ...] = ()
    datos: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What is kept of a review. `antes` and `despues`: form data that changed, which rest only sealed."""

    folio: str
    operador: str
    cuando: datetime
    cambio: Cambio
    documentos: tuple[Documento, ...]
    estado_antes: Estado
    estado_despues: Estado
    antes: Mapping[str, str]
    despues: Mapping[str, str]
    manifestacion: str


class Session:
    """An audiencia that is held, within one transaction that writes."""

    def __init__(
        self,
        connection: Connection,
        records: SqlRecords,
        audiencias: SqlAudiencias,
        boveda: Boveda,
        periodo_of: Callable[[Connection, str], str],
    ) -> None:
        self._connection = connection
        self._records = records
        self._audiencias = audiencias
        self._boveda = boveda
        self._periodo_of = periodo_of

    def review(self, audiencia: str, folio: str, said: Said, operator: Actor, now: datetime) -> Estado:
        """Keep what was said of a record and change it as far as 002 §7.3 allows; its state then.

        Raises AudienciaRefusal, FormatRefusal (form data), RecordRefusal, VaultRefusal.
        """
        place = f"registro {folio}"
        require_begun(now, self._audiencias.get(audiencia).fecha, place)
        self._audiencias.require_assigned(audiencia, folio, operator.id)
        self._require_first(audiencia, folio)
        # Corrected data may displace other records: `primeros` is locked before any record, as in processing.
        record = self._records.get(folio) if said.datos else self._records.lock(folio)
        _require_said(said, record, place)
        before = self._read(record)
        after = before.with_values(said.datos, Fuente.AUDIENCIA)
        state = self._change(audiencia, record, said, after, operator, now)
        told = {
            "antes": {name: before.text(name) or "" for name in said.datos},
            "despues": dict(said.datos),
            "manifestacion": said.manifestacion,
        }
        self._connection.execute(
            insert(audiencia_revisiones).values(
                audiencia=audiencia,
                folio=folio,
                operador=operator.id,
                cuando=now,
                cambio=said.cambio.value,
                documentos=" ".join(sorted(said.documentos)),
                antes=record.estado.value,
                despues=state.value,
                sellado=self._boveda.seal(
                    record.proceso, json.dumps(told, ensure_ascii=False, sort_keys=True).encode()
                ),
            )
        )
        return state

    def reviewed(self, audiencia: str) -> list[Reviewed]:
        """Every review of the audiencia, in order, opened. Raises VaultRefusal."""
        proceso = self._audiencias.get(audiencia).proceso
        a = audiencia_revisiones.c
        columns = (a.folio, a.operador, a.cuando, a.cambio, a.documentos, a.antes, a.despues, a.sellado)
        wanted = select(*columns).where(a.audiencia == audiencia).order_by(a.id)
        return [self._opened(proceso, row) for row in self._connection.execute(wanted).all()]

    def _opened(self, proceso: str, row: Any) -> Reviewed:
        folio, operador, cuando, cambio, documentos, antes, despues, sealed = row
        told = json.loads(self._boveda.unseal(proceso, bytes(sealed)))
        return Reviewed(
            folio,
            operador,
            cuando,
            Cambio(cambio),
            tuple(Documento(one) for one in documentos.split()),
            Estado(antes),
            Estado(despues),
            told["antes"],
            told["despues"],
            told["manifestacion"],
        )

    def _require_first(self, audiencia: str, folio: str) -> None:
        a = audiencia_revisiones.c
        done = select(a.id).where(a.audiencia == audiencia, a.folio == folio)
        if self._connection.execute(done).first() is not None:
            expected = "un registro que no se ha revisado en esta audiencia"
            raise AudienciaRefusal("audiencia.revisado", f"registro {folio}", expected, "ya se revisó")

    def _read(self, record: Record) -> Datos:
        sealed = self._records.blob(record.folio, "datos")
        return Datos({}) if sealed is None else parse_datos(self._boveda.unseal(record.proceso, sealed))

    def _change(
        self, audiencia: str, record: Record, said: Said, after: Datos, operator: Actor, now: datetime
    ) -> Estado:
        if said.cambio is Cambio.SIN_MODIFICACION:
            return record.estado
        changes = Changes()
        if said.cambio is Cambio.ACREDITAR:
            changes["acreditado"] = audiencia
        if said.datos:
            changes |= self._corrected(record, after)
        first = self._first(record, after, now) if said.datos else None
        a = AFTER[said.cambio]
        causa = CAUSES[said.cambio]
        move = Move(record.folio, record.estado, a, operator, now, causa, f"audiencia {audiencia}", changes)
        self._records.transition(move)
        if first is None:
            return a
        self._records.transition(duplicate(self._records.get(record.folio), first, now))
        return Estado.DUPLICADO

    def _corrected(self, record: Record, after: Datos) -> Changes:
        changes = Changes(datos=self._boveda.seal(record.proceso, after.encode()))
        if clave := after.text("clave_elector"):
            periodo = self._periodo_of(self._connection, record.proceso)
            changes["huella_clave"] = self._boveda.hmac(periodo, normal_clave(clave))
        return changes

    def _first(self, record: Record, after: Datos, now: datetime) -> str | None:
        """Corrected data may show that an earlier record was of the same person."""
        periodo = self._periodo_of(self._connection, record.proceso)
        texts = person_texts(after, record.credencial, record.numero)
        huellas = [self._boveda.hmac(periodo, text) for text in texts]
        return Firsts(self._connection, self._records).settle(record, huellas, now)


def _require_said(said: Said, record: Record, place: str) -> None:
    require_typed(said.datos)
    rule = rule_for(record.estado, record.situacion, place)
    require_change(rule, said.cambio, said.manifestacion, said.documentos, bool(said.datos), place)
    if len(said.manifestacion) > MAX_MANIFESTATION_CHARS:
        expected = f"a lo más {MAX_MANIFESTATION_CHARS} caracteres"
        raise AudienciaRefusal(
            "audiencia.manifestacion", place, expected, f"{len(said.manifestacion)} caracteres"
        )
