"""Every rule that the verifier applies: its stable id and what it says, in Spanish, to whoever reads a
report.
"""

from __future__ import annotations

RULES: dict[str, str] = {
    # container
    "archivo-truncado": "El archivo termina a la mitad de un miembro.",
    "archivo-inicio": "El archivo no empieza con el miembro BELENIOS en su forma exacta.",
    "archivo-encabezado": "Un encabezado del contenedor no es el que Belenios escribe.",
    "archivo-suma": "La suma de control de un encabezado no corresponde.",
    "archivo-nombre": "El nombre de un miembro no tiene la forma <sha256>.data.json o <sha256>.event.json.",
    "archivo-hash": "El nombre de un miembro no es el SHA-256 de su contenido: el contenido fue alterado.",
    "archivo-relleno": "El relleno de un miembro no es de ceros.",
    "archivo-sobrante": "Hay bytes de más después del último miembro.",
    "archivo-tamano": "Un miembro es mayor de lo que cualquier archivo honesto necesita.",
    "archivo-reescrito": "Lo que ya se había verificado de este archivo cambió: el archivo fue reescrito.",
    # canonical JSON
    "json-utf8": "El texto no es UTF-8 válido.",
    "json-sintaxis": "El texto no es JSON.",
    "json-tipo": "Un valor no es del tipo que pide el formato.",
    "json-campos": "Los campos de un objeto no son exactamente los del formato, en su orden.",
    "json-largo": "Un arreglo no tiene el número de elementos que pide el formato.",
    "json-rango": "Un entero está fuera de su intervalo.",
    "json-hash": "Un hash no tiene la forma exacta.",
    "json-numero": "Un número del grupo no es un decimal válido y menor que el orden.",
    "json-canonico": "Los bytes no son la única escritura canónica de su contenido.",
    # chain of events
    "cadena-vacia": "El archivo no tiene ningún evento.",
    "cadena-orden": "Un evento no puede venir después del anterior.",
    "cadena-altura": "La altura de un evento no es la que sigue.",
    "cadena-padre": "Un evento no está encadenado al anterior: la cadena está rota.",
    "cadena-carga": "Un evento no lleva exactamente los datos que le tocan.",
    "cadena-huerfano": "Hay datos que ningún evento usa.",
    # group elements
    "punto-forma": "Un elemento del grupo no tiene la forma de texto exacta.",
    "punto-no-canonico": "Un elemento del grupo usa una segunda escritura de sí mismo.",
    "punto-fuera-de-la-curva": "Un elemento no es un punto de la curva.",
    "punto-fuera-del-grupo": "Un elemento no está en el subgrupo de orden primo.",
    "punto-identidad": "Un elemento es la identidad, que ahí no se admite.",
    # election and trustees
    "eleccion-version": "La versión de la elección no es la 1.",
    "eleccion-uuid": "El identificador de la elección no tiene la forma exacta.",
    "eleccion-grupo": "La elección usa un grupo desconocido.",
    "eleccion-llave": "La llave de la elección no es el producto de las llaves de los custodios.",
    "custodios-tipo": "Un elemento de la lista de custodios no es Single ni Pedersen.",
    "custodios-tamano": "Una lista de los custodios no tiene el largo que le toca.",
    "custodios-umbral": "El umbral no está entre 1 y el número de custodios.",
    "custodios-contexto": "El contexto de un certificado no es el suyo (grupo, tamaño, umbral, índice).",
    "custodios-certificado": "La firma de un certificado no es válida.",
    "custodios-coeficientes": "Un custodio no comprometió tantos coeficientes como el umbral.",
    "custodios-firma-coeficientes": "La firma de los coeficientes de un custodio no es válida.",
    "custodios-firma": "La firma de un custodio sobre los certificados y sus coeficientes no es válida.",
    "custodios-llave": "La llave de verificación de un custodio no es la que dan los coeficientes.",
    "custodios-pok": "La prueba de que un custodio conoce su llave no es válida.",
    # credentials
    "credencial-repetida": "Una credencial pública está dos veces en la lista.",
    "credencial-orden": "La lista de credenciales públicas no está en el orden de Belenios.",
    "credencial-peso": "El peso de una credencial no es admisible.",
    # ballots
    "boleta-uuid": "La boleta es de otra urna.",
    "boleta-eleccion": "La boleta no se refiere a esta elección.",
    "boleta-credencial": "La credencial de la boleta no está en la lista.",
    "boleta-forma": "La forma de la boleta no es la que piden las preguntas.",
    "boleta-prueba-individual": "La prueba de que una opción vale 0 o 1 no es válida.",
    "boleta-prueba-global": "La prueba de que el total de opciones es admisible no es válida.",
    "boleta-prueba-blanco": "La prueba de voto en blanco no es válida.",
    "boleta-firma-hash": "El hash firmado no es el de la boleta.",
    "boleta-firma": "La firma de la boleta no es válida.",
    "boleta-copiada": "La misma boleta, byte por byte, está dos veces en la urna.",
    "boleta-repetida": "Hay una segunda boleta con la misma credencial.",
    # tally, shares, result
    "suma-forma": "La suma cifrada no tiene la forma que piden las preguntas.",
    "suma-numero": "El número de boletas sumadas no es el de la urna.",
    "suma-peso": "El peso total de las boletas sumadas no es el de la urna.",
    "suma-cifrada": "La suma cifrada no es la suma de las boletas de la urna.",
    "parcial-custodio": "Un descifrado parcial no es de ningún custodio de esta elección.",
    "parcial-repetido": "Un custodio tiene dos descifrados parciales.",
    "parcial-forma": "Un descifrado parcial no tiene la forma de la suma cifrada.",
    "parcial-factor": "Un factor de descifrado es la identidad sin deberlo, o al revés.",
    "parcial-prueba": "La prueba de un factor de descifrado no es válida.",
    "resultado-insuficiente": "Hay un resultado sin los descifrados parciales suficientes.",
    "resultado-forma": "El resultado no tiene la forma que piden las preguntas.",
    "resultado-valor": "El resultado publicado no es el que dan las boletas y los descifrados.",
    # strict profile of a consultation
    "perfil-custodios": "Los custodios no son un solo grupo Pedersen con umbral menor que su tamaño.",
    "perfil-pregunta": "La urna no tiene una sola pregunta de una opción o voto nulo.",
    "perfil-total": "Las opiniones y los votos nulos no suman las boletas.",
    # consultation
    "carpeta-falta": "Falta un archivo en la carpeta pública.",
    "carpeta-sobra": "Hay un archivo que no debe estar en la carpeta pública.",
    "consulta-valor": "Un valor de consulta.json no es admisible.",
    "consulta-calendario": "Los instantes del calendario no están en orden.",
    "consulta-custodios": "Los custodios de consulta.json no son los de trustees.json.",
    "consulta-llave": "La llave pública de consulta.json no es la de los custodios.",
    "consulta-umbral": "El umbral de consulta.json no es el de los custodios.",
    "consulta-uuid": "El uuid de una unidad no es el que se deriva de la consulta y su clave.",
    "consulta-orden": "Una lista no está en orden o tiene repeticiones.",
    "urna-eleccion": "La elección de la urna no es la que describe consulta.json.",
    "urna-custodios": "Los custodios de la urna no son, byte por byte, los de trustees.json.",
    "urna-setup": "El evento Setup de la urna no es el que fija consulta.json.",
    "urna-etapa": "Las urnas y las actas no están en la misma etapa.",
    "apertura-valor": "El acta de apertura no corresponde a las urnas o a la consulta.",
    "acta-valor": "Un valor del acta no es el que da la urna.",
    "acta-advertencia": "La advertencia de urna pequeña falta o sobra.",
    "instante-orden": "Un instante no está en el orden del calendario.",
    "resultados-valor": "Un valor de resultados.json no es el que dan las actas.",
    # difference
    "diferencia-falta": "Una urna que estaba en la copia anterior ya no está.",
    "diferencia-cadena": "La cadena de eventos anterior no es el principio de la nueva.",
    "diferencia-bytes": "El archivo anterior no es el principio, byte por byte, del nuevo.",
    "diferencia-documento": "Un documento que no debe cambiar cambió.",
}


def text(rule: str) -> str:
    """Spanish sentence of a rule."""
    return RULES[rule]
