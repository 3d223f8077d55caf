from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.exchange import bag
from db.exchange.zip_write import Entry

HASH = "ab" * 32
VALUES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1).map(
    lambda v: " ".join(v.split())
)


def test_the_declaration_is_the_standards_own() -> None:
    assert bag.declaration_fault(bag.DECLARATION) is None
    assert bag.declaration_fault(bag.DECLARATION.replace("\n", "\r\n")) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "不合"),
        (bag.DECLARATION + "X: 1\n", "不合"),
        (bag.DECLARATION.replace("1.0", "0.97"), "0.97"),
        (bag.DECLARATION.replace("UTF-8", "GBK"), "GBK"),
    ],
)
def test_another_declaration_is_refused(text: str, words: str) -> None:
    assert words in str(bag.declaration_fault(text))


@given(st.dictionaries(st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,20}", fullmatch=True), VALUES))
def test_facts_come_back(facts: dict[str, str]) -> None:
    found = bag.parse_bag_info(bag.bag_info_text(facts))
    assert found.values == {label: value for label, value in facts.items() if value}
    assert found.repeated == [] and found.faults == []


def test_a_line_break_in_a_fact_makes_no_second_fact() -> None:
    text = bag.bag_info_text({"Contact-Name": "王芳\nSequence: 9", "Contact-Phone": " "})
    assert bag.parse_bag_info(text).values == {"Contact-Name": "王芳 Sequence: 9"}


def test_repeats_continuations_and_junk_in_facts() -> None:
    found = bag.parse_bag_info("A: 1\n  2\nA: 3\n  4\n\nno fact\n: x\n")
    assert found.values == {"A": "1 2"} and found.get("B") == ""
    assert found.repeated == ["A"] and len(found.faults) == 2 and "第6行" in found.faults[0]


def test_manifests_come_back_in_order_of_names() -> None:
    entries = [Entry("data/b", 1, HASH), Entry("data/a", 2, "cd" * 32)]
    text = bag.manifest_text(entries)
    assert text.splitlines()[0].endswith("data/a")
    assert bag.parse_manifest(text, "m") == ({entry.name: entry.sha256 for entry in entries}, [])


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("junk", "bag.manifest_line"),
        (HASH[:-1] + "  data/a", "bag.manifest_line"),
        (HASH + "  ../a", "bag.manifest_name"),
        (HASH + "  data/a%0Ab", "bag.manifest_name"),
        (f"{HASH}  data/a\n{HASH}  data/a", "bag.manifest_repeat"),
        (f"{HASH}  data/a\n{HASH}  data/A", "bag.manifest_repeat"),
    ],
)
def test_unlawful_lines_of_manifests_are_named(line: str, code: str) -> None:
    _, problems = bag.parse_manifest(line, "m")
    assert [problem.code for problem in problems] == [code]


def test_escapes_and_stars_of_manifests_are_understood() -> None:
    assert bag.parse_manifest(f"{HASH.upper()} *data/100%25.txt\r\n", "m")[0] == {"data/100%.txt": HASH}


def test_a_manifest_of_junk_is_listed_in_bounds() -> None:
    _, problems = bag.parse_manifest("x\n" * 100_000, "m")
    assert len(problems) < 1000
