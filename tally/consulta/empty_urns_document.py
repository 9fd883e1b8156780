"""The act of zero: «urna vacía», before anybody opines (SEI-22; an official document, signed and logged)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ledger.document import Document, Facts, Items, Paragraph, Section, Table
from tally.acta_pdf import INSTITUTE
from tally.acta_text import central_time, figures
from tally.archive import sha256
from tally.consulta.founding import EmptyUrn
from tally.consultation import Consultation

KIND = "acta-urna-vacia"


def empty_urns_acta(consultation: Consultation, urns: Sequence[EmptyUrn], now: datetime) -> Document:
    """What was set up, and that no urn has a ballot. `urns`: all of them."""
    calendar = consultation.calendar
    people = sum(urn.credentials for urn in urns)
    return Document(
        kind=KIND,
        title="Acta de urna vacía del Sistema Electrónico por Internet",
        subtitle=consultation.nombre,
        institute=INSTITUTE,
        issued=now,
        area="Secretaría Ejecutiva",
        reference=consultation.id,
        parts=(
            Paragraph(
                f"El {central_time(now)} se instalaron las {figures(len(urns))} urnas virtuales de la "
                "consulta, una por cada Unidad Territorial con proyectos específicos. Al instalarse, cada "
                "urna contiene únicamente los datos de su elección, las llaves públicas de las personas "
                "custodias y la lista de credenciales públicas de quienes tienen Clave. Ninguna contiene "
                "boletas: todas están vacías."
            ),
            Facts(
                (
                    ("Inicio de la opinión", central_time(calendar.voting_start)),
                    ("Cierre de la opinión", central_time(calendar.voting_end)),
                    ("Apertura de la urna", f"desde el {central_time(calendar.opening)}"),
                    ("Urnas instaladas", figures(len(urns))),
                    ("Boletas en todas las urnas", "0"),
                    ("Credenciales en todas las urnas", figures(people)),
                    ("Custodios", f"{len(consultation.custodios)}; abren la urna {consultation.umbral}"),
                    ("Llave pública", consultation.llave_publica),
                    ("SHA-256 de consulta.json", sha256(consultation.data)),
                    ("SHA-256 de trustees.json", consultation.trustees),
                )
            ),
            Section("Personas custodias y huella de su certificado", (_custodios(consultation),)),
            Section("Urnas instaladas", (_table(consultation, urns),)),
        ),
    )


def _custodios(consultation: Consultation) -> Items:
    return Items(tuple(f"{name}: {fingerprint}" for name, fingerprint in consultation.custodios))


def _table(consultation: Consultation, urns: Sequence[EmptyUrn]) -> Table:
    rows = [
        (
            urn.unidad.clave,
            urn.unidad.nombre,
            figures(urn.credentials),
            "0",
            consultation.setups[urn.unidad.clave],
        )
        for urn in sorted(urns, key=lambda one: one.unidad.clave)
    ]
    headers = ("Clave", "Unidad Territorial", "Credenciales", "Boletas", "Huella del evento de instalación")
    total = ("", "Total", figures(sum(urn.credentials for urn in urns)), "0", "")
    return Table(headers, tuple(rows), numeric=(2, 3), foot=total)
