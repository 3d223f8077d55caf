"""Contacts, proof files, the recycle bin, and what a backup would change."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from db.core.errors import DataProblem, EnvironmentProblem
from db.core.fields import load_schema
from db.store import records
from db.store.attachments import add
from db.store.county import County
from db.work.county_settings import county_facts, save_contacts
from db.work.evidence import evidence, remove, set_proves, viewing_copy
from db.work.holdings import compare
from db.work.quotas import clear_quota, set_quota
from db.work.recycle import bin_rows, bin_tables, restore_rows
from tests.db.county_folders import county_in


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    with county_in(tmp_path / "寿光") as opened:
        yield opened


def add_enterprise(county: County, name: str) -> str:
    with county.operation(f"新增{name}") as op:
        return records.insert(op, load_schema("enterprise"), {"name": name})


def test_contacts_are_kept_and_can_be_undone(county: County) -> None:
    with county.operation("经办人") as op:
        save_contacts(op, {"clerk": " 王芳 ", "clerk_phone": "０５３６-5221234"})
    with county.reading() as conn:
        facts = county_facts(conn)
    assert (facts.code, facts.name) == ("370783", "寿光市")
    assert facts.contacts["clerk"] == "王芳" and facts.contacts["clerk_phone"] == "0536-5221234"
    with pytest.raises(DataProblem, match="电话"), county.operation("电话") as op:
        save_contacts(op, {"clerk_phone": "不知道"})
    county.undo()
    with county.reading() as conn:
        assert county_facts(conn).contacts["clerk"] == ""


def test_proof_files_keep_their_names_and_what_they_prove(county: County, tmp_path: Path) -> None:
    row_id = add_enterprise(county, "甲公司")
    file = tmp_path / "验收意见.pdf"
    file.write_bytes(b"%PDF-1.4 proof")
    with county.operation("添加附件") as op:
        add(op, county, "enterprise", row_id, file)
    with county.reading() as conn:
        [item] = evidence(conn, "enterprise", row_id)
    assert (item.name, item.size, item.proves) == ("验收意见.pdf", 14, "")
    with county.operation("证明内容") as op:
        set_proves(op, evidence_id=item.id, proves="拆除验收")
    copy = viewing_copy(county.folder, item, tmp_path / "view")
    assert copy.name == "验收意见.pdf" and copy.read_bytes() == b"%PDF-1.4 proof"
    assert not copy.stat().st_mode & stat.S_IWUSR
    assert viewing_copy(county.folder, item, tmp_path / "view") == copy
    with county.operation("移除") as op:
        assert remove(op, evidence_ids=[item.id]) == 1
    with county.reading() as conn:
        assert evidence(conn, "enterprise", row_id) == []


def test_a_lost_proof_file_is_told(county: County, tmp_path: Path) -> None:
    row_id = add_enterprise(county, "甲公司")
    file = tmp_path / "照片.jpg"
    file.write_bytes(b"jpg")
    with county.operation("添加附件") as op:
        add(op, county, "enterprise", row_id, file)
    with county.reading() as conn:
        [item] = evidence(conn, "enterprise", row_id)
    for stored in (county.folder / "attachments").rglob("*.jpg"):
        stored.unlink()
    with pytest.raises(EnvironmentProblem, match=r"照片\.jpg"):
        viewing_copy(county.folder, item, tmp_path / "view")


def test_the_recycle_bin_tells_what_when_and_who_and_gives_it_back(county: County) -> None:
    first, second = add_enterprise(county, "甲公司"), add_enterprise(county, "乙公司")
    with county.operation("县级目标") as op:
        set_quota(op, target_id="08-06-1", year=2022, amount=Decimal(100))
    with county.operation("取消目标") as op:
        clear_quota(op, target_id="08-06-1", year=2022, document_number="文1", reason="撤回")
    with county.operation("删掉两家") as op:
        records.delete(op, load_schema("enterprise"), [first, second])
    with county.reading() as conn:
        assert [(entry.table, entry.rows) for entry in bin_tables(conn)] == [("enterprise", 2), ("quota", 1)]
        rows = bin_rows(conn)
        [quota] = bin_rows(conn, "quota")
        assert len(bin_rows(conn, limit=1)) == 1
    assert {row.title for row in rows} >= {"甲公司", "乙公司"}
    assert quota.title.startswith("08-06-1") and quota.title.endswith("2022年")
    found = next(row for row in rows if row.id == first)
    assert (found.author, found.label) == ("经办人", "删掉两家")
    with county.operation("恢复") as op:
        assert restore_rows(op, [("enterprise", first), ("quota", quota.id)]) == 2
    with county.reading() as conn:
        assert [row.id for row in bin_rows(conn)] == [second]


def test_a_backup_is_compared_table_by_table(county: County) -> None:
    add_enterprise(county, "甲公司")
    with county.reading() as conn:
        found = {each.table: (each.now, each.then) for each in compare(conn, {"town": 15, "register_gone": 3})}
    assert found["enterprise"] == (1, 0) and found["town"] == (15, 15) and found["register_gone"] == (0, 3)
    assert "quota" not in found
