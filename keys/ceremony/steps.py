"""The steps of the Pedersen protocol, as pure functions: messages in, messages out, randomness passed in.

Steps 1, 3 and 5 are a trustee's; 4 and 6 the coordinator's. A trustee checks all that it receives.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence

from keys.ceremony import channel, checks
from keys.ceremony.certificate import (
    Certificate,
    certificate_text,
    check_certificates,
    gamma_fingerprint,
)
from keys.ceremony.channel import CeremonyRefusal, Encrypted, Signed, TrusteeKeys
from keys.ceremony.messages import (
    Commitments,
    Polynomial,
    TrusteePublicKey,
    VInput,
    VOutput,
    commitments_text,
)
from keys.ceremony.secret import (
    DECRYPTION_KEY,
    SHARE,
    read_number,
    read_polynomial,
    write_number,
    write_polynomial,
)
from keys.ceremony.terms import Terms, blame
from keys.ceremony.trustees import Pedersen, Trustees
from keys.group import Element, Group
from keys.proofs import schnorr
from keys.randomness import Randomness


def make_certificate(
    group: Group, terms: Terms, keys: TrusteeKeys, index: int, randomness: Randomness
) -> Certificate:
    """Step 1, trustee: the public keys with their context, signed."""
    terms.check("ceremonia").require_index(index, "certificado")
    text = certificate_text(terms.context(index), keys.verification, keys.encryption)
    signed = Signed(text, channel.sign(group, keys.signing, text, randomness))
    return Certificate.from_json(group, signed.to_json(), "certificado")


def check_gamma(
    group: Group,
    terms: Terms,
    keys: TrusteeKeys,
    index: int,
    certificates: Sequence[Certificate],
    remembered: str | None,
    place: str = "certificados",
) -> str:
    """Check Γ as trustee `index`: all valid, the own one in its place, none changed since `remembered`.

    Returns the fingerprint of Γ, to be remembered.
    """
    check_certificates(group, terms, certificates, place)
    own = certificates[index - 1]
    if (own.verification, own.encryption) != (keys.verification, keys.encryption):
        raise CeremonyRefusal(
            "ceremonia.certificado.ajeno",
            f"{place}[{index - 1}]",
            "su propio certificado",
            "el de otras llaves",
        )
    found = gamma_fingerprint(certificates)
    if remembered is not None and not hmac.compare_digest(found, remembered):
        raise CeremonyRefusal("ceremonia.certificados.cambiaron", place, remembered, found)
    return found


def make_polynomial(
    group: Group,
    terms: Terms,
    keys: TrusteeKeys,
    certificates: Sequence[Certificate],
    index: int,
    randomness: Randomness,
) -> Polynomial:
    """Step 3, trustee: a random polynomial, committed to, and one share encrypted to each trustee."""
    check_gamma(group, terms, keys, index, certificates, None)
    coefficients = [randomness.below(group.order) for _ in range(terms.threshold)]
    shares = [evaluate(coefficients, j, group.order) for j in terms.indices()]
    texts = group.encoded_powers(group.tables([group.generator]), [[c] for c in coefficients])
    message = commitments_text(texts)
    signed = Signed(message, channel.sign(group, keys.signing, message, randomness))

    def seal(certificate: Certificate, text: str) -> str:
        return channel.send(
            group, keys.signing, certificate.encryption, certificate.encryption_key, text, randomness
        )

    return Polynomial(
        seal(certificates[index - 1], write_polynomial(coefficients)),
        tuple(seal(c, write_number(SHARE, s)) for c, s in zip(certificates, shares, strict=True)),
        Commitments.from_json(group, signed.to_json(), "polinomio.coefexps"),
        channel.sign(group, keys.signing, checks.certs_sig_message(certificates, texts), randomness),
    )


def evaluate(coefficients: Sequence[int], point: int, order: int) -> int:
    """The polynomial's value at `point`."""
    value = 0
    for coefficient in reversed(coefficients):
        value = (value * point + coefficient) % order
    return value


def check_polynomial(
    group: Group,
    terms: Terms,
    certificates: Sequence[Certificate],
    index: int,
    message: Polynomial,
    place: str,
) -> None:
    """Coordinator: what can be seen of a polynomial without being a recipient."""
    checks.check_commitments(
        group,
        terms,
        certificates,
        index,
        message.coefexps,
        message.signature,
        (f"{place}.coefexps", f"{place}.signature"),
    )


def make_vinput(polynomials: Sequence[Polynomial], index: int) -> VInput:
    """Step 4, coordinator: what was sent to trustee `index`, gathered."""
    return VInput(
        polynomials[index - 1].polynomial,
        tuple(p.secrets[index - 1] for p in polynomials),
        tuple(p.coefexps for p in polynomials),
        tuple(p.signature for p in polynomials),
    )


