"""A time-stamp authority of one's own (RFC 3161): a query comes in as bytes, an answer goes out as bytes.

The CMS is pyHanko's and the structures are asn1crypto's; here is only what an authority decides.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from asn1crypto import cms, core, tsp, x509

from keys.documents.blocking import finished
from keys.documents.cms_signer import DIGEST, CmsSigner
from keys.documents.ports import Signer

POLICY = "1.3.6.1.4.1.32473.29.1"
"""Under the enterprise number of RFC 5612: of trials. A real authority has its own."""
MAX_QUERY_BYTES = 4096
QUERY_TYPE = "application/timestamp-query"
REPLY_TYPE = "application/timestamp-reply"
SIZES = {"sha256": 32, "sha384": 48, "sha512": 64}
"""Bytes of the digests that are stamped."""


class _Rejected(Exception):  # noqa: N818 - it becomes an answer
    """Why a query is not answered with a stamp: the PKIFailureInfo bit, and words."""

    def __init__(self, failure: str, words: str) -> None:
        self.failure = failure
        self.words = words
        super().__init__(words)


class Reply(core.Sequence):  # type: ignore[misc]
    """TimeStampResp with its token optional, as RFC 3161 has it; asn1crypto's own demands one."""

    _fields = [("status", tsp.PKIStatusInfo), ("time_stamp_token", cms.ContentInfo, {"optional": True})]  # noqa: RUF012


class StampingAuthority:
    """Signs that a digest existed at an instant. `signer`: of a certificate with only `timeStamping`."""

    def __init__(self, signer: Signer, policy: str = POLICY) -> None:
        self._cms = CmsSigner(signer)
        self._certificate = x509.Certificate.load(signer.certificate)
        self._policy = policy

    def answer(self, query: bytes, now: datetime, serial: int) -> bytes:
        """The TimeStampResp, granted or rejected. `serial`: unique here."""
        try:
            request = _read(query, self._policy)
            token = finished(lambda: self._token(request, now, serial))
        except _Rejected as rejected:
            status = {
                "status": "rejection",
                "fail_info": {rejected.failure},
                "status_string": [rejected.words],
            }
            return bytes(Reply({"status": status}).dump())
        return bytes(Reply({"status": {"status": "granted"}, "time_stamp_token": token}).dump())

    async def _token(self, request: tsp.TimeStampReq, now: datetime, serial: int) -> cms.ContentInfo:
        content = cms.EncapsulatedContentInfo(
            {
                "content_type": "tst_info",
                "content": cms.ParsableOctetString(self._said(request, now, serial).dump()),
            }
        )
        token = await self._cms.async_sign_general_data(content, DIGEST, detached=False)
        if not request["cert_req"].native:
            token["content"]["certificates"] = None
        return token

    def _said(self, request: tsp.TimeStampReq, now: datetime, serial: int) -> tsp.TSTInfo:
        said = {
            "version": "v1",
            "policy": self._policy,
            "message_imprint": request["message_imprint"],
            "serial_number": serial,
            "gen_time": now.astimezone(UTC).replace(microsecond=0),
            "accuracy": {"seconds": 1},
            "tsa": x509.GeneralName("directory_name", self._certificate.subject),
        }
        if request["nonce"].native is not None:
            said["nonce"] = request["nonce"].native
        return tsp.TSTInfo(said)


def _read(query: bytes, policy: str) -> tsp.TimeStampReq:
    if len(query) > MAX_QUERY_BYTES:
        raise _Rejected("bad_data_format", "consulta demasiado larga")
    try:
        request = tsp.TimeStampReq.load(query, strict=True)
        imprint = request["message_imprint"]
        algorithm, digest = imprint["hash_algorithm"]["algorithm"].native, imprint["hashed_message"].native
        version, asked = request["version"].native, request["req_policy"].native
        extended = request["extensions"].native
    except (ValueError, TypeError, KeyError):
        raise _Rejected("bad_data_format", "la consulta no es un TimeStampReq") from None
    if version != "v1":
        raise _Rejected("bad_request", "versión de la consulta distinta de 1")
    if algorithm not in SIZES:
        raise _Rejected("bad_alg", f"se sellan {', '.join(SIZES)}")
    if len(digest) != SIZES[algorithm]:
        raise _Rejected("bad_data_format", "la huella no mide lo que su algoritmo dice")
    if asked is not None and asked != policy:
        raise _Rejected("unaccepted_policy", "esta autoridad no sella con esa política")
    if extended:
        raise _Rejected("unaccepted_extensions", "esta autoridad no admite extensiones")
    return request


class OwnStamps:
    """A `TimeStamps` in this same process: the authority with a clock and a source of serial numbers."""

    def __init__(
        self, authority: StampingAuthority, clock: Callable[[], datetime], serials: Callable[[], int]
    ) -> None:
        self._authority = authority
        self._clock = clock
        self._serials = serials

    def answer(self, query: bytes) -> bytes:
        """See `ports.TimeStamps.answer`."""
        return self._authority.answer(query, self._clock(), self._serials())
