"""`certeza mesa`: what is done where a Mesa is captured, on an own machine, offline (SEI-24, SEI-25)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from api.cli import passphrase, screen
from api.cli.lazy import LazyGroup
from api.cli.spanish import PATH, Number
from keys import atomic_file, trustee_file
from keys.errors import FormatRefusal, Refusal
from keys.group import group_named
from keys.randomness import SystemRandomness
from tally.acta import Acta
from tally.consultation import Consultation, Urn
from tally.mesa.count import MesaCount
from tally.mesa.errors import AlreadyOpined
from tally.mesa.looking import Listado, open_listado
from tally.public_folder import PublicFolder
from tally.receiving import read_closed_file
from tally.small_urns import is_small
from tally.small_urns_mesa import MesaSigner, seal_totals
from tally.small_urns_totals import TotalsMaker

SEED_BYTES = 32
MAX_LISTADO_BYTES = 16 * 2**20
PASSPHRASE = click.option(
    "--frase-archivo", metavar="ARCHIVO", type=PATH, help="Lee la frase de un archivo en vez de preguntarla."
)


LAZY = {"entregar": ("api.cli.mesa_servicio", "entregar", "Entrega al servicio los totales cifrados.")}
"""What carries them over HTTP, in a module of its own."""


@click.group("mesa", cls=LazyGroup, lazy=LAZY)
def mesa() -> None:
    """La Mesa: la llave de quien la captura, sus totales cifrados y el listado, sin red hasta entregar."""


@mesa.command("llave")
@click.argument("archivo", metavar="ARCHIVO", type=PATH)
@PASSPHRASE
def llave(archivo: Path, frase_archivo: Path | None) -> None:
    """Crea la llave con que se firma lo que entregan las Mesas de una demarcación."""
    trustee_file.require_free(archivo)
    seed = SystemRandomness().below(2 ** (8 * SEED_BYTES)).to_bytes(SEED_BYTES, "big")
    sealed = trustee_file.seal(seed.hex().encode(), passphrase.new(frase_archivo))
    atomic_file.create(archivo, sealed, atomic_file.PRIVATE)
    screen.good(f"Su llave, cifrada con su frase: {archivo}. Guarde una copia en otro lugar.")
    screen.say("Su llave pública, que se registra antes de abrir las urnas:")
    screen.say_whole(f"  {MesaSigner(seed).public}", "bold")


@mesa.command("cifrar")
@click.argument("publico", metavar="PUBLICO", type=PATH)
@click.argument("clave", metavar="CLAVE_UT")
@click.option(
    "--llave", metavar="ARCHIVO", type=PATH, required=True, help="La llave de «certeza mesa llave»."
)
@PASSPHRASE
@click.option("--recibidas", type=Number(0), required=True, help="Boletas que recibió la Mesa.")
@click.option("--sobrantes", type=Number(0), required=True, help="Boletas que sobraron.")
@click.option(
    "--opiniones",
    metavar="N",
    type=Number(0),
    multiple=True,
    required=True,
    help="Opiniones de un proyecto; una vez por cada proyecto, en el orden de la boleta.",
)
@click.option("--nulas", type=Number(0), required=True, help="Opiniones nulas.")
@click.option("--total", type=Number(0), required=True, help="Opiniones que se sacaron de la urna.")
@click.option("--observaciones", default="", help="Por qué se contaron menos boletas que las entregadas.")
@click.option(
    "--salida", metavar="ARCHIVO", type=PATH, required=True, help="Dónde escribir lo que se entrega."
)
def cifrar(
    publico: Path,
    clave: str,
    llave: Path,
    frase_archivo: Path | None,
    recibidas: int,
    sobrantes: int,
    opiniones: tuple[int, ...],
    nulas: int,
    total: int,
    observaciones: str,
    salida: Path,
) -> None:
    """Cifra y firma los totales de la Mesa de una urna pequeña; los números no se guardan en parte alguna."""
    public = PublicFolder(publico)
    consultation = public.consultation()
    urn = _urn(consultation, clave)
    _require_small(public, consultation, urn)
    count = MesaCount(clave, recibidas, sobrantes, opiniones, nulas, total, observaciones)
    count.require_fits(urn.unidad)
    signer = _signer(llave, frase_archivo)
    group = group_named(consultation.grupo, place="consulta.json › grupo")
    made = seal_totals(
        TotalsMaker(group, consultation.llave_publica, SystemRandomness()),
        signer,
        consultation.id,
        clave,
        consultation.election(group, urn.unidad),
        count.numbers,
        (count.received, count.spare),
        datetime.now().astimezone(),
    )
    atomic_file.create(salida, made.data)
    screen.good(f"Totales cifrados y firmados: {salida}. Entréguelo a quien publica los resultados.")
    screen.say("No publique ni cuelgue los resultados de esta Mesa: se darán sumados con los de internet.")


@mesa.command("buscar")
@click.argument("listado", metavar="LISTADO", type=PATH)
@click.option(
    "--identidad", metavar="ARCHIVO", type=PATH, required=True, help="La llave age de la Dirección Distrital."
)
@click.option(
    "--acta", metavar="ARCHIVO", type=PATH, help="El acta de la UT, cuya huella del listado se compara."
)
def buscar(listado: Path, identidad: Path, acta: Path | None) -> int:
    """Dice si una persona ya opinó por internet. Las claves de elector se teclean; una vacía termina."""
    opened = _listado(listado, identidad, acta)
    screen.good(
        f"Listado de la UT {opened.clave}: {len(opened.claves_de_elector)} personas opinaron por internet."
    )
    while typed := click.prompt("Clave de elector", default="", show_default=False).strip():
        try:
            opened.require_may_opine(typed)
        except AlreadyOpined:
            screen.warn("YA OPINÓ por internet: no se le entrega boleta.")
        except Refusal as refusal:
            screen.fail(screen.explain(refusal))
        else:
            screen.good("No está en el listado: puede opinar en la Mesa.")
    return screen.OK


def _urn(consultation: Consultation, clave: str) -> Urn:
    found = {urn.unidad.clave: urn for urn in consultation.urns}.get(clave)
    if found is None:
        raise FormatRefusal("mesa.unidad", "CLAVE_UT", "una UT con proyectos de la consulta", clave)
    return found


def _require_small(public: PublicFolder, consultation: Consultation, urn: Urn) -> None:
    ballots = read_closed_file(public, urn).ballots
    if not is_small(ballots, consultation.k):
        raise screen.CommandFailed(
            f"La urna de la UT {urn.unidad.clave} no es pequeña ({ballots} boletas; el mínimo es "
            f"{consultation.k}): los resultados de su Mesa se capturan en claro. No se escribió nada."
        )


def _signer(path: Path, frase_archivo: Path | None) -> MesaSigner:
    trustee_file.require_file(path)
    seed = trustee_file.unseal(path.read_bytes(), passphrase.existing(frase_archivo), str(path))
    try:
        return MesaSigner(bytes.fromhex(seed.decode("ascii")))
    except ValueError:
        raise screen.CommandFailed(f"{path}: no es una llave de «certeza mesa llave».") from None


def _listado(path: Path, identidad: Path, acta: Path | None) -> Listado:
    with path.open("rb") as file:
        data = file.read(MAX_LISTADO_BYTES + 1)
    if len(data) > MAX_LISTADO_BYTES:
        raise screen.CommandFailed(f"{path}: es mayor que {MAX_LISTADO_BYTES} bytes; ¿es este el archivo?")
    expected = None if acta is None else Acta.from_bytes(acta.read_bytes(), acta.name).listado
    return open_listado(data, identidad.read_text("utf-8").strip(), expected)
