"""Altered messages: each is refused, by the right rule, naming whose message it is."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from keys.ceremony import CeremonyRefusal, Terms, steps, verify_trustees
from keys.ceremony.certificate import (
    Certificate,
    certificate_text,
    check_certificate,
    check_certificates,
    gamma_fingerprint,
)
from keys.ceremony.channel import (
    HIDDEN,
    Encrypted,
    Signed,
    derive_keys,
    encrypt,
    new_seed,
    receive,
    send,
    sign,
)
from keys.ceremony.checks import certs_sig_message
from keys.ceremony.messages import Commitments, Polynomial, VInput, VOutput, commitments_text
from keys.ceremony.secret import SHARE, write_number
from keys.errors import FormatRefusal, ProofRefusal, Refusal
from keys.randomness import SeededRandomness

from . import alter
from .hold import Table, hold

pytestmark = [pytest.mark.req("SEI-22"), pytest.mark.req("SEI-28")]
RANDOM = SeededRandomness("faltas")


@pytest.fixture(scope="module")
def table() -> Table:
    return hold(3, 2)


def altered(data: bytes) -> list[bytes]:
    found = [alter.encode(v) for v in alter.alterations(json.loads(data))]
    found += [b"", b"null", b"[]", data + b"\n", b" " + data, data[:-1], data.replace(b'":', b'": ', 1)]
    return [x for x in found if x != data]


def test_trustees_altered_anywhere(table: Table) -> None:
    cases = altered(table.trustees.encode())
    assert len(cases) > 300
    for data in cases:
        with pytest.raises(Refusal) as caught:
            verify_trustees(table.group, data)
        assert caught.value.rule


def test_a_certificate_altered_anywhere(table: Table) -> None:
    for data in altered(table.gamma[1].encode()):
        with pytest.raises(Refusal):
            made = Certificate.decode(table.group, data, "certificado")
            check_certificate(table.group, made, table.terms.context(2), "certificado")


def test_a_vinput_altered_anywhere_names_whose_part_it_is(table: Table) -> None:
    fingerprint = gamma_fingerprint(table.gamma)
    right = steps.make_vinput(table.polynomials, 1).encode()
    value = json.loads(right)
    for name in ("secrets", "coefexps", "signatures"):
        for position, inner in enumerate(value[name]):
            for other in alter.alterations(inner):
                items = [*value[name][:position], other, *value[name][position + 1 :]]
                with pytest.raises(Refusal) as caught:
                    read_and_verify(table, alter.encode({**value, name: items}), fingerprint)
                # The order of fields is that of the file, which the coordinator writes.
                whole = caught.value.rule == "formato.canonico" and caught.value.culprit is None
                assert whole or caught.value.culprit == position + 1, str(caught.value)
    for data in altered(right):
        with pytest.raises(Refusal):
            read_and_verify(table, data, fingerprint)


def read_and_verify(table: Table, data: bytes, fingerprint: str) -> VOutput:
    vinput = VInput.decode(table.group, data, "entrada", table.terms.size)
    return steps.make_voutput(
        table.group, table.terms, table.keys[0], table.gamma, fingerprint, vinput, 1, RANDOM
    )


def test_the_public_part_of_a_polynomial_altered_anywhere(table: Table) -> None:
    value = json.loads(table.polynomials[2].encode())
    for name in ("coefexps", "signature"):
        for other in alter.alterations(value[name]):
            with pytest.raises(Refusal):
                data = alter.encode({**value, name: other})
                made = Polynomial.decode(table.group, data, "polinomio", table.terms.size)
                steps.check_polynomial(table.group, table.terms, table.gamma, 3, made, "polinomio")


def test_a_voutput_altered_anywhere(table: Table) -> None:
    """Its private part is for its owner alone, who opens it."""
    trustees = table.trustees
    for data in altered(table.voutputs[1].encode()):
        with pytest.raises(Refusal):
            made = VOutput.decode(table.group, data, "verificacion")
            final = [table.voutputs[0], made, table.voutputs[2]]
            steps.threshold_parameters(table.group, table.terms, table.gamma, table.polynomials, final)
            public = trustees.verification_keys[1].element
            steps.open_decryption_key(table.group, table.keys[1], made.private_key, public)


@pytest.mark.parametrize(
    ("terms", "index"),
    [
        (Terms("Ed25519", 3, 2), 1),
        (Terms("Ed25519", 4, 2), 2),
        (Terms("Ed25519", 3, 1), 2),
        (Terms("BELENIOS-2048", 3, 2), 2),
    ],
)
def test_a_certificate_for_other_terms_or_another_place(table: Table, terms: Terms, index: int) -> None:
    """Signed rightly by its owner: what is wrong is what it says."""
    keys = table.keys[1]
    text = certificate_text(terms.context(index), keys.verification, keys.encryption)
    signed = Signed(text, sign(table.group, keys.signing, text, RANDOM))
    made = Certificate.from_json(table.group, signed.to_json(), "certificado")
    gamma = [table.gamma[0], made, table.gamma[2]]
    with pytest.raises(CeremonyRefusal) as caught:
        check_certificates(table.group, table.terms, gamma, "certificados")
    assert (caught.value.rule, caught.value.culprit) == ("ceremonia.certificado.contexto", 2)


def test_a_replayed_certificate_at_another_index(table: Table) -> None:
    with pytest.raises(CeremonyRefusal, match=r"ceremonia\.certificado\.contexto") as caught:
        check_certificates(table.group, table.terms, [table.gamma[0], *table.gamma[:2]], "certificados")
    assert caught.value.culprit == 2


def test_the_keys_of_one_trustee_serving_two(table: Table) -> None:
    twin = steps.make_certificate(table.group, table.terms, table.keys[0], 3, RANDOM)
    with pytest.raises(CeremonyRefusal, match=r"llave_repetida") as caught:
        check_certificates(table.group, table.terms, [*table.gamma[:2], twin], "certificados")
    assert caught.value.culprit == 3


@pytest.mark.parametrize("field", ["verification", "encryption"])
@pytest.mark.parametrize("which", [1, 2, 3, 4, 6])
def test_bad_points_in_a_certificate(table: Table, field: str, which: int) -> None:
    """Signed by a key of its own: the point is what is refused."""
    keys = table.keys[0]
    texts = {"verification": keys.verification, "encryption": keys.encryption}
    texts[field] = alter.elements(texts[field])[which]
    text = certificate_text(table.terms.context(1), **texts)
    value = Signed(text, sign(table.group, keys.signing, text, RANDOM)).to_json()
    with pytest.raises(Refusal, match=r"elemento\."):
        Certificate.from_json(table.group, value, "certificado")


def resigned(table: Table, index: int, texts: list[str], polynomial: Polynomial) -> Polynomial:
    """The polynomial of `index` with other commitments, signed again by its owner."""
    group, key = table.group, table.keys[index - 1].signing
    message = commitments_text(texts)
    value = Signed(message, sign(group, key, message, RANDOM)).to_json()
    signature = sign(group, key, certs_sig_message(table.gamma, texts), RANDOM)
    return replace(polynomial, coefexps=Commitments.from_json(group, value, "polinomio"), signature=signature)


@pytest.mark.parametrize("which", [1, 2, 3, 4, 6])
@pytest.mark.parametrize("position", [0, 1])
def test_bad_points_among_commitments(table: Table, which: int, position: int) -> None:
    right = table.polynomials[1]
    texts = list(right.coefexps.texts)
    texts[position] = alter.elements(texts[position])[which]
    with pytest.raises(Refusal, match=r"elemento\."):
        resigned(table, 2, texts, right)


def test_small_order_parts_that_cancel_out_are_refused_one_by_one(table: Table) -> None:
    """The sum of these commitments is in the subgroup; neither of them is."""
    value: Any = json.loads(table.trustees.encode())
    for item in value[0][1]["coefexps"][:2]:
        texts = json.loads(item["message"])["coefexps"]
        item["message"] = commitments_text([alter.mixed_order(texts[0]), *texts[1:]])
    with pytest.raises(Refusal, match=r"elemento\.not-prime-order") as caught:
        verify_trustees(table.group, alter.encode(value))
    assert caught.value.culprit == 1


@pytest.mark.parametrize("count", [1, 3])
def test_a_polynomial_of_another_degree(table: Table, count: int) -> None:
    right = table.polynomials[1]
    texts = [*right.coefexps.texts, alter.GENERATOR][:count]
    made = resigned(table, 2, texts, right)
    with pytest.raises(CeremonyRefusal, match=r"ceremonia\.polinomio\.grado") as caught:
        steps.check_polynomial(table.group, table.terms, table.gamma, 2, made, "polinomio")
    assert caught.value.culprit == 2


def cheat(table: Table, index: int, victim: int, text: str, recipient: int | None = None) -> list[Polynomial]:
    """Trustee `index` sends `text` to `victim` in the place of the share."""
    group, keys = table.group, table.keys[index - 1]
    named = table.gamma[(recipient or victim) - 1]
    key = table.gamma[victim - 1].encryption_key
    sealed = send(group, keys.signing, named.encryption, key, text, RANDOM)
    right = table.polynomials[index - 1]
    secrets = tuple(sealed if j == victim else s for j, s in enumerate(right.secrets, 1))
    made = replace(right, secrets=secrets)
    return [*table.polynomials[: index - 1], made, *table.polynomials[index:]]


@pytest.mark.parametrize("cheater", [1, 2, 3])
def test_a_share_that_is_not_of_the_polynomial(table: Table, cheater: int) -> None:
    with pytest.raises(CeremonyRefusal) as caught:
        table.verify(1, cheat(table, cheater, 1, write_number(SHARE, 12345)))
    assert (caught.value.rule, caught.value.culprit) == ("ceremonia.parte.compromiso", cheater)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        '{"secret":7}',
        '{"secret":"007"}',
        '{"secret":"7" }',
        '{"secret":"7","x":1}',
        '{"otro":"7"}',
    ],
)
def test_a_share_of_another_form_is_not_quoted(table: Table, text: str) -> None:
    with pytest.raises(FormatRefusal) as caught:
        table.verify(1, cheat(table, 2, 1, text))
    assert caught.value.culprit == 2
    assert caught.value.got == HIDDEN


def test_a_share_written_for_another_recipient(table: Table) -> None:
    """Right signature, readable by the victim, but the inner recipient is somebody else."""
    with pytest.raises(CeremonyRefusal) as caught:
        table.verify(1, cheat(table, 2, 1, write_number(SHARE, 7), recipient=3))
    assert (caught.value.rule, caught.value.culprit) == ("ceremonia.canal.destinatario", 2)


def test_swapped_shares(table: Table) -> None:
    right = table.polynomials[1]
    made = replace(right, secrets=(right.secrets[1], right.secrets[0], right.secrets[2]))
    with pytest.raises(CeremonyRefusal) as caught:
        table.verify(1, [table.polynomials[0], made, table.polynomials[2]])
    assert (caught.value.rule, caught.value.culprit) == ("ceremonia.canal.cifrado", 2)


def test_a_share_signed_by_another_trustee(table: Table) -> None:
    """The coordinator hands over trustee 3's share as if it were trustee 2's."""
    right = table.polynomials[1]
    made = replace(right, secrets=(table.polynomials[2].secrets[0], *right.secrets[1:]))
    with pytest.raises(ProofRefusal) as caught:
        table.verify(1, [table.polynomials[0], made, table.polynomials[2]])
    assert (caught.value.rule, caught.value.culprit) == ("ceremonia.canal.firma", 2)


def test_certificates_changed_between_steps(table: Table) -> None:
    again = steps.make_certificate(table.group, table.terms, table.keys[2], 3, RANDOM)
    gamma = [*table.gamma[:2], again]
    with pytest.raises(CeremonyRefusal, match=r"ceremonia\.certificados\.cambiaron"):
        steps.check_gamma(table.group, table.terms, table.keys[0], 1, gamma, gamma_fingerprint(table.gamma))


def test_the_own_certificate_replaced(table: Table) -> None:
    other = derive_keys(table.group, new_seed(RANDOM))
    gamma = [steps.make_certificate(table.group, table.terms, other, 1, RANDOM), *table.gamma[1:]]
    with pytest.raises(CeremonyRefusal, match=r"ceremonia\.certificado\.ajeno"):
        steps.make_polynomial(table.group, table.terms, table.keys[0], gamma, 1, RANDOM)


def test_a_polynomial_made_for_other_certificates(table: Table) -> None:
    """One trustee was shown another Γ: its second signature betrays it."""
    again = steps.make_certificate(table.group, table.terms, table.keys[0], 1, RANDOM)
    gamma = [again, *table.gamma[1:]]
    made = steps.make_polynomial(table.group, table.terms, table.keys[1], gamma, 2, RANDOM)
    with pytest.raises(ProofRefusal) as caught:
        steps.check_polynomial(table.group, table.terms, table.gamma, 2, made, "polinomio")
    assert (caught.value.rule, caught.value.culprit) == ("ceremonia.polinomio.firma_certificados", 2)


def test_commitments_signed_by_another(table: Table) -> None:
    right = table.polynomials[1]
    made = resigned(replace_keys(table, 2, 3), 2, list(right.coefexps.texts), right)
    with pytest.raises(ProofRefusal) as caught:
        steps.check_polynomial(table.group, table.terms, table.gamma, 2, made, "polinomio")
    assert (caught.value.rule, caught.value.culprit) == ("ceremonia.polinomio.firma", 2)


def replace_keys(table: Table, index: int, by: int) -> Table:
    keys = list(table.keys)
    keys[index - 1] = table.keys[by - 1]
    return replace(table, keys=keys)


def test_verification_keys_of_two_trustees_exchanged(table: Table) -> None:
    one, two, three = table.voutputs
    with pytest.raises(CeremonyRefusal) as caught:
        steps.threshold_parameters(
            table.group, table.terms, table.gamma, table.polynomials, [two, one, three]
        )
    assert (caught.value.rule, caught.value.culprit) == ("ceremonia.verificacion.llave", 1)


def test_no_trustees_at_all(table: Table) -> None:
    with pytest.raises(CeremonyRefusal, match=r"ceremonia\.trustees\.vacio"):
        verify_trustees(table.group, b"[]")


def test_more_trustees_than_anybody_has_are_not_read(table: Table) -> None:
    kind, body = json.loads(table.trustees.encode())[0]
    body["certs"] *= 334
    with pytest.raises(FormatRefusal) as caught:
        verify_trustees(table.group, json.dumps([[kind, body]], separators=(",", ":")).encode())
    assert (caught.value.rule, caught.value.got) == ("ceremonia.custodios", "1002")


def test_channel_refuses_what_is_not_for_it(table: Table) -> None:
    group, keys = table.group, table.keys[0]
    for plain in ("x", "null", '{"message":"","signature":{"challenge":"0","response":"0"}} '):
        sealed = Encrypted.read(group, encrypt(group, keys.recipient, plain, RANDOM), "m")
        with pytest.raises(FormatRefusal) as caught:
            receive(group, keys, keys.recipient, sealed, "m")
        assert caught.value.got == HIDDEN


def test_secrets_do_not_show_in_representations(table: Table) -> None:
    assert str(table.keys[0].signing) not in repr(table.keys[0])
    with pytest.raises(FormatRefusal) as caught:
        derive_keys(table.group, "0lI-una-semilla-mal-copiada")
    assert "semilla-mal" not in str(caught.value)
