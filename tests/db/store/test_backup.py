from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from db.core.errors import Cancelled, EnvironmentProblem
from db.store import attachments, backup_file
from db.store.backup import backup, describe, restore
from db.store.county import County
from db.store.lock import CountyLocked
from tests.db.store import counties
from tests.db.store.test_integrity import damage, fill


def with_proofs(folder: Path, *names: str) -> County:
    county = counties.new(folder)
    for name in names:
        source = folder / name
        source.write_bytes(name.encode() * 1000)
        with county.operation("添加佐证附件") as op:
            attachments.add(op, county, "town", "town-圣城街道", source)
        source.unlink()
    return county


def content_of(folder: Path) -> tuple[counties.Tables, list[attachments.Missing]]:
    with County.open(folder, author="李四") as county, county.reading() as conn:
        return counties.tables(conn), attachments.missing(conn, folder, deep=True)


def test_a_backup_brings_everything_back_elsewhere(tmp_path: Path) -> None:
    with with_proofs(tmp_path / "a", "一.pdf", "二.txt") as county:
        file = backup(county, tmp_path / "外面" / "备份.zip")
        before = counties.tables_of(county)
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        assert len([name for name in archive.namelist() if name.startswith("attachments/")]) == 2
    assert list(file.parent.iterdir()) == [file]
    assert restore(file, tmp_path / "b") is None
    assert content_of(tmp_path / "b") == (before, [])
    with County.open(tmp_path / "b", author="李四") as county:
        assert county.notices == [] and county.undo_label() == "添加佐证附件"


def test_describe_shows_counts_and_dates(tmp_path: Path) -> None:
    with with_proofs(tmp_path / "a", "一.pdf") as county:
        info = describe(backup(county, tmp_path / "b.zip"))
    text = "\n".join(info.lines())
    assert info.counts["town"] == 2 and info.rows == 6 and info.inside
    assert all(
        part in text
        for part in ("寿光市（370783）", "镇街：2 条", "佐证附件文件：1 个", info.made_at.replace("T", " "))
    )
    assert "丢失" not in text


def test_a_backup_taken_while_writing_holds_the_last_saved_state(tmp_path: Path) -> None:
    with counties.new(tmp_path / "a") as county:
        before = counties.tables_of(county)
        with county.operation("半途") as op:
            op.conn.execute("DELETE FROM town")
            file = backup(county, tmp_path / "b.zip")
    restore(file, tmp_path / "b")
    assert content_of(tmp_path / "b")[0] == before


def test_a_missing_proof_does_not_prevent_a_backup_but_is_told(tmp_path: Path) -> None:
    with with_proofs(tmp_path / "a", "一.pdf", "二.txt") as county:
        with county.reading() as conn:
            stored = attachments.contents(conn)
        (county.folder / "attachments" / stored[0].stored_name).write_bytes(b"x" * stored[0].size)
        info = describe(backup(county, tmp_path / "b.zip"))
    assert info.absent == (stored[0].stored_name,) and "丢失或损坏" in info.lines()[-1]
    restore(tmp_path / "b.zip", tmp_path / "b")
    assert [fault.reason for fault in content_of(tmp_path / "b")[1]] == ["missing"]


def test_no_backup_of_a_damaged_file_replaces_a_good_one(tmp_path: Path) -> None:
    fill(tmp_path / "a")
    with County.open(tmp_path / "a", author="张三") as county:
        file = backup(county, tmp_path / "b.zip")
    good = file.read_bytes()
    damage(tmp_path / "a" / "county.db")
    with County.open(tmp_path / "a", author="张三") as county, pytest.raises(EnvironmentProblem) as caught:
        backup(county, file)
    assert caught.value.code == "damaged" and file.read_bytes() == good
    assert sorted(tmp_path.iterdir()) == [tmp_path / "a", file]


