"""A trustee's key opens one set of tallies and one set of sums, ever, and both of the same urns."""

from __future__ import annotations

from dataclasses import replace

import pytest

from keys.ceremony.channel import CeremonyRefusal
from keys.ceremony.trustee_side import remember_opening, remember_sums
from keys.trustee_file import TrusteeFile

pytestmark = [pytest.mark.req("SEI-22"), pytest.mark.req("SEI-28")]
OWN = TrusteeFile("c" * 22, "Ed25519", 5, 3, 2, "KgGVuY4y5QCbGEhYA1921J", '{"message":"…"}')
TALLIES, OTHER, SUMS = "1" * 64, "2" * 64, "3" * 64


def test_the_sums_are_remembered_with_the_tallies_that_they_belong_to() -> None:
    opened = remember_opening(OWN, TALLIES)
    both = remember_sums(opened, TALLIES, SUMS)
    assert (both.apertura, both.sumas) == (TALLIES, SUMS)
    assert remember_sums(both, TALLIES, SUMS) == both == remember_opening(both, TALLIES)


def test_who_was_absent_the_first_time_is_bound_to_both_at_once() -> None:
    late = remember_sums(OWN, TALLIES, SUMS)
    with pytest.raises(CeremonyRefusal, match=r"custodio\.apertura\.otra"):
        remember_opening(late, OTHER)


def test_sums_of_urns_that_changed_since_are_refused() -> None:
    with pytest.raises(CeremonyRefusal, match=r"custodio\.apertura\.otra"):
        remember_sums(remember_opening(OWN, TALLIES), OTHER, SUMS)


def test_a_second_set_of_sums_is_refused() -> None:
    with pytest.raises(CeremonyRefusal, match=r"custodio\.sumas\.otras"):
        remember_sums(remember_sums(OWN, TALLIES, SUMS), TALLIES, OTHER)


def test_files_from_before_there_were_sums_are_read_and_written_as_they_were() -> None:
    assert b"sumas" not in OWN.encode()
    assert TrusteeFile.decode(OWN.encode(), "x") == OWN
    both = replace(OWN, apertura=TALLIES, sumas=SUMS)
    assert b'"sumas":"333' in both.encode()
    assert TrusteeFile.decode(both.encode(), "x") == both
    with pytest.raises(Exception, match="contenido secreto"):
        TrusteeFile.decode(OWN.encode().replace(b'"umbral"', b'"sumas":null,"umbral"'), "x")
