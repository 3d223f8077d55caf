"""Opening a county for work: registers arrive in their newest edition, once, and rows stay."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from db.core.fields import load_schema, schema_from_json
from db.store import records
from db.store.county import County
from db.work import registers
from db.work.opening import LABEL, open_county
from db.work.setup import new_county


def test_a_newer_edition_of_a_register_arrives_on_opening_and_only_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "county"
    old = load_schema("coal_boiler")
    with new_county(folder, county="370783", author="王芳") as county, county.operation("登记") as op:
        records.insert(op, old, {"name": "一号锅炉"})
    raw = dict(old.raw)
    raw["x-edition"] = old.edition + 1
    raw["fields"] = [*raw["fields"], {"name": "chimney", "title": "烟囱高度", "type": "number", "x-unit": "米"}]
    newer = schema_from_json(raw)
    monkeypatch.setattr(registers, "shipped", lambda: [newer])
    monkeypatch.setattr(registers, "_shipped_editions", lambda: {newer.name: newer.edition})
    with open_county(folder, author="王芳") as county:
        assert any("燃煤锅炉淘汰" in notice for notice in county.notices)
        assert county.undo_label() != LABEL
        with county.reading() as conn:
            rows = list(records.select(conn, registers.register(conn, "coal_boiler"), "1", ()))
    assert [(row.values["name"], row.values["chimney"]) for row in rows] == [("一号锅炉", None)]
    with open_county(folder, author="王芳") as county:
        assert not county.notices


def test_a_county_opened_read_only_is_not_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "county"
    new_county(folder, county="370783", author="王芳").close()
    before = (folder / "county.db").read_bytes()
    newer = replace(load_schema("coal_boiler"), edition=99)
    monkeypatch.setattr(registers, "shipped", lambda: [newer])
    monkeypatch.setattr(registers, "_shipped_editions", lambda: {newer.name: newer.edition})
    with open_county(folder, author="王芳", read_only=True) as county:
        assert isinstance(county, County) and county.read_only
    assert (folder / "county.db").read_bytes() == before


def test_a_county_is_opened_through_one_connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each connection reads the whole schema first, 200 triggers, and what it held stays in the process."""
    folder = tmp_path / "county"
    new_county(folder, county="370783", author="王芳").close()
    monkeypatch.setattr(County, "connect", lambda _county: pytest.fail("another connection"))
    with open_county(folder, author="王芳") as county:
        assert county.notices == []


@pytest.mark.parametrize(("days", "told"), [(31, True), (1, True), (0, False)])
def test_a_clock_that_cannot_be_right_is_told_when_the_county_opens(
    days: int, told: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    then = (datetime.now() + timedelta(days=days)).isoformat(timespec="seconds")
    with monkeypatch.context() as patch:
        patch.setattr("db.store.operation.now", lambda: then)
        new_county(tmp_path / "寿光市", county="370783", author="王芳").close()
    with open_county(tmp_path / "寿光市", author="王芳") as county:
        assert [then.replace("T", " ")[:16] in notice for notice in county.notices] == ([True] if told else [])


def test_a_county_that_was_moved_into_a_synchronised_folder_opens_and_says_so(tmp_path: Path) -> None:
    new_county(tmp_path / "寿光市", county="370783", author="王芳").close()
    place = tmp_path / "我的坚果云"
    place.mkdir()
    (tmp_path / "寿光市").rename(place / "寿光市")
    with open_county(place / "寿光市", author="王芳") as county:
        assert len(county.notices) == 1 and "坚果云" in county.notices[0] and "移到本机" in county.notices[0]
