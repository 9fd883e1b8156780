"""What people read while they enter and opine: the words of source 000, 7.4, where it gives them."""

from __future__ import annotations

from tally.casting import EMPTY_URNA_LEGEND, SUCCESS_LEGEND

WRONG_DATA = "Los datos introducidos no son correctos. Verifíquelos y vuelva a capturarlos."
"""«Si los datos introducidos no fueran correctos, el SEI solicitará a la persona que los verifique y vuelva a
capturarlos.» Always these words, whatever it is that is wrong (SEI-13)."""
SENT_BY_SMS = "Se le envió un token por mensaje SMS al celular que registró. Captúrelo para ingresar."
BLOCKED = (
    "El sistema se bloqueó como medida de seguridad: se solicitó el token más veces de las permitidas. "
    "Comuníquese al CAT ({cat}) para reportarlo: ahí verificarán que el token no se haya utilizado y lo "
    "desbloquearán para que ingrese de nueva cuenta. Si no, conserva su derecho a opinar en la Mesa."
)
NOTHING_CHOSEN = "No ha seleccionado una opción, ¿Desea confirmar?"
NULL_VOTE = "Si confirma sin haber seleccionado una opción, se considerará «Voto nulo»."
SENT = SUCCESS_LEGEND
THANKS = "Gracias por su participación."
NO_MORE = "Le recordamos que ya no podrá opinar nuevamente en las Mesas."
LEFT = "Su sesión se cerró."
LEFT_AFTER_OPINION = "Su sesión se cerró. Le enviamos un SMS para informarle que fue recibida su opinión."
AUDITED = "Esta boleta se auditó: ya no puede enviarse. Compruebe en otro dispositivo lo que muestra."


def empty_urn(anio: int) -> str:
    """What is shown for a UT without projects (SEI-17)."""
    return EMPTY_URNA_LEGEND.format(year=anio)
