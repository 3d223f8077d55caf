"""What is sent back: the sender's own workbook, its wrong cells coloured, commented and listed."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest
from openpyxl.worksheet.hyperlink import Hyperlink

from db.core.errors import DataProblem
from db.exchange.unit_book.form import RETURN
from db.exchange.unit_book.looks import WRONG
from db.exchange.unit_book.returning import to_return, write_return
from tests.db.exchange.unit_book.books import HOSTILE, book_of, opened, through_office
from tests.db.exchange.unit_book.returned import BOILERS, FIRST, TASKS, Returned
from tests.db.work.desk import Desk


@pytest.fixture
def returned(desk: Desk, tmp_path: Path) -> Returned:
    """A workbook with two wrong cells."""
    found = Returned(desk, tmp_path / "out")
    found.put(FIRST, tonnage="很多")
    found.put(FIRST + 2, due_on="某一天", content="改过的内容")
    return found


def cells_of(returned: Returned) -> list[str]:
    return [problem.cell for problem in to_return(returned.read().problems())]


def test_wrong_cells_are_coloured_commented_and_listed(returned: Returned, tmp_path: Path) -> None:
    out = tmp_path / "退回.xlsx"
    assert write_return(returned.file, returned.read().problems(), out) == 2
    book = book_of(out)
    assert book.sheetnames[0] == RETURN and book.active.title == RETURN
    places = cells_of(returned)
    for place in places:
        cell = book[BOILERS][place]
        assert cell.fill.fgColor.rgb == WRONG and cell.fill.fill_type == "solid"
        assert "「" in cell.comment.text
    listed = list(book[RETURN].iter_rows(min_row=5))
    assert [row[1].value for row in listed] == [f"{BOILERS}!{place}" for place in places]
    links = [row[1].hyperlink for row in listed]
    assert all(isinstance(link, Hyperlink) for link in links)
    assert [link.location for link in links] == [f"'{BOILERS}'!{place}" for place in places]
    assert [row[2].value for row in listed] == ["很多", "某一天"]
    assert all(row[3].value and row[4].value for row in listed)
    assert opened(out, BOILERS) == opened(returned.file, BOILERS)


def test_what_the_county_may_have_changed_itself_is_not_sent_back(returned: Returned) -> None:
    before = cells_of(returned)
    returned.put(FIRST, TASKS, task="另一项任务")
    assert "cell.beside" in {problem.code for problem in returned.read().problems()}
    assert cells_of(returned) == before


def test_what_was_mended_in_it_is_taken_in(returned: Returned, tmp_path: Path) -> None:
    out = tmp_path / "退回.xlsx"
    write_return(returned.file, returned.read().problems(), out)
    returned.file = out
    assert len(cells_of(returned)) == 2
    returned.put(FIRST, tonnage=20)
    returned.put(FIRST + 2, due_on="2022.3.15")
    file = returned.read()
    assert (file.verdict, file.notes) == ("good", [])
    again = tmp_path / "又退回.xlsx"
    returned.put(FIRST, tonnage="还是很多")
    assert write_return(out, returned.read().problems(), again) == 1
    assert book_of(again).sheetnames.count(RETURN) == 1


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_another_format_comes_back_as_xlsx_with_every_value(returned: Returned, kind: str, tmp_path: Path) -> None:
    source = through_office(returned.file, kind, tmp_path / "office")
    before = opened(returned.file, BOILERS)
    returned.file = source
    out = tmp_path / "退回.xlsx"
    assert write_return(source, returned.read().problems(), out) == 2
    found = opened(out, BOILERS)
    assert found.tag == before.tag
    assert [row["content"] for row in found.rows] == [row["content"] for row in before.rows]
    assert [row["name"] for row in found.rows] == [f"{number}号锅炉" for number in range(1, len(HOSTILE) + 1)]
    assert book_of(out)["_sijian"].sheet_state == "veryHidden"
    returned.file = out
    assert returned.read().verdict == "problems" and len(cells_of(returned)) == 2


def test_a_workbook_that_openpyxl_does_not_like_is_made_anew(
    returned: Returned, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_arguments: object, **_options: object) -> None:
        raise KeyError("xl/styles.xml")

    problems = returned.read().problems()
    monkeypatch.setattr("openpyxl.load_workbook", fails)
    write_return(returned.file, problems, tmp_path / "退回.xlsx")
    monkeypatch.undo()
    assert opened(tmp_path / "退回.xlsx", BOILERS).rows == opened(returned.file, BOILERS).rows


def test_of_merged_cells_the_first_is_marked(returned: Returned, tmp_path: Path) -> None:
    place = cells_of(returned)[0]
    returned.sheet(lambda sheet: sheet.merge_cells(f"{place}:{sheet[place].offset(1, 0).coordinate}"))
    (first, *_) = to_return(returned.read().problems())
    below = replace(first, row=first.row + 1)
    out = tmp_path / "退回.xlsx"
    write_return(returned.file, [below], out)
    assert book_of(out)[BOILERS][place].comment is not None


def test_what_the_county_decides_is_not_sent_back(desk: Desk, tmp_path: Path) -> None:
    returned = Returned(desk, tmp_path / "out")
    returned.change(returned.ids()[0], note="县里写的")
    returned.put(FIRST, note="镇里写的")
    problems = returned.read().problems()
    assert problems and to_return(problems) == []
    with pytest.raises(DataProblem, match="没有要对方改的"):
        write_return(returned.file, problems, tmp_path / "退回.xlsx")
    assert not (tmp_path / "退回.xlsx").exists()


def test_a_small_file_that_unpacks_to_very_much_is_not_opened_whole(returned: Returned, tmp_path: Path) -> None:
    with zipfile.ZipFile(returned.file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.bin", bytes(100 << 20))
    assert returned.file.stat().st_size < 1 << 20
    out = tmp_path / "退回.xlsx"
    with patch("openpyxl.load_workbook", side_effect=AssertionError):
        assert write_return(returned.file, returned.read().problems(), out) == 2
