"""What must hold between messages of one ceremony. Every check raises, naming the trustee at fault."""

from __future__ import annotations

from collections.abc import Sequence

from keys import canonical
from keys.ceremony import channel
from keys.ceremony.certificate import Certificate
from keys.ceremony.channel import CeremonyRefusal
from keys.ceremony.messages import Commitments, TrusteePublicKey
from keys.ceremony.terms import Terms, blame
from keys.group import Element, Group
from keys.proofs import Proof, schnorr, settle


def certs_sig_message(certificates: Sequence[Certificate], commitments: Sequence[str]) -> str:
    """What the `signature` of a polynomial signs: Γ and the commitments together."""
    value = {"certs": [c.to_json() for c in certificates], "coefexps": list(commitments)}
    return f"certs_sig|{canonical.encode(value)}"


def check_commitments(
    group: Group,
    terms: Terms,
    certificates: Sequence[Certificate],
    index: int,
    commitments: Commitments,
    signature: Proof,
    places: tuple[str, str],
) -> None:
    """The commitments of trustee `index`: as many as the threshold, signed alone and together with Γ.

    `places` are those of the commitments and of the signature.
    """
    sender = certificates[index - 1].verification_key
    with blame(index):
        if len(commitments.texts) != terms.threshold:
            raise CeremonyRefusal(
                "ceremonia.polinomio.grado",
                f"{places[0]}.message.coefexps",
                f"{terms.threshold} compromisos",
                f"{len(commitments.texts)} compromisos",
            )
        rule = "ceremonia.polinomio.firma"
        channel.verify(
            group,
            rule,
            f"{places[0]}.signature",
            sender,
            commitments.signed.message,
            commitments.signed.signature,
        )
        message = certs_sig_message(certificates, commitments.texts)
        channel.verify(group, "ceremonia.polinomio.firma_certificados", places[1], sender, message, signature)


def check_all_commitments(
    group: Group,
    terms: Terms,
    certificates: Sequence[Certificate],
    coefexps: Sequence[Commitments],
    signatures: Sequence[Proof],
    place: str,
) -> None:
    """`check_commitments` for every trustee, in order."""
    for index, commitments, signature in zip(terms.indices(), coefexps, signatures, strict=True):
        places = (f"{place}.coefexps[{index - 1}]", f"{place}.signatures[{index - 1}]")
        check_commitments(group, terms, certificates, index, commitments, signature, places)


def evaluate_in_exponent(group: Group, commitments: Sequence[Element], point: int) -> Element:
    """∏ A_k^(point^k): g to the value of the committed polynomial at `point`."""
    exponents = [pow(point, k, group.order) for k in range(len(commitments))]
    return group.products(group.tables([]), [([], list(commitments), exponents)])[0]


def sum_commitments(group: Group, coefexps: Sequence[Commitments]) -> list[Element]:
    """The commitments to the sum of all polynomials; the first is the sub-key."""
    return [group.product(column) for column in zip(*(c.elements for c in coefexps), strict=True)]


def check_verification_key(
    group: Group, total: Sequence[Element], index: int, key: TrusteePublicKey, place: str
) -> None:
    """The key of trustee `index` follows from `sum_commitments`, and its owner knows the exponent."""
    with blame(index):
        expected = evaluate_in_exponent(group, total, index)
        if key.element != expected:
            (text,) = group.encode([expected])
            raise CeremonyRefusal("ceremonia.verificacion.llave", f"{place}.public_key", text, key.public_key)
        check_pok(group, key, place)


def check_pok(group: Group, key: TrusteePublicKey, place: str) -> None:
    """Raises ProofRefusal unless the proof of knowledge of a trustee's key verifies."""
    prefix = schnorr.pok_prefix(group, key.public_key)
    claim = schnorr.claim("ceremonia.verificacion.prueba", f"{place}.pok", prefix, key.element, key.pok)
    settle(group, schnorr.generator_tables(group), [claim])


def require_not_identity(group: Group, element: Element, place: str) -> None:
    """Raises CeremonyRefusal when the product of sub-keys is the identity."""
    if element == group.identity:
        raise CeremonyRefusal("ceremonia.llave.neutro", place, "una llave distinta del neutro", "el neutro")
