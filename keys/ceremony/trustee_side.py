"""What a trustee does with the own private file and the files of the ceremony. Values in, values out.

Each step returns the file's next content. A step already done is not done again: its message is the one the
file remembers, so that a trustee never signs two versions of the same step.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from keys.ceremony import steps
from keys.ceremony.announcement import Announcement
from keys.ceremony.certificate import Certificate, decode_certificates
from keys.ceremony.channel import CeremonyRefusal, TrusteeKeys, derive_keys, new_seed
from keys.ceremony.messages import Polynomial, VInput, VOutput
from keys.ceremony.terms import Terms
from keys.ceremony.trustees import Pedersen, Trustees, verify_trustees
from keys.group import Group, group_named
from keys.randomness import Randomness
from keys.trustee_file import TrusteeFile

GAMMA = "certificados.jsons"
RESULT = "trustees.json"


def begin(announcement: Announcement, index: int, randomness: Randomness) -> TrusteeFile:
    """Step 1: new keys and their certificate."""
    group, terms = announcement.group(), announcement.terms
    terms.require_index(index, "índice del custodio")
    seed = new_seed(randomness)
    certificate = steps.make_certificate(group, terms, derive_keys(group, seed), index, randomness)
    return TrusteeFile(
        announcement.id,
        terms.group,
        terms.size,
        terms.threshold,
        index,
        seed,
        certificate.encode().decode(),
    )


def require_same_ceremony(announcement: Announcement, own: TrusteeFile) -> None:
    """Raises CeremonyRefusal when the folder announces something else than it did at the first step."""
    terms = announcement.terms
    pairs = (
        ("id", own.ceremonia, announcement.id),
        ("grupo", own.grupo, terms.group),
        ("custodios", own.custodios, terms.size),
        ("umbral", own.umbral, terms.threshold),
    )
    for name, remembered, found in pairs:
        if remembered != found:
            raise CeremonyRefusal("ceremonia.anuncio.cambió", f"ceremonia.json › {name}", remembered, found)


def check_gamma(announcement: Announcement, gamma: bytes, own: TrusteeFile) -> list[Certificate]:
    """Check Γ with the own certificate, byte for byte, in its place, and unchanged since it was seen."""
    require_same_ceremony(announcement, own)
    group = announcement.group()
    certificates = decode_certificates(group, gamma, GAMMA)
    keys = derive_keys(group, own.semilla)
    steps.check_gamma(group, announcement.terms, keys, own.indice, certificates, own.certificados, GAMMA)
    found = certificates[own.indice - 1].encode().decode()
    if found != own.certificado:
        raise CeremonyRefusal(
            "ceremonia.certificado.ajeno", f"{GAMMA}[{own.indice - 1}]", own.certificado, found
        )
    return certificates


def add_polynomial(
    announcement: Announcement, gamma: bytes, own: TrusteeFile, randomness: Randomness
) -> TrusteeFile:
    """Step 3: the polynomial, and the memory of which certificates it was made for."""
    certificates = check_gamma(announcement, gamma, own)
    if own.polinomio is not None:
        return own
    group, terms = announcement.group(), announcement.terms
    keys = derive_keys(group, own.semilla)
    made = steps.make_polynomial(group, terms, keys, certificates, own.indice, randomness)
    fingerprint = hashlib.sha256(gamma).hexdigest()
    return replace(own, certificados=fingerprint, polinomio=made.encode().decode())


def add_verification(
    announcement: Announcement, gamma: bytes, vinput: bytes, own: TrusteeFile, randomness: Randomness
) -> TrusteeFile:
    """Step 5: check everybody's shares; keep the decryption key, encrypted to its owner."""
    certificates = check_gamma(announcement, gamma, own)
    if own.polinomio is None or own.certificados is None:
        raise CeremonyRefusal(
            "ceremonia.mensaje.orden", "archivo del custodio", "un polinomio ya enviado", "ninguno"
        )
    if own.verificacion is not None:
        return own
    group, terms = announcement.group(), announcement.terms
    place = f"entradas/{own.indice}.json"
    received = VInput.decode(group, vinput, place, terms.size)
    _require_own_parts(group, terms, own, received, place)
    made = steps.make_voutput(
        group,
        terms,
        derive_keys(group, own.semilla),
        certificates,
        own.certificados,
        received,
        own.indice,
        randomness,
        place,
    )
    return replace(own, verificacion=made.encode().decode())


