"""`certeza consulta`: what a person sees when a consultation is created of a file."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from api.cli import screen
from api.cli.main import certeza
from api.demo.catalogue import read_catalogue
from api.tables import ALL_METADATA
from ledger.database import Database, open_engine
from tally.consulta.form import read_json
from tally.consulta.store_sql import Consultas
from tests.tally.consulta.making import asked
from tests.tally.consulta.test_form import TOML


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setenv("CERTEZA_DATA", str(tmp_path))
    monkeypatch.setattr("api.cli.consulta.require_current", lambda _database: None)
    engine = open_engine(f"sqlite:///{tmp_path / 'certeza.db'}")
    for metadata in ALL_METADATA:
        metadata.create_all(engine)
    return Database(engine)


def order(*arguments: str) -> int:
    return screen.run(certeza, ["consulta", *arguments])


@pytest.mark.req("SEI-01")
def test_a_consultation_is_created_of_a_file_and_told(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "consulta.toml"
    file.write_text(TOML, "utf-8")
    assert order("crear", str(file)) == 0
    said = capsys.readouterr().out
    assert "Consulta presupuesto-2027: 1 Unidades Territoriales" in said
    assert order("crear", str(file)) == 1
    assert order("estado") == 0
    assert "presupuesto-2027  preparacion" in capsys.readouterr().out
    with database.reading() as db:
        assert [one.id for one in Consultas(db).all()] == ["presupuesto-2027"]


@pytest.mark.skipif("CERTEZA_SHARED" not in os.environ, reason="AVISO: falta el catálogo de la ciudad")
def test_the_whole_city_is_one_form(database: Database) -> None:
    rows = read_catalogue(Path(os.environ["CERTEZA_SHARED"]) / "data" / "unidades_territoriales.csv")
    unidades = [
        {
            "clave": row.clave,
            "nombre": row.nombre,
            "demarcacion": row.demarcacion,
            "proyectos": list(row.projects),
            "secciones": [f"{number:04d}"],
        }
        for number, row in enumerate(rows)
    ]
    made = read_json(json.dumps(asked(unidades=unidades)).encode())
    with database.writing() as db:
        store = Consultas(db)
        store.add(made, "cuenta", made.cronograma.calendar.voting_start)
        assert len(store.unidades(made.id)) == len(rows) > 1800
        assert [u.unidad.clave for u in store.of_seccion(made.id, "1000")] == [rows[1000].clave]
