"""What is kept of a record for patterns: from its reading to a row of a segment."""

from __future__ import annotations

import numpy as np
import pytest

from capture.patterns.seen import (
    ROW,
    Place,
    Seen,
    decode,
    encode,
    folio_of,
    has_face,
    has_file,
    has_view,
    place_in,
    place_of,
    row_of,
    seen_of,
)
from capture.patterns.views import EXACT, View
from capture.reading.results import (
    CardReading,
    FaceReading,
    RecordReading,
    SignatureDefect,
    SignatureReading,
)
from keys.errors import FormatRefusal
from tests.capture.patterns.making import clave, face, some_print
from tests.capture.records.making import folio

PRINTS = {view.value: some_print(at) for at, view in enumerate(View)}
FILES = {"firma.png": b"firma", "foto.jpg": b"foto"}


def reading(*defects: SignatureDefect) -> RecordReading:
    card = CardReading("G", {}, {}, {})
    return RecordReading(card, FaceReading((), embedding=face(1)), SignatureReading(defects), PRINTS)


def test_all_that_was_read_comes_back_from_a_segment() -> None:
    context = {"latitud": 22.770912, "longitud": -102.583201, "exactitud": 12}
    seen = seen_of(folio(3), FILES, reading(), clave(1), context)
    both = decode(encode(np.concatenate([row_of(seen), row_of(Seen(folio(4)))])), "segmento")
    assert [folio_of(one) for one in both["folio"]] == [folio(3), folio(4)]
    assert both["prints"][0].tobytes() == b"".join(PRINTS.values())
    assert all(has_view(both, view).tolist() == [True, False] for view in View)
    assert has_file(both, "firma.png").tolist() == has_face(both).tolist() == [True, False]
    assert not has_file(both, "anverso.jpg").any()
    assert place_in(both[0]) == Place(22.770912, -102.583201, 12)
    assert place_in(both[1]) is None
    assert both["clave"].tolist() == [int.from_bytes(clave(1)[:8], "little"), 0]
    kept, given = both["face"][0].astype(float), np.frombuffer(face(1), "<f4")
    assert kept @ given / np.linalg.norm(kept) == pytest.approx(1, abs=0.001)


def test_a_signature_that_is_none_is_compared_with_no_other() -> None:
    seen = seen_of(folio(3), FILES, reading(SignatureDefect.DOT), None, {})
    assert "firma.png" not in seen.prints
    assert EXACT + "firma.png" not in seen.prints
    assert EXACT + "foto.jpg" in seen.prints


def test_before_anything_is_read_the_files_themselves_are_compared() -> None:
    seen = seen_of(folio(3), FILES, None, None, {})
    assert sorted(seen.prints) == [f"{EXACT}firma.png", f"{EXACT}foto.jpg"]
    assert seen.embedding is None


@pytest.mark.parametrize(
    "bad", [b"", b"corto", np.zeros(128, "<f4").tobytes(), np.full(128, np.nan, "<f4").tobytes()]
)
def test_what_is_not_of_its_form_counts_as_not_there(bad: bytes) -> None:
    row = row_of(Seen(folio(1), {"foto.jpg": bad[:5]}, bad))
    assert not has_face(row)[0]
    assert not has_view(row, View.FOTO)[0]


def test_a_segment_of_another_form_is_refused() -> None:
    for data in (b"", b"\x02" + bytes(ROW.itemsize), b"\x01" + bytes(ROW.itemsize - 1)):
        with pytest.raises(FormatRefusal, match=r"patrones\.formato"):
            decode(data, "segmento")


def test_a_place_needs_both_coordinates() -> None:
    assert place_of({"latitud": 22.5}) is None
    assert place_of({"latitud": 22.5, "longitud": -102.5}) == Place(22.5, -102.5, 0)


def test_nothing_personal_shows_when_it_is_printed() -> None:
    seen = seen_of(folio(3), FILES, reading(), clave(1), {"latitud": 22.5, "longitud": -102.5})
    assert repr(seen) == f"Seen(folio='{folio(3)}')"
