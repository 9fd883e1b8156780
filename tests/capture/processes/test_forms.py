"""Periods and processes: every field of 001 §5 and 002 §1.2, their limits, and what contradicts itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from capture.processes.aviso import read_aviso
from capture.processes.errors import FormRefusal, ProcessRefusal
from capture.processes.kinds import Tipo
from capture.processes.period import CENTRO, Period, read_period, require_change
from capture.processes.process_form import ProcessForm, read_process
from tests.capture.registration_samples import TODAY, clave, period, period_form, process_form


def rules(form: ProcessForm, tipo: str = "iniciativa-ciudadana") -> set[tuple[str, str]]:
    try:
        read_process(form, period(tipo), TODAY)
    except FormRefusal as refusal:
        return {(found.rule, found.place) for found in refusal.findings}
    return set()


@pytest.mark.req("APO-02")
@pytest.mark.parametrize("tipo", [kind.value for kind in Tipo])
def test_every_kind_of_process_is_registered(tipo: str) -> None:
    made = read_process(process_form(), period(tipo), TODAY)
    assert (made.telefono_movil, made.credencial_municipio) == ("4921234567", "056")
    assert made.correo == "promovente@ejemplo.mx"


@pytest.mark.req("APO-02")
def test_a_denominacion_has_at_most_479_characters() -> None:
    assert rules(replace(process_form(), denominacion="ñ" * 479)) == set()
    long = rules(replace(process_form(), denominacion="ñ" * 480))
    assert long == {("texto.largo", "Planteamiento del problema / Denominación del proyecto")}


@pytest.mark.req("APO-03")
def test_at_least_one_phone_is_asked_for() -> None:
    none = replace(process_form(), telefono_movil="")
    assert rules(none) == {("proceso.telefono", "Teléfonos")}
    assert rules(replace(none, telefono_oficina="4921234567")) == set()
    assert rules(replace(none, telefono_domicilio="4921234567")) == set()


def test_an_aspirante_gives_what_001_asks_and_a_promovente_need_not() -> None:
    bare = replace(
        process_form(),
        lugar_nacimiento="",
        fecha_nacimiento="",
        genero="",
        cic="",
        credencial_entidad="",
        credencial_municipio="",
        credencial_seccion="",
    )
    assert rules(bare) == set()
    places = {place for _, place in rules(bare, "candidatura-independiente")}
    assert places == {
        "Lugar de nacimiento",
        "Fecha de nacimiento",
        "Género",
        "OCR/CIC",
        "Entidad de la credencial",
        "Municipio de la credencial",
        "Sección electoral",
    }


def test_a_promovente_gives_the_date_of_the_oficio_and_an_aspirante_need_not() -> None:
    bare = replace(process_form(), fecha_oficio="")
    assert rules(bare) == {("fecha.forma", "Fecha de oficio")}
    assert rules(bare, "candidatura-independiente") == set()


def test_all_errors_of_a_form_are_said_at_once_without_its_data() -> None:
    form = replace(process_form(), nombre="", correo="no", clave_elector="corta", telefono_movil="123")
    with pytest.raises(FormRefusal) as refused:
        read_process(form, period(), TODAY)
    found = {one.place for one in refused.value.findings}
    assert {"Nombre(s)", "Correo electrónico", "Clave de elector", "Teléfono móvil"} <= found
    assert all("corta" not in str(one) for one in refused.value.findings)


def test_a_birth_date_that_is_not_of_the_clave_is_refused() -> None:
    assert ("cruce.fecha", "Fecha de nacimiento") in rules(
        replace(process_form(), fecha_nacimiento="02/01/1980")
    )


def test_a_minor_is_no_promovente() -> None:
    young = replace(process_form(), fecha_nacimiento="28/11/2008", clave_elector=clave(birth="081128"))
    assert rules(young) == {("edad", "Fecha de nacimiento")}


def test_a_candidatura_is_called_by_its_cargo_and_a_promovente_by_name_when_nothing_else_is_said() -> None:
    form = replace(process_form(), denominacion="", promovente="")
    made = read_process(form, period("candidatura-independiente"), TODAY)
    assert made.denominacion == "Candidatura independiente: Iniciativa de prueba"
    assert made.promovente == "Juana Pérez López"


def test_a_period_is_in_the_hora_centro() -> None:
    made = period()
    assert made.inicio == datetime(2026, 11, 1, 6, tzinfo=UTC)
    assert made.is_open(made.inicio)
    assert not made.is_open(made.fin)
    assert made.accepts(made.fin + timedelta(hours=23, minutes=59))
    assert not made.accepts(made.fin + timedelta(hours=24))


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"fin": "2026-11-01T00:00"}, "periodo.orden"),
        ({"fin": "2026-10-01T00:00"}, "periodo.orden"),
        ({"fin": "2029-01-01T00:00"}, "periodo.duracion"),
        ({"inicio": "2026-02-30T00:00"}, "periodo.instante"),
        ({"inicio": "ayer"}, "periodo.instante"),
        ({"tipo": "otro"}, "proceso.tipo"),
        ({"ambito": "otro"}, "periodo.ambito"),
        ({"entidad": "40"}, "entidad"),
        ({"criterios": "[]"}, "periodo.criterios"),
        ({"municipios_excepcion": ("32056",)}, "periodo.municipios"),
        ({"nombre": ""}, "texto.largo"),
    ],
)
def test_a_period_that_contradicts_itself_is_refused(change: dict[str, str], rule: str) -> None:
    with pytest.raises(FormRefusal) as refused:
        read_period(replace(period_form(), **change))  # type: ignore[arg-type]
    assert refused.value.rule == rule


def at(day: int, month: int = 11) -> datetime:
    return datetime(2026, month, day, tzinfo=CENTRO)


@pytest.mark.parametrize(
    ("now", "change", "used", "rule"),
    [
        (at(1, 10), {"inicio": at(2)}, True, None),
        (at(5), {"inicio": at(2)}, True, "periodo.iniciado"),
        (at(5), {"fin": at(4)}, True, "periodo.pasado"),
        (at(5), {"fin": at(6)}, True, None),
        (at(5), {"tipo": Tipo.CONSULTA}, True, "periodo.usado"),
        (at(5), {"tipo": Tipo.CONSULTA}, False, None),
        (at(5), {"entidad": "10"}, True, "periodo.usado"),
        (
            datetime(2027, 3, 1, tzinfo=CENTRO),
            {"fin": datetime(2027, 4, 1, tzinfo=CENTRO)},
            True,
            "periodo.concluido",
        ),
    ],
)
def test_a_period_changes_only_where_nothing_stands_on_it(
    now: datetime, change: dict[str, object], used: bool, rule: str | None
) -> None:
    old = period()
    new: Period = replace(old, **change)  # type: ignore[arg-type]
    if rule is None:
        require_change(old, new, now, used)
        return
    with pytest.raises(ProcessRefusal) as refused:
        require_change(old, new, now, used)
    assert refused.value.rule == rule


@pytest.mark.req("APO-26")
def test_an_aviso_has_its_text_and_the_address_of_the_whole_one() -> None:
    made = read_aviso("Sus datos…\r\nSegunda línea", "https://instituto.ejemplo.mx/aviso")
    assert made.texto == "Sus datos…\nSegunda línea"
    for text, link in (("", "https://a.mx"), ("a" * 20_001, "https://a.mx"), ("a", "http://a.mx"), ("a", "")):
        with pytest.raises(FormRefusal):
            read_aviso(text, link)
