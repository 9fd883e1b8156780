"""Every route of every domain, in one list."""

from __future__ import annotations

from api import wiring_accounts
from api.acts import routes as acts
from api.attention import routes as attention
from api.audiencia import routes as audiencia
from api.auxiliares.routes import auxiliares
from api.auxiliares.routes_cedulas import cedulas
from api.compulsa import routes as compulsa
from api.consultas import routes as consultas
from api.consultas import routes_apertura as consultas_apertura
from api.consultas import routes_ceremony as consultas_ceremony
from api.consultas import routes_people as consultas_people
from api.devices.routes import devices
from api.documents import routes as documents
from api.entrada.routes import entrance
from api.entrada.routes_desk import desk
from api.http import health
from api.http.guard import Guarded
from api.intake import routes as intake
from api.manual import routes as manual
from api.mesa import routes as mesa
from api.mesa import routes_readings as mesa_readings
from api.mesa import routes_samples as mesa_samples
from api.mesas import routes as mesas
from api.mesas import routes_escrutinio as mesas_escrutinio
from api.mesas import routes_places as mesas_places
from api.mesas import routes_sums as mesas_sums
from api.mi_apoyo.routes import citizens
from api.monitor import routes as monitor
from api.opinion.routes import opinions
from api.outbox import routes as messages
from api.padron import routes as padron
from api.pages import routes as pages
from api.patterns import routes as patterns
from api.preregistro import routes as preregistro
from api.preregistro import routes_invitations as invitations
from api.processes.routes import institutes, periods
from api.processes.routes_processes import processes
from api.records import routes as records
from api.reports import routes as reports
from api.requests import routes as requests
from api.results import routes as results
from api.retention import routes as retention
from api.urna import routes as urna
from api.urna import routes_results as urna_results
from api.usage_requests.routes import usage
from api.validacion import routes as validacion
from api.validacion import routes_authority as validacion_authority
from api.validacion import routes_check as validacion_check
from api.validacion import routes_looking as validacion_looking

ROUTERS: tuple[Guarded, ...] = (
    health.service,
    opinions,
    entrance,
    intake.router,
    institutes,
    periods,
    processes,
    auxiliares,
    cedulas,
    devices,
    citizens,
    usage,
    documents.router,
    reports.router,
    attention.router,
    padron.router,
    compulsa.router,
    records.router,
    patterns.of_processes,
    patterns.of_records,
    mesa.router,
    mesa_samples.router,
    mesa_readings.router,
    manual.router,
    audiencia.router,
    results.router,
    requests.router,
    retention.router,
    consultas.router,
    consultas_people.router,
    consultas_ceremony.router,
    consultas_apertura.router,
    preregistro.router,
    invitations.router,
    validacion_looking.router,
    validacion.router,
    validacion_check.router,
    validacion_authority.router,
    urna.router,
    urna_results.router,
    mesas_places.router,
    mesas.router,
    mesas_sums.router,
    mesas_escrutinio.router,
    monitor.router,
    desk,
    acts.router,
    messages.router,
    pages.router,
    pages.confirmation,
    *wiring_accounts.ROUTERS,
)
"""In the order in which they are looked for and in which OpenAPI lists them: voters, who are many, first."""
