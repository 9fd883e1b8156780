"""LEEME.txt: what each thing in the folder of a rehearsal is, and what anybody can check in it."""

from __future__ import annotations

from pathlib import Path

FILE = "LEEME.txt"
_HEAD = """\
Ensayo de una consulta{and_apoyo}. Todas las personas, credenciales e imágenes son inventadas.

En una consulta de verdad, cada cosa está con quien le toca. Aquí están todas juntas, también las
privadas, para que se puedan mirar; por eso ninguna llave de aquí sirve para nada más.

"""
_ENTRIES = {
    "publico": "Lo que cualquiera puede ver, y lo que se verifica: urnas, actas, resultados, bitácora.",
    "ceremonia": "La carpeta de la ceremonia de llaves; acta.txt se lee en voz alta.",
    "custodios": "El equipo de cada persona custodia: llave privada, frase y lo que entregó.",
    "acta-urna-vacia.pdf": "Lo que se hizo constar al instalar las urnas, antes de la primera boleta.",
    "direcciones-distritales": "Lo que recibió cada Dirección Distrital: actas, listados cifrados, carteles. "
    "Y sus llaves.",
    "ciudadania": "Comprobantes de quienes opinaron y, si las hay, sus pruebas y las boletas auditadas.",
    "testigos": "Los testigos de la bitácora: lo que cada uno recuerda de ella.",
    "correo": "Los correos que envió el servicio (Maildir): Claves, rechazos, enlaces de las cuentas.",
    "consulta.toml": "La consulta, como se le pidió al servicio.",
    "lista-nominal.csv": "La lista nominal inventada que se cargó.",
    "servicio": "Lo que guarda el servicio: base de datos, archivos cifrados y llaves.",
    "servicio.log": "Su bitácora técnica: no nombra a nadie.",
    "apoyo": "El proceso de apoyo ciudadano; apoyo/LEEME.txt dice qué es cada cosa.",
    "tiempos.json": "Cuántos segundos tardó cada etapa.",
}
_WIDTH = max(map(len, _ENTRIES)) + 3
_CHECKS = """\

Compruébelo usted, desde esta carpeta:

certeza-verify consulta {public}
certeza-verify urna {public}/urna
certeza-verify boleta COMPROBANTE {public}/urna      (uno de ciudadania/comprobantes.csv)
"""


def write_readme(output: Path, public: Path) -> None:
    """Into the folder of the rehearsal, of what is there. `public`: the folder of the consultation."""
    there = [name for name in _ENTRIES if (output / name).exists() or name == "tiempos.json"]
    head = _HEAD.format(and_apoyo=" y de un proceso de apoyo ciudadano" if "apoyo" in there else "")
    lines = "".join(f"{_shown(output, name):<{_WIDTH}}{_ENTRIES[name]}\n" for name in there)
    checks = _CHECKS.format(public=public.relative_to(output))
    (output / FILE).write_text(head + lines + checks, encoding="utf-8")


def _shown(output: Path, name: str) -> str:
    return f"{name}/" if (output / name).is_dir() else name
