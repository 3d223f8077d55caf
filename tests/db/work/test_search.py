from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from db.core.errors import DataProblem
from db.core.fields import load_schema
from db.plan.catalogue import load_catalogue
from db.store import records
from db.store.county import County
from db.work.references import names_of, options, resolve
from db.work.search import Hit, search
from db.work.setup import new_county, town_id

ENTERPRISE = load_schema("enterprise")
FIRMS = ("寿光热电有限公司", "寿光市热力集团", "圣城100%再生纸业", "圣城纸业", "圣城纸业")


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    with new_county(tmp_path_factory.mktemp("search") / "county", county="370783", author="王芳") as made:
        with made.operation("新增企业") as op:
            for number, name in enumerate(FIRMS):
                code = f"9137078300000000{number:02d}"
                town = town_id("370783001")
                records.insert(op, ENTERPRISE, {"name": name, "credit_code": code, "town_id": town})
            gone = records.insert(op, ENTERPRISE, {"name": "寿光已注销公司"})
            records.delete(op, ENTERPRISE, [gone])
            records.insert(op, load_schema("coal_boiler"), {"name": "热电锅炉淘汰"})
            records.insert(op, load_schema("key_project"), {"content": "没有名称的热电项目"})
        yield made


@pytest.fixture
def conn(county: County) -> Iterator[sqlite3.Connection]:
    with county.reading() as connection:
        yield connection


def hits(conn: sqlite3.Connection, text: str, limit: int = 6) -> dict[str, list[Hit]]:
    return {group.title: list(group.hits) for group in search(conn, load_catalogue(), text, limit=limit)}


def titles(found: dict[str, list[Hit]], group: str) -> list[str]:
    return [hit.title for hit in found.get(group, [])]


def test_towns_by_name_initials_and_code(conn: sqlite3.Connection) -> None:
    for text in ("圣城街道", "scjd", "370783001", "　圣城　街道 "):
        assert "圣城街道" in titles(hits(conn, text), "镇街"), text


def test_enterprises_in_every_way_but_not_the_deleted(conn: sqlite3.Connection) -> None:
    assert titles(hits(conn, "寿光"), "企业") == ["寿光市热力集团", "寿光热电有限公司"]
    assert titles(hits(conn, "sgrd"), "企业") == ["寿光热电有限公司"]
    (hit,) = hits(conn, "913707830000000000")["企业"]
    assert (hit.kind, hit.table, hit.title) == ("enterprise", "enterprise", "寿光热电有限公司")
    assert hit.detail == "913707830000000000　圣城街道"


def test_wildcards_are_ordinary_characters(conn: sqlite3.Connection) -> None:
    assert titles(hits(conn, "100%"), "企业") == ["圣城100%再生纸业"]
    assert "企业" not in hits(conn, "圣%业")
    assert "企业" not in hits(conn, "_")


def test_tasks_by_id_words_and_initials(conn: sqlite3.Connection) -> None:
    found = hits(conn, "08-06")["任务"]
    assert (found[0].kind, found[0].id) == ("clause", "08-06")
    assert all(hit.id.startswith("08-06") for hit in found)
    assert any(hit.kind == "target" for hit in hits(conn, "清洁取暖 40万户")["任务"])
    clause = load_catalogue().clause("08-06")
    from db.store.initials import initials

    assert "08-06" in [hit.id for hit in hits(conn, initials(clause.title))["任务"]]


def test_projects_of_every_register(conn: sqlite3.Connection) -> None:
    found = hits(conn, "热电")
    (boiler,) = found["燃煤锅炉淘汰"]
    assert (boiler.kind, boiler.table, boiler.title) == ("project", "coal_boiler", "热电锅炉淘汰")
    assert titles(found, "重点项目") == ["（未填名称）"]


def test_few_of_each_and_whether_there_are_more(conn: sqlite3.Connection) -> None:
    groups = {group.title: group for group in search(conn, load_catalogue(), "圣城", limit=2)}
    assert len(groups["企业"].hits) == 2
    assert groups["企业"].more
    assert not groups["镇街"].more


@pytest.mark.parametrize("text", ["", "   ", "　", "没有这样的东西"])
def test_nothing_is_found_for_nothing(conn: sqlite3.Connection, text: str) -> None:
    assert hits(conn, text) == {}


def test_options_of_a_reference(conn: sqlite3.Connection) -> None:
    everything = options(conn, "town")
    assert "圣城街道" in [each.name for each in everything]
    assert [each.name for each in options(conn, "town", "scjd")] == ["圣城街道"]
    assert [each.detail for each in options(conn, "enterprise", "寿光热电")] == ["913707830000000000"]
    assert len(options(conn, "town", limit=3)) == 3
    assert options(conn, "enterprise", "已注销") == []


def test_resolving_names_codes_and_ids(conn: sqlite3.Connection) -> None:
    known = town_id("370783001")
    found = resolve(conn, "town", ["圣城街道", " 圣城街道　", "370783001", known])
    assert set(found.values()) == {known}
    assert names_of(conn, "town", [known, "unknown"]) == {known: "圣城街道"}


def test_resolving_says_what_is_wrong(conn: sqlite3.Connection) -> None:
    found = resolve(conn, "enterprise", ["圣城纸业", "没有的公司", "寿光已注销公司"])
    assert all(isinstance(problem, DataProblem) for problem in found.values())
    assert "2 个" in str(found["圣城纸业"])
    assert "没有“没有的公司”这个企业" in str(found["没有的公司"])
    assert "没有" in str(found["寿光已注销公司"])


def test_resolving_many(conn: sqlite3.Connection) -> None:
    texts = [f"不存在{number}" for number in range(1200)] + ["圣城街道"]
    found = resolve(conn, "town", texts)
    assert len(found) == 1201
    assert found["圣城街道"] == town_id("370783001")