def test_cancelling_leaves_nothing(tmp_path: Path) -> None:
    class Cancel:
        def __init__(self, after: int) -> None:
            self.after = after

        def step(self, done: int, total: int, text: str = "") -> None:
            self.after -= 1
            if self.after < 0:
                raise Cancelled

    with with_proofs(tmp_path / "a", "一.pdf") as county:
        for after in range(5):
            with pytest.raises(Cancelled):
                backup(county, tmp_path / "b" / "x.zip", Cancel(after))
            assert list((tmp_path / "b").iterdir()) == []
        counties.add_towns(county, "纪台镇")


def test_a_backup_that_reads_back_wrong_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = backup_file._fill

    def flip(archive: zipfile.ZipFile, *arguments: object) -> None:
        real(archive, *arguments)  # type: ignore[arg-type]
        assert archive.fp is not None
        archive.fp.seek(200)
        archive.fp.write(b"\xff\xff\xff\xff")
        archive.fp.seek(0, 2)

    monkeypatch.setattr(backup_file, "_fill", flip)
    with counties.new(tmp_path / "a") as county, pytest.raises(EnvironmentProblem) as caught:
        backup(county, tmp_path / "b" / "x.zip")
    assert caught.value.code == "bad_write" and list((tmp_path / "b").iterdir()) == []


def test_a_folder_or_too_little_space_is_told_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with counties.new(tmp_path / "a") as county:
        with pytest.raises(EnvironmentProblem, match="是文件夹"):
            backup(county, tmp_path)

        def little(path: object) -> object:
            return type("Usage", (), {"free": 1000})

        monkeypatch.setattr(shutil, "disk_usage", little)
        with pytest.raises(EnvironmentProblem, match="只剩"):
            backup(county, tmp_path / "b.zip")
        assert not (tmp_path / "b.zip").exists()


def test_restoring_keeps_what_it_replaces(tmp_path: Path) -> None:
    with with_proofs(tmp_path / "a", "一.pdf") as county:
        file = backup(county, tmp_path / "b.zip")
        before = counties.tables_of(county)
        counties.add_towns(county, "纪台镇")
        after = counties.tables_of(county)
    kept = restore(file, tmp_path / "a")
    assert content_of(tmp_path / "a") == (before, [])
    assert kept is not None and kept.parent == tmp_path / "a" / "backups" and kept.name.startswith("before-restore-")
    restore(kept, tmp_path / "a")
    assert content_of(tmp_path / "a") == (after, [])


def test_restoring_over_a_damaged_file_keeps_it_as_it_is(tmp_path: Path) -> None:
    fill(tmp_path / "a")
    with County.open(tmp_path / "a", author="张三") as county:
        file = backup(county, tmp_path / "b.zip")
    damage(tmp_path / "a" / "county.db")
    broken = (tmp_path / "a" / "county.db").read_bytes()
    kept = restore(file, tmp_path / "a")
    assert kept is not None and (kept / "county.db").read_bytes() == broken
    assert len(content_of(tmp_path / "a")[0]["enterprise"]) == 3000


@pytest.mark.parametrize("content", [b"", b"rubbish" * 5000])
def test_restoring_over_something_else_keeps_it_too(tmp_path: Path, content: bytes) -> None:
    with counties.new(tmp_path / "a") as county:
        file = backup(county, tmp_path / "b.zip")
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "county.db").write_bytes(content)
    (tmp_path / "c" / "county.db-journal").write_bytes(b"")
    kept = restore(file, tmp_path / "c")
    assert kept is not None and (kept / "county.db").read_bytes() == content
    assert not (tmp_path / "c" / "county.db-journal").exists()
    assert len(content_of(tmp_path / "c")[0]["town"]) == 2


def test_an_open_county_is_not_replaced(tmp_path: Path) -> None:
    with counties.new(tmp_path / "a") as county:
        file = backup(county, tmp_path / "b.zip")
        with pytest.raises(CountyLocked):
            restore(file, tmp_path / "a")
        counties.add_towns(county, "纪台镇")


