"""A whole document: signatures, increments, JSON and its stamp; every failure is told, not only the first."""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from asn1crypto import crl
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import CMSExtractionError, CMSStructuralError
from pyhanko.sign.validation.errors import SignatureValidationError

from certeza_verifier.documents.attached import JSON, check_json, check_json_stamp, resolved
from certeza_verifier.documents.attached import attached as files_of
from certeza_verifier.documents.increments import check_increments, increments
from certeza_verifier.documents.own_files import Anchors
from certeza_verifier.documents.signatures import Signed, check_signature
from certeza_verifier.errors import Failure, NotJudged
from certeza_verifier.report import Finding, Report

_BAD = (PdfError, CMSExtractionError, CMSStructuralError, SignatureValidationError)
_ODD = (ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError, RecursionError)
MAX_SIGNATURES = 32
logging.getLogger("pyhanko").addHandler(logging.NullHandler())
logging.getLogger("pyhanko_certvalidator").addHandler(logging.NullHandler())


@dataclass(slots=True)
class Judged:
    """What holds of a document so far."""

    signed: list[Signed] = field(default_factory=list)
    json: bytes | None = None


def judge_document(name: str, data: bytes, anchors: Anchors, report: Report) -> Judged:
    """Adds to the report what it finds. A file that cannot be read as a PDF is one finding."""
    judged = Judged()
    try:
        reader = PdfFileReader(io.BytesIO(data), strict=True)
        _judge(name, data, reader, anchors, report, judged)
    except Failure as failure:
        report.findings.append(Finding.of(failure, name))
    except (*_BAD, *_ODD) as error:
        report.findings.append(Finding("documento-pdf", name, got=type(error).__name__))
    return judged


def _judge(name: str, data: bytes, reader: Any, anchors: Anchors, report: Report, judged: Judged) -> None:
    embedded = reader.embedded_signatures
    if not any(one.sig_object_type == "/Sig" for one in embedded):
        raise Failure("documento-sin-firma", expected="al menos una firma", got=len(embedded))
    if len(embedded) > MAX_SIGNATURES:
        raise Failure("documento-pdf", expected=f"{MAX_SIGNATURES} firmas como máximo", got=len(embedded))
    anchors = _with_lists(reader, anchors, report)
    for one in embedded:
        _one(name, one, anchors, report, judged)
    _told(judged, anchors, report)
    found = increments(reader, data)
    check_increments(reader, embedded, found)
    report.done["incrementos"] += len(found) - 1
    files = files_of(reader)
    if JSON not in files:
        report.notes.append(
            f"El PDF no trae {JSON}: sólo se juzgaron sus firmas, no su contenido para programas."
        )
        return
    judged.json, value = check_json(files, _subject(reader))
    report.done["contenidos"] += 1
    report.notes.append(f"Dice: «{value['titulo']}», de {value['instituto']}, {value['emitido']}.")
    stamped = check_json_stamp(files, judged.json, anchors)
    if stamped is not None:
        report.done["sellos-de-tiempo"] += 1


def _subject(reader: Any) -> str:
    """The description among the PDF's own data."""
    information = resolved(reader.trailer_view.get("/Info"))
    return str(information.get("/Subject", "")) if information else ""


def _one(name: str, embedded: Any, anchors: Anchors, report: Report, judged: Judged) -> None:
    try:
        signed = check_signature(embedded, anchors)
    except Failure as failure:
        report.findings.append(Finding.of(failure, name))
    except NotJudged as error:
        report.not_judged = str(error)
    except (*_BAD, *_ODD) as error:
        place = str(embedded.field_name)
        report.findings.append(Finding("documento-firma", name, place, got=type(error).__name__))
    else:
        judged.signed.append(signed)
        report.notes += signed.lines()
        report.done["firmas-de-personas"] += signed.person is not None
        report.done["sellos-de-tiempo"] += 1


def _with_lists(reader: Any, anchors: Anchors, report: Report) -> Anchors:
    """The user's revocation lists; when there are none, those that the document carries."""
    if anchors.lists:
        return anchors
    store = resolved(reader.root.get("/DSS"))
    listed = resolved(store.get("/CRLs")) if store else None
    carried = [crl.CertificateList.load(resolved(one).data) for one in listed or ()]
    if carried:
        report.notes.append("Sin --crl: la revocación se comprobó con las listas que trae el documento.")
        return Anchors(anchors.roots, anchors.stamp_roots, tuple(carried))
    report.notes.append("Sin --crl no se comprobó si los certificados estaban revocados.")
    return anchors


def _told(judged: Judged, anchors: Anchors, report: Report) -> None:
    report.details["firmas"] = [signed.as_json() for signed in judged.signed]
    report.details["revocacion"] = bool(anchors.lists)
    now = datetime.now(UTC)
    last = judged.signed[-1].stamped if judged.signed else None
    if last is not None and last.certificate["tbs_certificate"]["validity"]["not_after"].native < now:
        report.notes.append(
            "El certificado que puso el último sello de tiempo ya venció: el sello es de antes."
        )
