"""From a county to a package and back: whole and the same, or nothing at all."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.core.errors import Cancelled, DataProblem, EnvironmentProblem
from db.core.values import Cell
from db.exchange import package_write
from db.exchange.columns import ColumnCheck
from db.exchange.package_verify import verify_package
from db.exchange.package_write import PackageRefused, write_package
from db.store import records
from db.store.attachments import FOLDER
from db.store.cells import RowReader
from db.store.county import County
from db.work.setup import new_county, town_id
from tests.db.exchange.packages import PAPERS, REGISTER, export, letter, small_county, unpacked
from tests.db.store.rows import cells

ROOT = "370783-registers-2022-v1/"
MORNING = datetime(2022, 3, 15, 8, 0)


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    with small_county(tmp_path) as made:
        yield made


def table(package: Path, name: str) -> list[dict[str, str]]:
    (content,) = [content for path, content in unpacked(package).items() if path.endswith(f"/{name}.csv")]
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def test_the_package_is_good_and_says_what_it_is(county: County, tmp_path: Path) -> None:
    result = export(county, tmp_path / "out")
    verdict = verify_package(result.path)
    assert verdict.ok and verdict.notes == []
    package = verdict.package
    assert (package.name, package.package_id) == (result.name, result.package_id)
    assert (package.county_name, package.kind_title, package.period) == ("寿光市", "项目清单", "2022")
    assert package.file_sha256 == result.sha256 and package.data_sha256 == result.data_sha256
    assert package.attachments == len(PAPERS)
    projects = next(each for each in package.tables if each.name == REGISTER.table)
    assert projects.rows == 3 and projects.totals["total_investment"] == "1200.5"


def test_the_tables_hold_what_the_county_holds(county: County, tmp_path: Path) -> None:
    rows = table(export(county, tmp_path / "out").path, REGISTER.table)
    assert [row["name"] for row in rows] == ['改造"一期", =1+1', "改造二期", "𠮷镇管网<扩建>&改造"]
    assert rows[0]["content"] == "第一行\n第二行" and rows[0]["two_high"] == "是"
    assert [row["coal_saving"] for row in rows] == ["", "暂无数据", ""]
    assert [row["total_investment"] for row in rows] == ["1200.5", "0", ""]


def test_the_same_moment_gives_the_same_bytes(county: County, tmp_path: Path) -> None:
    results = [
        write_package(county, kind="registers", period="2022", out=tmp_path / name, letter=letter, now=MORNING)
        for name in ("a", "b")
    ]
    assert results[0].sha256 == results[1].sha256 and results[0].package_id == results[1].package_id


def test_the_next_one_supersedes_the_last(county: County, tmp_path: Path) -> None:
    first, second = (export(county, tmp_path / "out") for _ in range(2))
    assert (first.sequence, second.sequence) == (1, 2) and second.supersedes == first.package_id
    assert first.data_sha256 == second.data_sha256
    with county.reading() as conn:
        statuses = conn.execute("SELECT status FROM submission ORDER BY seq").fetchall()
    assert statuses == [("被替代",), ("已导出",)]


def test_a_name_that_is_taken_is_passed_over(county: County, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / f"{ROOT[:-1]}.zip").write_bytes(b"somebody's")
    assert export(county, tmp_path / "out").sequence == 2


def test_what_is_deleted_stays_at_home(county: County, tmp_path: Path) -> None:
    with county.operation("删除") as op:
        (first, *_) = [row_id for (row_id,) in op.conn.execute(f"SELECT id FROM {REGISTER.table} ORDER BY seq")]
        records.delete(op, REGISTER, [first])
    package = export(county, tmp_path / "out").path
    assert len(table(package, REGISTER.table)) == 2
    assert not [name for name in unpacked(package) if "/attachments/" in name]


def test_cells_that_are_not_lawful_are_named_and_nothing_is_left(county: County, tmp_path: Path) -> None:
    with county.operation("改") as op:
        op.conn.execute(f"UPDATE {REGISTER.table} SET name = NULL WHERE name = '改造二期'")
        op.conn.execute(f"UPDATE {REGISTER.table} SET started_on = '3月' WHERE started_on IS NOT NULL")
    with pytest.raises(PackageRefused) as caught:
        export(county, tmp_path / "out")
    assert {problem.place for problem in caught.value.problems} == {
        '《重点项目》“改造"一期", =1+1”',
        "《重点项目》第2条",
    }
    told = str(caught.value)
    assert "有2处" in told and "《重点项目》第2条：「项目名称」没有填写" in told and "“3月”" in told
    assert list((tmp_path / "out").iterdir()) == []


def test_many_cells_are_counted_and_the_first_ten_told(county: County, tmp_path: Path) -> None:
    with county.operation("改") as op:
        records.insert_many(op, REGISTER, [{"name": f"项目{number}", "category": "产业结构"} for number in range(300)])
    with pytest.raises(PackageRefused) as caught:
        export(county, tmp_path / "out")
    lines = str(caught.value).split("\n")
    assert lines[1].startswith("《重点项目》“项目0”：「所属镇街」没有填写") and len(lines) == 13
    assert caught.value.problems[-1].place == "《重点项目》"


@pytest.mark.parametrize("harm", ["lost", "changed", "longer"])
def test_a_damaged_proof_file_is_named_and_nothing_is_left(harm: str, county: County, tmp_path: Path) -> None:
    file = next(path for path in (county.folder / FOLDER).rglob("*.pdf"))
    file.chmod(0o644)
    content = file.read_bytes()
    file.unlink()
    if harm != "lost":
        file.write_bytes(content[:-1] + b"x" if harm == "changed" else content + b"x")
    with pytest.raises(DataProblem, match="验收单"):
        export(county, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_disk_that_loses_a_byte_keeps_nothing(
    county: County, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify = verify_package

    def damaged(path: Path, *arguments: object, **named: object) -> object:
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
        return verify(path, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(package_write, "verify_package", damaged)
    with pytest.raises(EnvironmentProblem) as caught:
        export(county, tmp_path / "out")
    assert caught.value.code == "unverified"
    assert list((tmp_path / "out").iterdir()) == []


def test_cancelled_at_any_step_nothing_is_left(county: County, tmp_path: Path) -> None:
    class Stopping:
        def __init__(self, after: int) -> None:
            self.left = after

        def step(self, done: int, total: int, text: str = "") -> None:
            self.left -= 1
            if self.left < 0:
                raise Cancelled

    for after in range(200):
        try:
            write_package(
                *(county,),
                kind="registers",
                period="2022",
                out=tmp_path / "out",
                letter=letter,
                progress=Stopping(after),
            )
        except Cancelled:
            assert list((tmp_path / "out").iterdir()) == []
        else:
            assert after > 5
            return
    raise AssertionError("never came to an end")


def test_a_letter_that_cannot_be_drawn_leaves_nothing(county: County, tmp_path: Path) -> None:
    def broken(facts: object) -> bytes:
        raise RuntimeError("no printer")

    with pytest.raises(RuntimeError, match="no printer"):
        write_package(county, kind="registers", period="2022", out=tmp_path / "out", letter=broken)
    assert list((tmp_path / "out").iterdir()) == []


def test_the_letter_speaks_of_the_package_it_lies_in(county: County, tmp_path: Path) -> None:
    result = export(county, tmp_path / "out")
    files = unpacked(result.path)
    assert files[f"{ROOT}data/letter.pdf"].endswith(result.data_sha256.encode())
    listed = json.loads(files[f"{ROOT}data/datapackage.json"])["resources"]
    assert {f"{ROOT}data/{each['path']}" for each in listed} == {
        name for name in files if "/data/" in name and not name.endswith(("datapackage.json", "letter.pdf"))
    }


# --- Any lawful rows travel and come back the same -----------------------------------------------------------------


def lawful(name: str) -> st.SearchStrategy[Cell]:
    """Return cells that the field allows, spelt as it spells what is typed."""
    field = REGISTER.field(name)

    def is_lawful(cell: Cell) -> bool:
        text = field.csv(cell)
        return not ColumnCheck(field).faults([text]) and field.parse(text) == cell

    return cells(field).filter(is_lawful)


_FREE = [field.name for field in REGISTER.fields if not field.ref and not field.pattern and not field.check]
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            **{name: lawful(name) for name in _FREE if REGISTER.field(name).required},
            "town_id": st.just(town_id("370783001")),
        },
        optional={name: lawful(name) for name in _FREE if not REGISTER.field(name).required},
    ),
    max_size=4,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(ROWS)
def test_any_rows_travel_and_come_back_the_same(rows: list[dict[str, Cell]]) -> None:
    with tempfile.TemporaryDirectory(prefix="sijian-travel-") as name:
        folder = Path(name)
        with new_county(folder / "county", county="370783", author="王芳") as county:
            if rows:
                with county.operation("填报") as op:
                    records.insert_many(op, REGISTER, rows)
            package = export(county, folder / "out").path
            reader = RowReader(REGISTER)
            with county.reading() as conn:
                columns = ", ".join(REGISTER.names)
                raw = conn.execute(f"SELECT states, {columns} FROM {REGISTER.table} ORDER BY seq").fetchall()
                there = [reader.cells(values, states) for states, *values in raw]
        assert verify_package(package).ok
        back = [
            {field.name: field.parse(row[field.name]) for field in REGISTER.fields}
            for row in table(package, REGISTER.table)
        ]
        assert back == there


def test_enterprises_are_in_both_kinds(county: County, tmp_path: Path) -> None:
    for kind in ("plan", "registers"):
        (row,) = table(export(county, tmp_path / "out", kind).path, "enterprise")
        assert row["name"] == "寿光市某某公司"
