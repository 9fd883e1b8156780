"""The page of benchmarks keeps what was not measured again."""

from __future__ import annotations

from tools.bench import page
from tools.bench.sections import TITLES

HEAD = ["# Benchmarks", "", "Words."]


def test_a_section_alone_replaces_itself_and_leaves_the_others() -> None:
    before = page.merged("", HEAD, {"Growth": ["## Growth", "", "old"], "The log": ["## The log", "x"]}, [])
    after = page.merged(before, HEAD, {"Growth": ["## Growth", "", "new", ""]}, TITLES.values())
    assert page.sections(after) == {
        "": HEAD,
        "Growth": ["## Growth", "", "new"],
        "The log": ["## The log", "x"],
    }


def test_a_new_section_takes_its_place_in_the_order() -> None:
    before = page.merged("", HEAD, {"The whole city": ["## The whole city"]}, TITLES.values())
    after = page.merged(before, HEAD, {"Reception": ["## Reception"]}, TITLES.values())
    assert list(page.sections(after)) == ["", "Reception", "The whole city"]


def test_merging_twice_changes_nothing() -> None:
    once = page.merged("", HEAD, {"Growth": ["## Growth", "a"]}, TITLES.values())
    assert page.merged(once, HEAD, {"Growth": ["## Growth", "a"]}, TITLES.values()) == once
