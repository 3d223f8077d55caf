from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from db.core.errors import DataProblem
from db.core.fields import load_schema
from db.exchange.data_package import WrittenTable, data_package, parse_data_package
from db.exchange.package_kinds import kind_and_period, package_name, parse_package_name
from db.exchange.package_tables import PackageTable, schema_of, table_descriptor
from db.exchange.zip_write import Entry

NAME = package_name("370783", "plan", "2022", 3)
TABLE = PackageTable("quota", load_schema("quota"))
SHIPPED = ("town", "enterprise", "quota", "assignment", "key_project", "attachment")


def made() -> bytes:
    written = WrittenTable(TABLE, Entry("data/tables/quota.csv", 10, "ab" * 32), 2, {"amount": Decimal("1E+2")})
    files = [Entry("data/report.xlsx", 5, "cd" * 32), Entry("data/attachments/B.PDF", 6, "ef" * 32)]
    return data_package(NAME, "寿光市", "v1", [written], files)


def test_what_is_written_is_read_back() -> None:
    descriptor, (table, attachment, report) = parse_data_package(made())
    assert (descriptor["x-county-code"], descriptor["x-kind"], descriptor["x-period"]) == ("370783", "plan", "2022")
    assert (table.name, table.path, table.rows, table.bytes) == ("quota", "tables/quota.csv", 2, 10)
    assert table.totals == {"amount": "100"} and table.is_table and not report.is_table
    assert (attachment.name, attachment.path) == ("attachments/b.pdf", "attachments/B.PDF")
    assert report.hash == "sha256:" + "cd" * 32


def test_the_same_data_give_the_same_bytes_whatever_the_sequence() -> None:
    assert b"-v3" not in made() and made() == made()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "JSON"),
        (b"\xff", "UTF-8"),
        (b"[]", "对象"),
        (b"{}", "resources"),
        (b'{"resources": []}', "resources"),
        (b'{"resources": [1]}', "第1个资源"),
        (b'{"resources": [{"name": "a"}]}', "名称或路径"),
        (b'{"resources": [{"name": "a", "path": 1}]}', "名称或路径"),
        (b'{"a": 1, "a": 2}', "重复"),
        (b'{"a": NaN}', "NaN"),
        (b"[" * 100_000, "嵌套太深"),
        (b'{\n"a" 1}', "第2行"),
    ],
)
def test_unusable_ones_say_why(content: bytes, words: str) -> None:
    with pytest.raises(DataProblem) as caught:
        parse_data_package(content)
    assert words in caught.value.message and caught.value.place == "data/datapackage.json"


@pytest.mark.parametrize("name", SHIPPED)
def test_a_definition_survives_its_travel(name: str) -> None:
    schema = load_schema(name)
    travelled = json.loads(json.dumps(table_descriptor(PackageTable(name, schema))))
    found = schema_of(travelled)
    assert found.names == schema.names and (found.table, found.edition) == (schema.table, schema.edition)
    for own, theirs in zip(schema.fields, found.fields, strict=True):
        assert (own.type, own.required, own.enum, own.unit, own.decimals) == (
            *(theirs.type, theirs.required, theirs.enum, theirs.unit, theirs.decimals),
        )
        assert theirs.pattern == ""  # a regular expression from outside is never run


@pytest.mark.parametrize(
    "change", [{"title": "长" * 300}, {"title": 5}, {"fields": []}, {"name": "../x"}, {"fields": 1}]
)
def test_absurd_definitions_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(DataProblem):
        schema_of({**table_descriptor(TABLE), **change})


def test_names_of_packages_come_back() -> None:
    assert str(NAME) == "370783-plan-2022-v3" and parse_package_name(str(NAME)) == NAME
    assert parse_package_name("370783-plan-2022-v0") is None
    assert parse_package_name("../x-plan-2022-v1") is None
    with pytest.raises(DataProblem):
        package_name("../x", "plan", "2022", 1)


@pytest.mark.parametrize(("kind", "period"), [("weekly", "2022"), ("plan", "2022-03"), ("plan", "soon")])
def test_kinds_and_periods_that_do_not_exist_are_refused(kind: str, period: str) -> None:
    with pytest.raises(DataProblem):
        kind_and_period(kind, period)
