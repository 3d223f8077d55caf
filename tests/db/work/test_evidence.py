"""Proof files of a row: several at once, their names on copies, and the check that finds what is missing."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from db.core.errors import Cancelled, DataProblem, EnvironmentProblem
from db.core.fields import load_schema
from db.store import records
from db.store.attachments import Added
from db.store.county import County
from db.work.evidence import Evidence, add_files, evidence, file_name, remove, save_copy, viewing_copy
from db.work.evidence_check import check_files
from db.work.evidence_text import Beginning, text_beginning
from tests.db.work.desk import Desk

BOILER = load_schema("coal_boiler")
ITEM = Evidence("id", "批复.pdf", "ab" * 32, 4, "application/pdf", "", None)


def add_boiler(county: County, name: str = "1号锅炉") -> str:
    with county.operation("新增") as op:
        return records.insert(op, BOILER, {"name": name})


def attach(county: County, row_id: str, *files: Path) -> list[Added]:
    with county.operation("添加附件") as op:
        return add_files(op, county, BOILER.table, row_id, files)


def written(folder: Path, name: str, content: bytes = b"%PDF") -> Path:
    file = folder / name
    file.write_bytes(content)
    return file


def test_all_are_added_or_none_and_every_reason_is_told(desk: Desk, tmp_path: Path) -> None:
    row_id = add_boiler(desk.county)
    files = [
        written(tmp_path, "批复.pdf"),
        written(tmp_path, "空.pdf", b""),
        written(tmp_path, "装.exe"),
        tmp_path / "没.pdf",
    ]
    with pytest.raises(DataProblem) as caught:
        attach(desk.county, row_id, *files)
    words = str(caught.value)
    assert "“空.pdf”" in words and "“装.exe”" in words and "“没.pdf”" in words and "其余文件也没有添加" in words
    assert evidence(desk.conn, BOILER.table, row_id) == []
    assert [path for path in (desk.county.folder / "attachments").rglob("*") if path.is_file()] == []


def test_progress_counts_the_bytes_of_all_and_cancelling_adds_none(desk: Desk, tmp_path: Path) -> None:
    row_id = add_boiler(desk.county)
    files = [written(tmp_path, f"{number}.pdf", bytes([number]) * 1_500_000) for number in range(3)]
    steps: list[tuple[int, int]] = []

    class Steps:
        def step(self, done: int, total: int, text: str = "") -> None:
            steps.append((done, total))
            if done > 3_000_000:
                raise Cancelled

    with pytest.raises(Cancelled), desk.county.operation("添加附件") as op:
        add_files(op, desk.county, BOILER.table, row_id, files, progress=Steps())
    assert steps == sorted(steps) and steps[-1][1] == 4_500_000
    assert evidence(desk.conn, BOILER.table, row_id) == []
    assert [path for path in (desk.county.folder / "attachments").rglob("*") if path.is_file()] == []


def test_the_same_content_twice_in_one_go_is_kept_once(desk: Desk, tmp_path: Path) -> None:
    row_id = add_boiler(desk.county)
    first, second = attach(desk.county, row_id, written(tmp_path, "甲.pdf"), written(tmp_path, "乙.pdf"))
    assert (first.known_as, second.known_as) == ("", "甲.pdf") and first.id == second.id
    assert [item.name for item in evidence(desk.conn, BOILER.table, row_id)] == ["甲.pdf"]


@pytest.mark.parametrize(
    ("name", "media_type", "copied"),
    [
        ("批复.pdf", "application/pdf", "批复.pdf"),
        ("CON.pdf", "application/pdf", "_CON.pdf"),
        ("nul", "application/octet-stream", "_nul"),
        ("..\\x", "application/octet-stream", "..＼x"),
        ("../../etc/passwd", "application/octet-stream", "..／..／etc／passwd"),
        ("C:\\a?.jpg", "image/jpeg", "C：＼a？.jpg"),
        ("扫描件", "application/pdf", "扫描件.pdf"),
        ("照片. ", "image/jpeg", "照片.jpg"),
        ("结尾.pdf. ", "application/pdf", "结尾.pdf"),
        ("说明.最终稿", "text/plain", "说明.最终稿.txt"),
        ("...", "application/octet-stream", "附件"),
        ("名" * 250 + "….pdf", "application/pdf", "名" * 60 + ".pdf"),
        ("照片📷.jpg", "image/jpeg", "照片📷.jpg"),
    ],
)
def test_a_copy_has_a_name_that_is_no_path_and_no_device(name: str, media_type: str, copied: str) -> None:
    assert file_name(replace(ITEM, name=name, media_type=media_type)) == copied


@pytest.mark.skipif(os.name == "nt", reason="such a name exists on Linux only")
def test_what_is_opened_is_a_write_protected_copy_inside_its_folder(desk: Desk, tmp_path: Path) -> None:
    row_id = add_boiler(desk.county)
    attach(desk.county, row_id, written(tmp_path, "..\\x.pdf", b"%PDF-1"))
    [item] = evidence(desk.conn, BOILER.table, row_id)
    assert item.name == "..\\x.pdf"
    copy = viewing_copy(desk.county.folder, item, tmp_path / "view")
    assert copy.parent.parent == tmp_path / "view" and copy.read_bytes() == b"%PDF-1"
    assert not copy.stat().st_mode & stat.S_IWUSR
    copy.chmod(0o600)
    copy.write_bytes(b"longer than it was")
    copy.chmod(0o400)
    assert viewing_copy(desk.county.folder, item, tmp_path / "view").read_bytes() == b"%PDF-1"


def test_a_copy_can_be_saved_elsewhere_unless_the_file_is_gone(desk: Desk, tmp_path: Path) -> None:
    row_id = add_boiler(desk.county)
    attach(desk.county, row_id, written(tmp_path, "批复.pdf"))
    [item] = evidence(desk.conn, BOILER.table, row_id)
    save_copy(desk.county.folder, item, tmp_path / "另存.pdf")
    assert (tmp_path / "另存.pdf").read_bytes() == b"%PDF"
    next((desk.county.folder / "attachments").rglob("*.pdf")).unlink()
    with pytest.raises(EnvironmentProblem, match="丢失"):
        save_copy(desk.county.folder, item, tmp_path / "再存.pdf")
    assert not (tmp_path / "再存.pdf").exists()


def test_the_check_names_files_and_rows_until_the_same_file_is_added_again(desk: Desk, tmp_path: Path) -> None:
    county = desk.county
    assert check_files(desk.conn, county.folder).sentence() == "还没有佐证附件。"
    rows = [add_boiler(county, name) for name in ("1号锅炉", "2号锅炉", "3号锅炉")]
    gone, changed = written(tmp_path, "批复.pdf", b"gone"), written(tmp_path, "照片.jpg", b"same size")
    attach(county, rows[0], gone)
    attach(county, rows[1], gone, changed)
    attach(county, rows[2], written(tmp_path, "好.pdf", b"good"))
    with county.operation("移除") as op:
        remove(op, evidence_ids=[evidence(op.conn, BOILER.table, rows[1])[0].id])
    found = check_files(desk.conn, county.folder)
    assert found.ok and found.files == 3 and found.size == 17 and "都在" in found.sentence()
    home = county.folder / "attachments"
    for path in [path for path in home.rglob("*") if path.is_file()]:
        match path.read_bytes():
            case b"gone":
                path.unlink()
            case b"same size":
                path.write_bytes(b"SAME SIZE")
    found = check_files(desk.conn, county.folder)
    assert {(fault.missing.stored.name, fault.what) for fault in found.faults} == {
        ("批复.pdf", "丢失"),
        ("照片.jpg", "损坏"),
    }
    by_name = {fault.missing.stored.name: fault for fault in found.faults}
    assert [owner.title for owner in by_name["批复.pdf"].owners] == ["1号锅炉", "2号锅炉"]
    assert [owner.deleted for owner in by_name["批复.pdf"].owners] == [False, True]
    assert "“2号锅炉”（在回收站）" in by_name["批复.pdf"].sentence() and "重新添加" in found.sentence()
    [again] = attach(county, rows[0], gone)
    assert again.known_as == "批复.pdf"
    attach(county, rows[2], changed)
    assert check_files(desk.conn, county.folder).ok


def test_the_check_tells_a_clause_by_its_number(desk: Desk, tmp_path: Path) -> None:
    schema = load_schema("responsibility")
    with desk.county.operation("责任") as op:
        row_id = records.insert(op, schema, {"clause_id": "08-06"})
        add_files(op, desk.county, schema.table, row_id, [written(tmp_path, "落实方案.pdf")])
    next((desk.county.folder / "attachments").rglob("*.pdf")).unlink()
    [fault] = check_files(desk.conn, desk.county.folder).faults
    assert fault.owners[0].title.startswith("08-06 ") and "年" not in fault.owners[0].title


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_the_beginning_of_a_text_is_read_in_any_coding_in_use(tmp_path: Path, coding: str) -> None:
    text = "鄌郚镇清洁取暖𠮷" * 1000
    file = written(tmp_path, "说明.txt", text.encode(coding))
    assert text_beginning(file) == Beginning(text, whole=True)
    for most in range(1001, 1009):
        part = text_beginning(file, most)
        assert not part.whole and part.text and text.startswith(part.text)


def test_what_is_no_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataProblem, match="不是文字"):
        text_beginning(written(tmp_path, "x.txt", bytes(range(256)) * 10))
    with pytest.raises(EnvironmentProblem):
        text_beginning(tmp_path / "没有.txt")
    assert text_beginning(written(tmp_path, "空.txt", b"")) == Beginning("", whole=True)
