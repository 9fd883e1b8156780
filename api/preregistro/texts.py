"""What the application shows of pre-registro, in the words of source 000, 7.2.1."""

from __future__ import annotations

from capture.preregistro.request import Request
from capture.preregistro.states import EstadoSolicitud
from capture.preregistro.verdict import Dictamen

RECOMMENDATIONS = (
    "Posicionar la cara frente a la cámara;",
    "Descubrirse el rostro y las orejas (cabello recogido), evitando usar anteojos y sombrero o gorra;",
    "Estar en un lugar iluminado;",
    "Colocarse en un lugar que no haya tránsito de personas por la espalda;",
    "No retirar la cara de la cámara;",
    "Seguir las instrucciones que aparecen en la pantalla con movimientos lentos; y",
    "Si no se detecta ninguna cara o si se detectan múltiples caras, se deberá comenzar de nuevo la prueba.",
)
REVIEW = "Revisa que tus datos estén correctos y de ser necesario corrígelos"
IMPORTANT = (
    "La información personal y el domicilio que se registren deben corresponder a lo indicado en la "
    "Credencial para votar que se está utilizando para el Pre-registro. La aplicación móvil hace un "
    "ejercicio de reconocimiento de los datos de la Credencial para votar, sin embargo, no en todos los "
    "casos hace una réplica exacta de los mismos, por lo que la persona interesada deberá realizar la "
    "revisión de la información e incluir las precisiones necesarias, previo a confirmar la solicitud de "
    "Pre-registro."
)
_BEGIN_AGAIN = (
    "No se detectó ninguna cara o se detectaron múltiples caras: se deberá comenzar de nuevo la prueba."
)
_FAILED = "La prueba biométrica no fue exitosa. Intente de nuevo; le quedan {left}."
_WRONG = "Los datos o las imágenes no se pudieron leer. Revíselos e intente de nuevo; le quedan {left}."
_TOO_MANY = (
    "Ha superado el número de intentos permitidos para validar su identidad, por lo que su solicitud pasará "
    "a un módulo de validación en el cual se revisará la información y se determinará si procede o no la "
    "solicitud. Su número de folio es {folio}; se remitirá a su correo electrónico."
)
_VALIDATION = (
    "Su solicitud pasó a un módulo de validación en el cual se revisará la información y se determinará si "
    "procede o no la solicitud. Su número de folio es {folio}; se remitirá a su correo electrónico."
)
_APPROVED = (
    "Usted se ha registrado. Su número de folio es {folio}. Se envió a su correo electrónico junto con su "
    "Clave, y un aviso mediante SMS al celular que registró."
)
_READING = "Su información se recibió y se está validando. Su número de folio es {folio}."
_ENDED = "Su solicitud {folio} no fue procedente. La causa se envió a su correo electrónico."
_OTHERS = {
    EstadoSolicitud.INICIADA: (
        "Su número de folio es {folio}. Falta enviar su Credencial para votar y la prueba biométrica."
    ),
    EstadoSolicitud.RECIBIDA: _READING,
    EstadoSolicitud.POR_COTEJAR: _READING,
    EstadoSolicitud.APROBADA: _APPROVED,
    EstadoSolicitud.RECHAZADA: _ENDED,
    EstadoSolicitud.NO_ELEGIBLE: _ENDED,
    EstadoSolicitud.ABANDONADA: (
        "La solicitud {folio} no se concluyó y lo que contenía se borró. Puede comenzar otra mientras el "
        "Pre-registro esté abierto."
    ),
}
_NO_FACE = frozenset({"foto.sin-rostro", "foto.varios-rostros", "video.sin-rostro", "video.varios-rostros"})


def told(request: Request, attempts: int) -> str:
    """What the person is told of a request. `attempts`: all that are admitted."""
    if request.estado is EstadoSolicitud.REINTENTO:
        left = attempts - request.intento + 1
        words = "un intento" if left == 1 else f"{left} intentos"
        return _again(request).format(left=words)
    if request.estado is EstadoSolicitud.EN_VALIDACION:
        exhausted = request.dictamen == Dictamen.FALLIDO.value and request.intento >= attempts
        return (_TOO_MANY if exhausted else _VALIDATION).format(folio=request.folio)
    return _OTHERS[request.estado].format(folio=request.folio)


def _again(request: Request) -> str:
    if request.dictamen == Dictamen.ILEGIBLE.value:
        return _WRONG
    return _BEGIN_AGAIN if _NO_FACE & set(request.motivos) else _FAILED
