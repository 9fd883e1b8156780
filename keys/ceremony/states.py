"""The ceremony seen by its coordinator, as a state table. No files, no clock, no sockets.

In each state one kind of message is awaited, from every trustee; when the last one is in, the next state
begins. A message of an earlier kind is accepted again only when it is the same, byte for byte; a different
one is refused, because two signed versions of a step are evidence against whoever made them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from typing import NamedTuple

from keys.ceremony import checks, steps
from keys.ceremony.certificate import (
    Certificate,
    check_certificate,
    check_distinct,
    encode_certificates,
    gamma_fingerprint,
)
from keys.ceremony.channel import CeremonyRefusal
from keys.ceremony.messages import Polynomial, VOutput
from keys.ceremony.terms import Terms, blame
from keys.ceremony.trustees import Trustees
from keys.group import Element, Group


class Kind(Enum):
    """What trustees send, in order."""

    CERTIFICATE = "certificado"
    POLYNOMIAL = "polinomio"
    VERIFICATION = "verificacion"

    @property
    def label(self) -> str:
        """The word for people; the value is for file names."""
        return "verificación" if self is Kind.VERIFICATION else self.value


class State(Enum):
    """What the coordinator waits for."""

    CERTIFICATES = "en espera de certificados"
    POLYNOMIALS = "en espera de polinomios"
    VERIFICATIONS = "en espera de verificaciones"
    COMPLETE = "completa"


class Row(NamedTuple):
    """One row of the table: the only kind that is new in a state, and where its completion leads."""

    awaits: Kind
    then: State


TABLE: dict[State, Row] = {
    State.CERTIFICATES: Row(Kind.CERTIFICATE, State.POLYNOMIALS),
    State.POLYNOMIALS: Row(Kind.POLYNOMIAL, State.VERIFICATIONS),
    State.VERIFICATIONS: Row(Kind.VERIFICATION, State.COMPLETE),
}


class Outcome(Enum):
    """What became of a message that was not refused."""

    NEW = "nuevo"
    REPEATED = "repetido"


class Ceremony:
    """The coordinator's side. `receive` either accepts a message or raises and changes nothing."""

    def __init__(self, group: Group, terms: Terms) -> None:
        if group.name != terms.group:
            raise CeremonyRefusal("ceremonia.grupo", "ceremonia", terms.group, group.name)
        self.group = group
        self.terms = terms.check("ceremonia")
        self.state = State.CERTIFICATES
        self._bytes: dict[Kind, dict[int, bytes]] = {kind: {} for kind in Kind}
        self._certificates: dict[int, Certificate] = {}
        self._polynomials: dict[int, Polynomial] = {}
        self._voutputs: dict[int, VOutput] = {}
        self._total: Sequence[Element] = ()
        self._trustees: Trustees | None = None

    def receive(self, kind: Kind, index: int, data: bytes, place: str) -> Outcome:
        """Take the message of trustee `index`. Raises a Refusal that names the trustee."""
        self.terms.require_index(index, place)
        with blame(index):
            if self._is_repeated(kind, index, data, place):
                return Outcome.REPEATED
            self._require_awaited(kind, place)
            self._check(kind)(index, data, place)
        self._bytes[kind][index] = data
        self._advance()
        return Outcome.NEW

    def accepted(self, kind: Kind, index: int) -> bytes | None:
        """The bytes accepted from trustee `index`, if any."""
        return self._bytes[kind].get(index)

    def missing(self) -> list[int]:
        """The trustees whose message the present state waits for."""
        row = TABLE.get(self.state)
        return [] if row is None else [i for i in self.terms.indices() if i not in self._bytes[row.awaits]]

    @property
    def certificates(self) -> list[Certificate]:
        """Those accepted so far, in order of index; all of them (Γ) from the second state on."""
        return [self._certificates[i] for i in sorted(self._certificates)]

    def gamma(self) -> bytes:
        """The file of Γ. Raises CeremonyRefusal while certificates are missing."""
        self._require_past(State.CERTIFICATES, "certificados.jsons")
        return encode_certificates(self.certificates)

    def gamma_fingerprint(self) -> str:
        """SHA-256 of `gamma`."""
        self._require_past(State.CERTIFICATES, "certificados.jsons")
        return gamma_fingerprint(self.certificates)

    def vinput(self, index: int) -> bytes:
        """What trustee `index` receives. Raises CeremonyRefusal while polynomials are missing."""
        self._require_past(State.POLYNOMIALS, "entradas")
        polynomials = [self._polynomials[i] for i in self.terms.indices()]
        return steps.make_vinput(polynomials, index).encode()

    @property
    def trustees(self) -> Trustees:
        """The public result. Raises CeremonyRefusal until the ceremony is complete."""
        if self._trustees is None:
            raise CeremonyRefusal(
                "ceremonia.estado", "trustees.json", "una ceremonia completa", f"una {self.state.value}"
            )
        return self._trustees

    def _is_repeated(self, kind: Kind, index: int, data: bytes, place: str) -> bool:
        before = self._bytes[kind].get(index)
        if before is not None and before != data:
            raise CeremonyRefusal(
                "ceremonia.mensaje.distinto", place, f"el mismo {kind.value} que ya se aceptó", "otro"
            )
        return before is not None

    def _require_awaited(self, kind: Kind, place: str) -> None:
        row = TABLE.get(self.state)
        if row is None or row.awaits is not kind:
            expected = row.awaits.value if row else "ningún mensaje más"
            raise CeremonyRefusal("ceremonia.mensaje.orden", place, expected, kind.value)

    def _require_past(self, state: State, place: str) -> None:
        order = list(State)
        if order.index(self.state) <= order.index(state):
            raise CeremonyRefusal("ceremonia.estado", place, TABLE[state].then.value, self.state.value)

    def _check(self, kind: Kind) -> Callable[[int, bytes, str], None]:
        return {
            Kind.CERTIFICATE: self._certificate,
            Kind.POLYNOMIAL: self._polynomial,
            Kind.VERIFICATION: self._verification,
        }[kind]

    def _certificate(self, index: int, data: bytes, place: str) -> None:
        made = Certificate.decode(self.group, data, place)
        check_certificate(self.group, made, self.terms.context(index), place)
        check_distinct([*self.certificates, made], place)
        self._certificates[index] = made

    def _polynomial(self, index: int, data: bytes, place: str) -> None:
        made = Polynomial.decode(self.group, data, place, self.terms.size)
        steps.check_polynomial(self.group, self.terms, self.certificates, index, made, place)
        firsts = [p.coefexps.elements[0] for p in (*self._polynomials.values(), made)]
        checks.require_not_identity(self.group, self.group.product(firsts), f"{place}.coefexps")
        self._polynomials[index] = made

    def _verification(self, index: int, data: bytes, place: str) -> None:
        made = VOutput.decode(self.group, data, place)
        steps.check_voutput(self.group, self._total, index, made, place)
        self._voutputs[index] = made

    def _advance(self) -> None:
        if self.missing() or self.state is State.COMPLETE:
            return
        self.state = TABLE[self.state].then
        if self.state is State.VERIFICATIONS:
            ordered = [self._polynomials[i] for i in self.terms.indices()]
            self._total = checks.sum_commitments(self.group, [p.coefexps for p in ordered])
        if self.state is State.COMPLETE:
            self._trustees = steps.threshold_parameters(
                self.group,
                self.terms,
                self.certificates,
                [self._polynomials[i] for i in self.terms.indices()],
                [self._voutputs[i] for i in self.terms.indices()],
            )
