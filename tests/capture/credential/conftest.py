"""Engines that are loaded once."""

from __future__ import annotations

import pytest

from capture.credential.rapid_text import RapidTextReader


@pytest.fixture(scope="session")
def text_reader() -> RapidTextReader:
    """The models inside rapidocr's wheel."""
    return RapidTextReader()
