"""Whether a certificate leads to a root that the user trusts, and was good at an instant (RFC 5280)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    ExpiredError,
    InsufficientRevinfoError,
    InvalidCertificateError,
    NotYetValidError,
    PathBuildingError,
    PathError,
    RevokedError,
    ValidationError,
)

from certeza_verifier.errors import Failure, NotJudged

SIGNING = "non_repudiation"
STAMPING = "time_stamping"
_SHORT = {
    "common_name": "CN",
    "country_name": "C",
    "email_address": "E",
    "locality_name": "L",
    "organization_name": "O",
    "organizational_unit_name": "OU",
    "serial_number": "SERIALNUMBER",
    "state_or_province_name": "ST",
    "street_address": "STREET",
    "postal_code": "PostalCode",
}


def require_signer(
    certificate: Any, others: Iterable[Any], moment: datetime, roots: tuple[Any, ...], lists: tuple[Any, ...]
) -> None:
    """Of somebody who signs documents: commitment to the content. Raises Failure or NotJudged."""
    _require(certificate, others, moment, roots, lists, {SIGNING}, set())


def require_stamper(
    certificate: Any, others: Iterable[Any], moment: datetime, roots: tuple[Any, ...], lists: tuple[Any, ...]
) -> None:
    """Of a time-stamp authority: `timeStamping` alone and critical (RFC 3161, 2.3). Raises as above."""
    name = describe(certificate)
    uses = certificate.extended_key_usage_value
    critical = {
        extension["extn_id"].native for extension in _extensions(certificate) if extension["critical"].native
    }
    if uses is None or uses.native != [STAMPING] or "extended_key_usage" not in critical:
        got = "ninguno" if uses is None else ", ".join(map(str, uses.native))
        raise Failure("documento-uso", name, "sólo timeStamping, crítico", got)
    _require(certificate, others, moment, roots, lists, set(), {STAMPING})


def _extensions(certificate: Any) -> Any:
    return certificate["tbs_certificate"]["extensions"]


def _require(
    certificate: Any,
    others: Iterable[Any],
    moment: datetime,
    roots: tuple[Any, ...],
    lists: tuple[Any, ...],
    usage: set[str],
    extended: set[str],
) -> None:
    name = describe(certificate)
    context = ValidationContext(
        trust_roots=list(roots),
        other_certs=list(others),
        moment=moment,
        crls=list(lists),
        revocation_mode="require" if lists else "soft-fail",
        retroactive_revinfo=True,  # a list that is younger than the signature knows more, not less
    )
    try:
        validator = CertificateValidator(certificate, validation_context=context)
        asyncio.run(validator.async_validate_usage(usage, extended))
    except RevokedError as error:
        since = error.revocation_dt.isoformat(sep=" ")
        raise Failure(
            "documento-revocado", name, "un certificado sin revocar", f"revocado el {since}"
        ) from None
    except ExpiredError as error:
        until = error.expired_dt.isoformat(sep=" ")
        raise Failure(
            "documento-vencido", name, f"vigente el {moment.isoformat(sep=' ')}", f"venció el {until}"
        ) from None
    except NotYetValidError:
        raise Failure(
            "documento-vencido", name, f"vigente el {moment.isoformat(sep=' ')}", "empezó después"
        ) from None
    except InsufficientRevinfoError:
        raise NotJudged(f"ninguna de las listas de revocación dice algo de {name} en ese instante") from None
    except PathBuildingError:
        issuer = name_of(certificate.issuer)
        raise Failure(
            "documento-ancla", name, "un certificado que lleve a --ancla", f"emitido por {issuer}"
        ) from None
    except InvalidCertificateError:
        wanted = ", ".join(usage | extended)
        raise Failure("documento-uso", name, wanted, "un certificado que no sirve para eso") from None
    except (PathError, ValidationError) as error:
        raise Failure("documento-ancla", name, "una cadena válida", type(error).__name__) from None


def describe(certificate: Any) -> str:
    """Name and number, as they are printed: «PERSONA (certificado 000…)»."""
    name = certificate.subject.native.get("common_name") or name_of(certificate.subject)
    return f"{name} (certificado {certificate.serial_number:021d})"


def name_of(name: Any) -> str:
    """A distinguished name, its parts in the order of the certificate: «C=MX,O=…,CN=…»."""
    pairs = [pair for part in name.chosen for pair in part]
    return ",".join(
        f"{_SHORT.get(pair['type'].native, pair['type'].dotted)}={pair['value'].native}" for pair in pairs
    )