def rewrite(file: Path, change: Callable[[str, bytes], bytes | None]) -> None:
    """Write the zip anew with what `change(name, content)` makes of each entry; None leaves it out."""
    with zipfile.ZipFile(file) as archive:
        entries = {name: change(name, archive.read(name)) for name in archive.namelist()}
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in entries.items():
            if content is not None:
                archive.writestr(name, content)


def edit_info(**values: object) -> Callable[[str, bytes], bytes]:
    def change(name: str, content: bytes) -> bytes:
        return json.dumps({**json.loads(content), **values}).encode() if name == "backup.json" else content

    return change


BROKEN: dict[str, Callable[[str, bytes], bytes | None]] = {
    "another file": lambda name, content: content if name != "county.db" else content[:-1] + b"\x01",
    "cut short": lambda name, content: content if name != "county.db" else content[:-4096],
    "no file": lambda name, content: content if name != "county.db" else None,
    "no description": lambda name, content: content if name != "backup.json" else None,
    "no proofs": lambda name, content: None if name.startswith("attachments/") else content,
    "other proof": lambda name, content: b"x" * len(content) if name.startswith("attachments/") else content,
    "no JSON": lambda name, content: b"{" if name == "backup.json" else content,
    "odd JSON": lambda name, content: b"[1]" if name == "backup.json" else content,
    "too little in it": lambda name, content: b'{"format": 1}' if name == "backup.json" else content,
    "a path out of the folder": edit_info(attachments=[{"sha256": "../../../../x", "name": "x", "size": 1}]),
}


@pytest.mark.parametrize("change", BROKEN.values(), ids=BROKEN.keys())
def test_a_changed_backup_is_refused_and_nothing_is_replaced(
    tmp_path: Path, change: Callable[[str, bytes], bytes | None]
) -> None:
    with with_proofs(tmp_path / "a", "一.pdf") as county:
        file = backup(county, tmp_path / "b.zip")
        counties.add_towns(county, "纪台镇")
        before = counties.tables_of(county)
    rewrite(file, change)
    with counties.new(tmp_path / "c") as other:
        untouched = counties.tables_of(other)
    for folder, expected in ((tmp_path / "c", untouched), (tmp_path / "a", before)):
        if folder.name == "a" and change in (BROKEN["other proof"], BROKEN["no proofs"]):
            continue  # its own proof files are whole, so those in the zip are not needed
        with pytest.raises(EnvironmentProblem) as caught:
            restore(file, folder)
        assert caught.value.code == "bad_backup"
        assert content_of(folder)[0] == expected
        assert not list(folder.glob(".*.part"))


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06" + b"\0" * 18, b"text" * 100])
def test_what_is_no_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b.zip").write_bytes(content)
    for use in (describe, lambda file: restore(file, tmp_path / "c")):
        with pytest.raises(EnvironmentProblem) as caught:
            use(tmp_path / "b.zip")
        assert caught.value.code == "bad_backup"
    with pytest.raises(EnvironmentProblem) as caught:
        describe(tmp_path / "没有.zip")
    assert caught.value.code == "not_found"


def test_a_database_of_another_kind_in_the_zip_is_refused(tmp_path: Path) -> None:
    with counties.new(tmp_path / "a") as county:
        file = backup(county, tmp_path / "b.zip")
    conn = sqlite3.connect(tmp_path / "x.db")
    conn.execute("CREATE TABLE x (y)")
    conn.close()
    content = (tmp_path / "x.db").read_bytes()
    rewrite(file, lambda name, old: content if name == "county.db" else old)
    rewrite(file, edit_info(database_size=len(content), database_sha256=hashlib.sha256(content).hexdigest()))
    with pytest.raises(EnvironmentProblem) as caught:
        restore(file, tmp_path / "c")
    assert caught.value.code == "bad_backup"


def test_a_backup_format_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    with counties.new(tmp_path / "a") as county:
        file = backup(county, tmp_path / "b.zip")
    rewrite(file, edit_info(format=99))
    with pytest.raises(EnvironmentProblem) as caught:
        describe(file)
    assert caught.value.code == "newer_file"