def make_voutput(
    group: Group,
    terms: Terms,
    keys: TrusteeKeys,
    certificates: Sequence[Certificate],
    remembered: str,
    vinput: VInput,
    index: int,
    randomness: Randomness,
    place: str = "entrada",
) -> VOutput:
    """Step 5, trustee: check every share against its commitments, add them, prove the sum.

    `remembered` is the fingerprint of Γ when the polynomial was made. Refusals name the culprit.
    """
    check_gamma(group, terms, keys, index, certificates, remembered)
    checks.check_all_commitments(group, terms, certificates, vinput.coefexps, vinput.signatures, place)
    total = checks.sum_commitments(group, vinput.coefexps)
    checks.require_not_identity(group, total[0], f"{place}.coefexps")
    _check_own_polynomial(group, terms, keys, certificates[index - 1], vinput, index, place)
    secret = 0
    for sender in terms.indices():
        with blame(sender):
            secret += _open_share(group, keys, certificates[sender - 1], vinput, sender, index, place)
    secret %= group.order
    return _voutput(group, keys, secret, randomness)


def _check_own_polynomial(
    group: Group, terms: Terms, keys: TrusteeKeys, own: Certificate, vinput: VInput, index: int, place: str
) -> None:
    place = f"{place}.polynomial"
    sealed = Encrypted.read(group, vinput.polynomial, place)
    text = channel.receive(group, keys, own.verification_key, sealed, place)
    coefficients = read_polynomial(text, place, group.order, terms.threshold)
    powers = group.powers(group.tables([group.generator]), [[c] for c in coefficients])
    if tuple(powers) != vinput.coefexps[index - 1].elements:
        raise CeremonyRefusal(
            "ceremonia.polinomio.propio", place, "los compromisos de su propio polinomio", "otros compromisos"
        )


def _open_share(
    group: Group, keys: TrusteeKeys, sender: Certificate, vinput: VInput, index: int, own: int, place: str
) -> int:
    """The share that trustee `index` sent to trustee `own`."""
    inner = f"{place}.secrets[{index - 1}]"
    sealed = Encrypted.read(group, vinput.secrets[index - 1], inner)
    text = channel.receive(group, keys, sender.verification_key, sealed, inner)
    share = read_number(SHARE, text, inner, group.order)
    (power,) = group.powers(group.tables([group.generator]), [[share]])
    expected = checks.evaluate_in_exponent(group, vinput.coefexps[index - 1].elements, own)
    if power != expected:
        raise CeremonyRefusal(
            "ceremonia.parte.compromiso",
            inner,
            f"g^s = {group.encode([expected])[0]}, según sus compromisos",
            f"g^s = {group.encode([power])[0]}",
        )
    return share


def _voutput(group: Group, keys: TrusteeKeys, secret: int, randomness: Randomness) -> VOutput:
    (element,) = group.powers(group.tables([group.generator]), [[secret]])
    checks.require_not_identity(group, element, "llave de descifrado")
    (public,) = group.encode([element])
    pok = schnorr.prove(group, schnorr.pok_prefix(group, public), secret, randomness)
    text = write_number(DECRYPTION_KEY, secret)
    sealed = channel.send(group, keys.signing, keys.encryption, keys.recipient, text, randomness)
    return VOutput(sealed, TrusteePublicKey(pok, public, element))


def open_decryption_key(
    group: Group, keys: TrusteeKeys, sealed: str, public: Element, place: str = "private_key"
) -> int:
    """The decryption key that `make_voutput` encrypted to its owner; it must be that of `public`."""
    (sender,) = group.powers(group.tables([group.generator]), [[keys.signing]])
    text = channel.receive(group, keys, sender, Encrypted.read(group, sealed, place), place)
    secret = read_number(DECRYPTION_KEY, text, place, group.order)
    (element,) = group.powers(group.tables([group.generator]), [[secret]])
    if element != public:
        raise CeremonyRefusal(
            "ceremonia.llave.publica", place, group.encode([public])[0], group.encode([element])[0]
        )
    return secret


def check_voutput(group: Group, total: Sequence[Element], index: int, message: VOutput, place: str) -> None:
    """Coordinator: the public key follows from the commitments and its proof verifies."""
    checks.check_verification_key(group, total, index, message.public_key, f"{place}.public_key")


def threshold_parameters(
    group: Group,
    terms: Terms,
    certificates: Sequence[Certificate],
    polynomials: Sequence[Polynomial],
    voutputs: Sequence[VOutput],
) -> Trustees:
    """Step 6, coordinator: the public result, checked once more as anyone will check it."""
    item = Pedersen(
        terms.threshold,
        tuple(certificates),
        tuple(p.coefexps for p in polynomials),
        tuple(p.signature for p in polynomials),
        tuple(v.public_key for v in voutputs),
    )
    item.check(group, "trustees[0]")
    return Trustees((item,))
