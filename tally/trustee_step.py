"""A trustee's one act of the opening, over all urns of the consultation (sei.md, "Opening").

Works on a copy of the public folder, offline. Nothing is decrypted before the whole public record of its
urn has been checked, and nothing is written before all urns have. A small urn is checked and never decrypted
here: it waits for its Mesa (tally/small_urns_step.py). What is opened is bound to the tallies of all urns,
those that wait included.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from keys import canonical
from keys.ceremony.trustees import Trustees, verify_trustees
from keys.errors import FormatRefusal, Refusal
from keys.group import Group, group_named
from keys.group.choice import Arithmetic
from keys.randomness import Randomness
from tally.archive import sha256
from tally.audit import UrnaAudit, UrnaAuditor
from tally.consultation import Consultation, Urn, trustees_part
from tally.errors import OpeningRefusal
from tally.opening import share_of
from tally.parallel import over_urns
from tally.public_folder import PublicFolder
from tally.shares import ShareHeading, UrnShare
from tally.small_urns import is_small

Progress = Callable[[int, int], None]
"""Called with how many urns are done, of how many."""


@dataclass(frozen=True)
class TrusteeAct:
    """Everything one process needs to work on urns. Picklable."""

    folder: Path
    owner: int
    secret: int
    arithmetic: Arithmetic = "auto"

    def prepare(self, randomness: Randomness) -> Ready:
        """Read and check what all urns share."""
        public = PublicFolder(self.folder)
        consultation = public.consultation()
        group = group_named(consultation.grupo, self.arithmetic, place="consulta.json › grupo")
        data = public.trustees()
        trustees = verify_trustees(group, data)
        require_same_ceremony(group, consultation, trustees)
        own = _own_key(group, trustees, self.owner, self.secret)
        auditor = UrnaAuditor(group, trustees, data)
        return Ready(public, consultation, group, auditor, self.secret, own, randomness)


@dataclass(frozen=True, slots=True)
class Examined:
    """What a trustee found in one urn: the hash of its tally, and the share unless it is small."""

    uuid: str
    tally: str
    share: UrnShare | None


@dataclass(frozen=True)
class Ready:
    """What all urns share, checked."""

    public: PublicFolder
    consultation: Consultation
    group: Group
    auditor: UrnaAuditor
    secret: int
    own_key: str
    randomness: Randomness

    def examine(self, urn: Urn) -> Examined:
        """The share of one urn, after its audit; none of a small one. Raises Refusal."""
        found = self.audit(urn)
        if is_small(found.ballots, self.consultation.k):
            return Examined(urn.uuid, self.sealed_tally(found), None)
        if found.votes is not None:
            raise OpeningRefusal("urna.abierta", urn.file, "una urna por abrir", "ya tiene resultado")
        share = share_of(found, self.group, self.secret, self.own_key, self.randomness)
        return Examined(urn.uuid, share.tally, share)

    def audit(self, urn: Urn) -> UrnaAudit:
        """The audit of one urn. Raises Refusal."""
        return audit_urn(self.public, self.consultation, self.group, self.auditor, urn)

    def sealed_tally(self, found: UrnaAudit) -> str:
        """The hash of the tally of a small urn that nobody began to open. Raises OpeningRefusal."""
        if found.partials:
            owners = ", ".join(map(str, sorted(found.partials)))
            got = f"descifrados parciales de {owners}"
            raise OpeningRefusal("urna.pequena", found.place, "una urna pequeña sin descifrar", got)
        return self.tally_hash(found)

    def tally_hash(self, found: UrnaAudit) -> str:
        """The hash of an urn's tally. Raises OpeningRefusal when it is still open."""
        if found.tally is None:
            raise OpeningRefusal("urna.cerrada", found.place, "una urna cerrada", "una urna abierta")
        return sha256(found.tally.data)


def audit_urn(
    public: PublicFolder, consultation: Consultation, group: Group, auditor: UrnaAuditor, urn: Urn
) -> UrnaAudit:
    """Audit one urn and compare it with what consulta.json announced. Raises Refusal."""
    try:
        with public.open_urn(urn) as stream:
            found = auditor.audit(stream, urn.file)
    except Refusal as refusal:
        raise refusal.within(f"UT {urn.unidad.clave}") from None
    expected = consultation.election(group, urn.unidad)
    canonical.require_same(found.known_election().data, expected.data.decode(), f"{urn.file} › election")
    if found.events["Setup"] != urn.setup:
        raise FormatRefusal("consulta.setup", f"{urn.file} › Setup", urn.setup, found.events["Setup"])
    return found


@dataclass(frozen=True, slots=True)
class MadeShare:
    """A trustee's file, ready to be handed in, and the fingerprint of everything that it opens."""

    heading: ShareHeading
    data: bytes
    fingerprint: str


def make_share(
    act: TrusteeAct,
    now: datetime,
    randomness: Randomness,
    *,
    processes: int | None = None,
    progress: Progress = lambda done, total: None,
) -> MadeShare:
    """Check the public record of all urns and decrypt those that may be opened alone.

    Raises Refusal with UT and rule, or StoreError.

    Whoever hands the file over must first have the private file remember its fingerprint
    (`keys.ceremony.trustee_side.remember_opening`): a key opens one set of tallies, ever.
    """
    public = PublicFolder(act.folder)
    consultation = public.consultation()
    consultation.calendar.require_opening(now)
    urns = consultation.urns
    examined: list[Examined] = []
    for found in over_urns(Ready.examine, urns, act.prepare, (randomness,), processes):
        examined.append(found)
        progress(len(examined), len(urns))
    shares = [found.share for found in examined if found.share is not None]
    heading = ShareHeading(consultation.id, act.owner, len(shares))
    data = b"".join([heading.line, *(share.line for share in shares)])
    tallies = {found.uuid: found.tally for found in examined}
    return MadeShare(heading, data, opening_fingerprint(consultation.data, tallies))


def opening_fingerprint(consultation: bytes, tallies: Mapping[str, str]) -> str:
    """SHA-256 that binds consulta.json and the hash of every encrypted tally, by uuid."""
    opened = {"consulta": sha256(consultation), "computos": dict(tallies)}
    return sha256(canonical.encode_sorted(opened))


def require_same_ceremony(group: Group, consultation: Consultation, trustees: Trustees) -> None:
    """consulta.json tells the ceremony as trustees.json holds it. Raises FormatRefusal."""
    names = [name for name, _ in consultation.custodios]
    keys = trustees.verification_keys
    if len(names) != len(keys):
        raise FormatRefusal("consulta.custodios", "consulta.json › custodios", len(keys), len(names))
    for name, expected in trustees_part(group, trustees, names).items():
        got = getattr(consultation, name)
        if got != expected:
            raise FormatRefusal(f"consulta.{name}", f"consulta.json › {name}", str(expected), str(got))


def _own_key(group: Group, trustees: Trustees, owner: int, secret: int) -> str:
    """The text of the trustee's verification key, which must be that of `secret`."""
    keys = trustees.verification_keys
    if not 1 <= owner <= len(keys):
        raise FormatRefusal("custodio.indice", "llave", f"de 1 a {len(keys)}", owner)
    (own,) = group.encoded_powers(group.tables([group.generator]), [[secret]])
    if own != keys[owner - 1].public_key:
        raise OpeningRefusal(
            "custodio.llave", f"custodio {owner}", "la llave de esta ceremonia", "otra llave"
        )
    return own
