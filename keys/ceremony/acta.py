"""The actas of a ceremony and of its rehearsal: canonical JSON, and the same content as text."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from keys import canonical
from keys.ceremony.announcement import Announcement
from keys.ceremony.certificate import spoken
from keys.ceremony.rehearsal import Challenge, Opening
from keys.ceremony.states import Ceremony, State
from keys.errors import Refusal


def ceremony_acta(announcement: Announcement, ceremony: Ceremony, instant: str) -> dict[str, Any]:
    """Who took part with which certificate, and the key that came out. Null for what is not known yet."""
    past_certificates = ceremony.state is not State.CERTIFICATES
    complete = ceremony.state is State.COMPLETE
    prints = {c.context.index: c.fingerprint for c in ceremony.certificates}
    result = ceremony.trustees if complete else None
    return {
        "acta": "ceremonia",
        "ceremonia": announcement.id,
        "certificados": ceremony.gamma_fingerprint() if past_certificates else None,
        "custodios": [
            {"huella": prints.get(i), "indice": i, "nombre": name}
            for i, name in zip(announcement.terms.indices(), announcement.names, strict=True)
        ],
        "estado": ceremony.state.value,
        "grupo": announcement.terms.group,
        "instante": instant,
        "llave_publica": ceremony.group.encode([result.election_key(ceremony.group)])[0] if result else None,
        "trustees": hashlib.sha256(result.encode()).hexdigest() if result else None,
        "umbral": announcement.terms.threshold,
        "version": 1,
    }


def encode(acta: Mapping[str, Any]) -> bytes:
    """Canonical JSON with sorted keys."""
    return canonical.encode_bytes(dict(sorted(acta.items())))


def ceremony_text(acta: Mapping[str, Any]) -> str:
    """What is read aloud: each fingerprint in groups of four digits."""
    lines = [
        "ACTA DE LA CEREMONIA DE LLAVES",
        "",
        f"Ceremonia: {acta['ceremonia']}",
        f"Instante: {acta['instante']}",
        f"Estado: {acta['estado']}",
        f"Grupo: {acta['grupo']}. Custodios: {len(acta['custodios'])}. Umbral: {acta['umbral']}.",
        "",
        "Huellas de los certificados (SHA-256), para leerse en voz alta:",
    ]
    for one in acta["custodios"]:
        lines += ["", f"  {one['indice']}. {one['nombre']}", *_two_lines(one["huella"])]
    lines += ["", "Huella del conjunto de certificados:", *_two_lines(acta["certificados"])]
    lines += ["", "Huella de trustees.json:", *_two_lines(acta["trustees"])]
    lines += ["", "Llave pública de la consulta:", f"     {acta['llave_publica'] or 'aún no existe'}", ""]
    return "\n".join(lines)


def _two_lines(fingerprint: str | None) -> list[str]:
    if fingerprint is None:
        return ["     aún no existe"]
    return [f"     {spoken(fingerprint[:32])}", f"     {spoken(fingerprint[32:])}"]


def rehearsal_acta(
    announcement: Announcement,
    challenge: Challenge,
    opening: Opening,
    right: Sequence[int],
    refused: Sequence[Refusal],
    recovered: int | None,
    instant: str,
) -> dict[str, Any]:
    """Who answered, who did not, and whether the number came back. The randomness lets anyone recompute."""
    wrong = sorted({r.culprit for r in refused if r.culprit is not None})
    absent = [i for i in announcement.terms.indices() if i not in right and i not in wrong]
    return {
        "acta": "ensayo",
        "aleatorio": str(opening.randomness) if recovered is not None else None,
        "ausentes": absent,
        "ceremonia": announcement.id,
        "correctos": sorted(right),
        "instante": instant,
        "rechazados": [{"custodio": r.culprit, "motivo": str(r)} for r in refused],
        "reto": challenge.sha256,
        "superado": recovered == opening.value,
        "umbral": announcement.terms.threshold,
        "valor_cifrado": opening.value if recovered is not None else None,
        "valor_recuperado": recovered,
        "version": 1,
    }


def rehearsal_text(acta: Mapping[str, Any], names: Sequence[str]) -> str:
    """The rehearsal's acta for people."""

    def listed(indices: Sequence[int]) -> str:
        return ", ".join(f"{i} ({names[i - 1]})" for i in indices) or "ninguno"

    lines = [
        "ACTA DEL ENSAYO DE APERTURA",
        "",
        f"Ceremonia: {acta['ceremonia']}",
        f"Instante: {acta['instante']}",
        f"Umbral: {acta['umbral']}",
        f"Respondieron bien: {listed(acta['correctos'])}",
        f"Ausentes: {listed(acta['ausentes'])}",
    ]
    lines += [f"Rechazada la del custodio {one['custodio']}: {one['motivo']}" for one in acta["rechazados"]]
    if acta["superado"]:
        number = f"{acta['valor_recuperado']:04d}"
        lines.append(f"Número cifrado y recuperado: {number}. El ensayo se superó.")
    else:
        lines.append("El número no se ha recuperado: el ensayo NO se ha superado.")
    return "\n".join([*lines, ""])
