"""`certeza muestras`: credentials of invented people, drawn, with the truth about them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli import screen
from api.cli.spanish import PATH, Number
from keys import atomic_file
from keys.randomness import SeededRandomness

if TYPE_CHECKING:
    from capture.specimens.flaws import Flaw

_TRUTH = "verdad.json"


@click.command("muestras")
@click.option("--cuantas", type=Number(1, 10_000), default=10, show_default=True, help="Credenciales.")
@click.option("--semilla", metavar="TEXTO", default="muestras", show_default=True, help="La misma, lo mismo.")
@click.option("--salida", metavar="DIR", type=PATH, required=True, help="Carpeta nueva o vacía.")
@click.option("--modelo", metavar="LETRA", help="De la C a la J; sin él, de todos.")
@click.option(
    "--degradacion", metavar="NOMBRE", multiple=True, help="De ambos lados; por turno si son varias."
)
@click.option("--falla", metavar="NOMBRE", help="En qué se contradice cada credencial.")
@click.option("--otra-persona", is_flag=True, help="La fotografía viva es de otra persona.")
def muestras(
    cuantas: int,
    semilla: str,
    salida: Path,
    modelo: str | None,
    degradacion: tuple[str, ...],
    falla: str | None,
    otra_persona: bool,
) -> None:
    """Dibuja credenciales de personas inventadas, marcadas «MUESTRA», y escribe lo que dicen en verdad.json.

    Sirven para ensayar y para medir a quien las lee. Nadie de quien aparece en ellas existe.
    """
    from capture.specimens.records import Asked, draw_record
    from capture.specimens.truth import truth_of

    model, flaw = _known_model(modelo), _known_flaw(falla, modelo)
    _require_degradations(degradacion)
    _require_empty(salida)
    salida.mkdir(parents=True, exist_ok=True)
    source, told = SeededRandomness(semilla), []
    for number in range(1, cuantas + 1):
        way = degradacion[(number - 1) % len(degradacion)] if degradacion else None
        asked = Asked(model, way, way, otra_persona, flaw)
        record = draw_record(source.child(str(number)), asked)
        files = {name: f"{number:05d}-{name}" for name in record.images}
        for name, data in record.images.items():
            (salida / files[name]).write_bytes(data)
        told.append(truth_of(record, files))
    text = json.dumps({"semilla": semilla, "muestras": told}, ensure_ascii=False, indent=1)
    atomic_file.replace(salida / _TRUTH, text.encode() + b"\n")
    screen.good(f"{cuantas:,} credenciales dibujadas en {salida}; lo que dicen, en {_TRUTH}.")


def _known_model(letter: str | None) -> str | None:
    from capture.credential.layouts import DRAWN_MODELS

    if letter is not None and (len(letter) != 1 or letter.upper() not in DRAWN_MODELS):
        raise click.BadParameter(f"no hay un modelo «{letter}»; hay {', '.join(DRAWN_MODELS)}.")
    return letter.upper() if letter else None


def _known_flaw(name: str | None, model: str | None) -> Flaw | None:
    from capture.specimens.flaws import Flaw

    if name is None:
        return None
    if name not in list(Flaw):
        raise click.BadParameter(f"no hay una falla «{name}»; hay {', '.join(Flaw)}.")
    flaw = Flaw(name)
    if model is not None and model.upper() not in flaw.models:
        raise click.BadParameter(f"«{name}» se ve en los modelos {', '.join(flaw.models)}.")
    return flaw


def _require_degradations(names: tuple[str, ...]) -> None:
    from capture.specimens.degradations import DEGRADATIONS

    for name in names:
        if name not in DEGRADATIONS:
            raise click.BadParameter(f"no hay una degradación «{name}»; hay {', '.join(DEGRADATIONS)}.")


def _require_empty(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise screen.CommandFailed(f"{folder} no está vacía; elija otra carpeta.")
