"""LEEME.txt: what each thing in the folder of the rehearsal is."""

from __future__ import annotations

from pathlib import Path

FILE = "LEEME.txt"
_TEXT = """\
Ensayo de un proceso de apoyo ciudadano. Todas las personas, credenciales e imágenes son inventadas.

notas/                    Nota informativa de cada aspirante al corte de la mitad del periodo (PDF y XLSX).
notas-del-mismo-corte/    Las mismas, pedidas otra vez al final: un corte dice siempre lo mismo.
acta-circunstanciada.pdf  Lo que se revisó en la garantía de audiencia de un aspirante.
documentos/               Documentos oficiales emitidos, con su contenido (JSON) y la autoridad de sus firmas.
opl/                      Lo que el OPL tiene en su equipo: su llave privada (ieez.llave, con frase.txt) y la
                          pública, los paquetes como llegaron (.tar.age) y descifrados, preliminares y
                          definitivos. En con-age/, uno de ellos descifrado con el programa «age».
dispositivos/             Cada dispositivo: su llave, la bitácora en la que confía y sus acuses (.acuse).
correo/                   Los correos que se enviaron (Maildir).
recortes/                 Lo que muestra cada sugerencia de los motores sobre las credenciales dibujadas.
publico/                  Lo que cualquiera puede ver: las bitácoras de acuses (apoyo) y de actos (actos).
padron/                   El corte inventado del padrón que se cargó.
alterado.acuse            Un acuse con una cifra cambiada, que certeza-verify rechaza.
servicio/, servicio.log   Lo que guarda el servicio y su bitácora técnica. Los registros están cifrados.

Compruébelo usted (desde esta carpeta):

certeza-verify bitacora publico/apoyo/log --politica publico/apoyo/log/politica.txt
certeza-verify bitacora publico/actos/log --politica publico/actos/log/politica.txt
certeza-verify acuse ARCHIVO.acuse --politica publico/apoyo/log/politica.txt
certeza-verify codigo CODIGO --log publico/apoyo/log --politica publico/apoyo/log/politica.txt
"""


def write_readme(output: Path) -> None:
    """Into the folder of the rehearsal."""
    (output / FILE).write_text(_TEXT, encoding="utf-8")
