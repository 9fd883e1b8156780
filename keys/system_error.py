"""What the operating system refused, in words for the person."""

from __future__ import annotations

import errno

_REASONS = {
    errno.ENOENT: "no existe",
    errno.EACCES: "no hay permiso",
    errno.EPERM: "no hay permiso",
    errno.EROFS: "el medio es de solo lectura",
    errno.ENOSPC: "no queda espacio",
    errno.EDQUOT: "no queda espacio",
    errno.EFBIG: "el archivo es demasiado grande para este medio",
    errno.EISDIR: "es una carpeta",
    errno.ENOTDIR: "hay un archivo donde se esperaba una carpeta",
    errno.ENOTEMPTY: "la carpeta no está vacía",
    errno.EEXIST: "ya existe",
    errno.EIO: "el medio no se puede leer o escribir",
    errno.ELOOP: "los enlaces dan vueltas",
    errno.ENAMETOOLONG: "el nombre es demasiado largo",
    errno.EINVAL: "este medio no admite ese nombre o esa operación",
    errno.EMFILE: "hay demasiados archivos abiertos",
    errno.ENFILE: "hay demasiados archivos abiertos",
    errno.ENOMEM: "falta memoria",
    errno.EBUSY: "está en uso",
    errno.ETXTBSY: "está en uso",
    errno.EBADF: "está cerrado",
    errno.EADDRINUSE: "otro programa ya atiende ahí",
    errno.EADDRNOTAVAIL: "esa dirección no es de este equipo",
    errno.ECONNREFUSED: "nadie atiende en esa dirección",
    errno.ECONNRESET: "se cortó la conexión",
}


def reason(error: OSError) -> str:
    """Why the system refused, without the name of the file."""
    if error.errno is None:
        return "el sistema no lo permitió"
    return _REASONS.get(error.errno, f"el sistema no lo permitió (error {error.errno})")