def _require_own_parts(group: Group, terms: Terms, own: TrusteeFile, received: VInput, place: str) -> None:
    """What the coordinator returns of the own polynomial is what was sent."""
    sent = Polynomial.decode(group, (own.polinomio or "").encode(), "polinomio", terms.size)
    at = own.indice - 1
    pairs: Sequence[tuple[str, object, object]] = (
        ("polynomial", sent.polynomial, received.polynomial),
        (f"secrets[{at}]", sent.secrets[at], received.secrets[at]),
        (f"coefexps[{at}]", sent.coefexps.to_json(), received.coefexps[at].to_json()),
        (f"signatures[{at}]", sent.signature, received.signatures[at]),
    )
    for name, expected, found in pairs:
        if expected != found:
            raise CeremonyRefusal("ceremonia.polinomio.propio", f"{place}.{name}", expected, found)


def confirm(announcement: Announcement, result: bytes, own: TrusteeFile) -> Trustees:
    """Check the ceremony's result completely, and that it holds the own certificate and public key."""
    require_same_ceremony(announcement, own)
    trustees = verify_trustees(announcement.group(), result, RESULT)
    find_own(trustees, own)
    return trustees


def find_own(trustees: Trustees, own: TrusteeFile) -> int:
    """The owner number of this trustee in a verified structure. Raises CeremonyRefusal when absent."""
    first = 1
    for item in trustees.items:
        certificates = item.certs if isinstance(item, Pedersen) else ()
        if own.certificado in [c.encode().decode() for c in certificates[own.indice - 1 : own.indice]]:
            return first + own.indice - 1
        first += len(item.verification_keys)
    raise CeremonyRefusal("ceremonia.resultado.ajeno", RESULT, "el certificado de este custodio", "otros")


def own_keys(own: TrusteeFile) -> tuple[Group, TrusteeKeys]:
    """The group and the keys of the seed."""
    group = group_named(own.grupo, place="archivo del custodio › grupo")
    return group, derive_keys(group, own.semilla)


def decryption_key(trustees: Trustees, own: TrusteeFile) -> tuple[int, int]:
    """(owner number, decryption key). The key is checked against the public one of `trustees`."""
    if own.verificacion is None:
        raise CeremonyRefusal(
            "ceremonia.mensaje.orden",
            "archivo del custodio",
            "las partes ya verificadas",
            "que falta verificarlas",
        )
    owner = find_own(trustees, own)
    group, keys = own_keys(own)
    message = VOutput.decode(group, own.verificacion.encode(), "archivo del custodio › verificacion")
    public = trustees.verification_keys[owner - 1].element
    return owner, steps.open_decryption_key(group, keys, message.private_key, public)


def remember_opening(own: TrusteeFile, fingerprint: str) -> TrusteeFile:
    """The file that remembers what is about to be opened. Raises CeremonyRefusal for a second, different set.

    Opening two sets of tallies that differ in one ballot would reveal that ballot: a key opens one set, ever.
    """
    if own.apertura is not None and own.apertura != fingerprint:
        opened, other = f"el registro que ya abrió, {own.apertura}", f"otro registro, {fingerprint}"
        raise CeremonyRefusal("custodio.apertura.otra", "archivo del custodio", opened, other)
    return replace(own, apertura=fingerprint)


def remember_sums(own: TrusteeFile, opening: str, sums: str) -> TrusteeFile:
    """The file that remembers which sums of small urns are about to be opened, and of which urns.

    `opening`: fingerprint of the tallies of all urns, the same that the first opening was bound to. Raises
    CeremonyRefusal for other tallies, or for a second, different set of sums: with two sums of one urn, who
    knows how their Mesas differ would learn nothing new, but who exchanged the urn would.
    """
    own = remember_opening(own, opening)
    if own.sumas is not None and own.sumas != sums:
        opened, other = f"las sumas que ya abrió, {own.sumas}", f"otras sumas, {sums}"
        raise CeremonyRefusal("custodio.sumas.otras", "archivo del custodio", opened, other)
    return replace(own, sumas=sums)
