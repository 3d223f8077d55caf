from __future__ import annotations

from decimal import Decimal

import pytest

from db.core.fields import load_schema
from db.exchange import table_check
from db.exchange.csv_text import csv_bytes
from db.exchange.package_tables import PackageTable
from db.exchange.table_check import TableContent, check_table
from db.exchange.verdict import MOST_FINDINGS, Findings

TABLE = PackageTable("quota", load_schema("quota"))
ROW = {"id": "a1", "target_id": "08-06-1", "year": "2022", "amount": "12.5", "unit": "万户"}


def row(**changed: str) -> list[str]:
    return [({**ROW, **changed}).get(name, "") for name in TABLE.header]


def checked(*rows: list[str], content: bytes | None = None) -> tuple[TableContent, Findings]:
    findings = Findings()
    data = csv_bytes([TABLE.header, *rows]) if content is None else content
    found = check_table(TABLE, [data], "t.csv", findings)
    return found, findings


def codes(findings: Findings) -> list[str]:
    return [problem.code for problem in findings.all()]


def test_a_good_table_is_counted_and_added_up() -> None:
    found, findings = checked(row(), row(id="a2", amount="暂无数据"), row(id="a3", amount="0.5"))
    assert codes(findings) == []
    assert (found.rows, found.complete, found.totals["amount"]) == (3, True, Decimal(13))


@pytest.mark.parametrize(
    ("rows", "code", "place"),
    [
        ([row(amount="1e2")], "cell", "t.csv 第2行"),
        ([row(), row(id="a2")[:-1]], "table.width", "t.csv 第3行"),
        ([row(), row()], "table.id_repeat", "t.csv 第3行"),
        ([row(id="")], "table.id", "t.csv 第2行"),
        ([row(id="../x")], "table.id", "t.csv 第2行"),
        ([row(id="x" * 65)], "table.id", "t.csv 第2行"),
    ],
)
def test_faults_of_rows_are_named_with_their_place(rows: list[list[str]], code: str, place: str) -> None:
    _, findings = checked(*rows)
    assert [(problem.code, problem.place) for problem in findings.all()] == [(code, place)]


def test_a_repeat_is_found_over_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_check, "_BATCH", 2)
    _, findings = checked(row(), row(id="a2"), row(id="a3"), row())
    assert codes(findings) == ["table.id_repeat"]


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "table.empty", "表头"),
        (csv_bytes([TABLE.header[:-1], *[row()[:-1]] * 2]), "table.header", "缺少列"),
        (csv_bytes([[*TABLE.header, "extra"]]), "table.header", "extra"),
        (csv_bytes([TABLE.header[::-1]]), "table.header", "顺序"),
        (b"\xef\xbb\xbf" + csv_bytes([TABLE.header]), "table.header", "多出列"),
        (csv_bytes([TABLE.header, row()]) + b'"', "table.csv", "引号"),
    ],
)
def test_faults_of_the_whole_table(content: bytes, code: str, words: str) -> None:
    found, findings = checked(content=content)
    ((problem),) = findings.all()
    assert problem.code == code and words in problem.message and not found.complete


def test_findings_are_listed_in_bounds_and_the_rest_counted() -> None:
    _, findings = checked(*(row(id=f"a{number}", amount="x") for number in range(MOST_FINDINGS + 50)))
    listed = findings.all()
    assert len(listed) == MOST_FINDINGS + 1 and "还有50处" in listed[-1].message


def test_more_rows_than_any_county_has_are_not_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_check, "MOST_ROWS", 2)
    found, findings = checked(row(), row(id="a2"), row(id="a3"))
    assert codes(findings) == ["table.rows"] and not found.complete


def test_a_heading_of_half_a_million_columns_is_told_at_once() -> None:
    _, findings = checked(content=b"x," * 500_000 + b"\r\n")
    assert codes(findings) == ["table.header"]


def test_texts_of_wanted_columns_are_collected() -> None:
    texts: set[str] = set()
    data = csv_bytes([TABLE.header, row(), row(id="a2", unit="台"), ["a3"]])
    check_table(TABLE, [data], "t.csv", Findings(), collect={"unit": texts})
    assert texts == {"万户", "台"}
