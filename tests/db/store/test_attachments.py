from __future__ import annotations

import errno
import hashlib
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from db.core.errors import Cancelled, DataProblem, EnvironmentProblem
from db.store import attachment_copies, attachments
from db.store.attachment_kinds import rules
from db.store.attachments import (
    add,
    add_all,
    candidate,
    is_stored_name,
    missing,
    open_path,
    original_name,
    stored_name,
)
from db.store.county import County
from tests.db.store import counties

HASH = "ab" * 32


def attach(county: County, file: Path, **more: Any) -> str:
    with county.operation("添加佐证附件") as op:
        return add(op, county, "town", "town-圣城街道", file, "证明", **more).id


def files_in(county: County) -> list[str]:
    home = county.folder / "attachments"
    return sorted(path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("关停证明.PDF", ".pdf"),
        ("CON.pdf", ".pdf"),
        ("nul", ""),
        ("..\\x", ""),
        ("../../x.exe", ".exe"),
        ("无扩展名", ""),
        ("结尾点.", ""),
        ("a.b c", ""),
        ("a.照片", ""),
        ("x.tar.gz", ".gz"),
        (".htaccess", ".htaccess"),
        ("a.pdf:stream", ""),
        ("名" * 300 + ".pdf", ".pdf"),
        ("a." + "x" * 11, ""),
        ("a.pdf ", ""),
        ("a.p\x00df", ""),
    ],
)
def test_no_name_can_do_harm(name: str, ending: str) -> None:
    assert stored_name(HASH, name) == HASH + ending
    assert is_stored_name(stored_name(HASH, name))


@pytest.mark.parametrize("name", ["", "x.pdf", HASH[:-1], HASH + "/x", "../" + HASH, HASH.upper(), HASH + ".p f"])
def test_other_names_are_not_stored_names(name: str) -> None:
    assert not is_stored_name(name)


def test_a_file_is_kept_by_its_content_with_its_own_name_in_the_row(tmp_path: Path) -> None:
    source = tmp_path / "证明 一.PDF"
    source.write_bytes(b"%PDF" * 700_000)
    with counties.new(tmp_path / "county") as county:
        steps: list[tuple[int, int, str]] = []

        class Steps:
            def step(self, done: int, total: int, text: str = "") -> None:
                steps.append((done, total, text))

        attachment_id = attach(county, source, progress=Steps())
        digest = hashlib.sha256(source.read_bytes()).hexdigest()
        with county.reading() as conn:
            row = conn.execute(
                "SELECT id, table_name, row_id, sha256, name, size, media_type, proves FROM attachment"
            ).fetchall()
        expected = ("town", "town-圣城街道", digest, "证明 一.PDF", 2_800_000, "application/pdf", "证明")
        assert row == [(attachment_id, *expected)]
        assert files_in(county) == [f"{digest[:2]}/{digest}.pdf"]
        assert open_path(county, digest, "证明 一.PDF").read_bytes() == source.read_bytes()
        assert open_path(county, digest) == open_path(county, digest, "证明 一.PDF")
        assert len(steps) == 3 and steps[-1] == (2_800_000, 2_800_000, "证明 一.PDF")


def test_the_same_content_is_kept_once(tmp_path: Path) -> None:
    with counties.new(tmp_path / "county") as county:
        for name in ("一.pdf", "二.pdf"):
            (tmp_path / name).write_bytes(b"same")
            with county.operation("添加") as op:
                for row in ("town-圣城街道", "town-洛城街道"):
                    added = add(op, county, "town", row, tmp_path / name)
                    assert added.known_as == ("一.pdf" if name == "二.pdf" else "")
        assert len(files_in(county)) == 1
        with county.reading() as conn:
            assert len(attachments.contents(conn)) == 1
            rows = conn.execute("SELECT row_id, name FROM attachment ORDER BY seq").fetchall()
        assert rows == [("town-圣城街道", "一.pdf"), ("town-洛城街道", "一.pdf")]


def test_a_content_that_was_removed_from_the_row_can_be_added_again(tmp_path: Path) -> None:
    (tmp_path / "一.pdf").write_bytes(b"same")
    with counties.new(tmp_path / "county") as county:
        first = attach(county, tmp_path / "一.pdf")
        with county.operation("移除") as op:
            op.conn.execute("UPDATE attachment SET deleted_at = ? WHERE id = ?", (op.at, first))
        assert attach(county, tmp_path / "一.pdf") != first


def test_adding_again_heals_every_copy_whatever_its_ending(tmp_path: Path) -> None:
    with counties.new(tmp_path / "county") as county:
        for name, row in (("甲.jpeg", "town-圣城街道"), ("乙.jpg", "town-洛城街道")):
            (tmp_path / name).write_bytes(b"same")
            with county.operation("添加") as op:
                add(op, county, "town", row, tmp_path / name)
        for name in files_in(county):
            (county.folder / "attachments" / name).write_bytes(b"evil")
        with county.reading() as conn:
            assert len(missing(conn, county.folder, deep=True)) == 2
            attach(county, tmp_path / "甲.jpeg")
            assert missing(conn, county.folder, deep=True) == []


PE = bytes.fromhex("4d5a9000") + bytes(60)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("setup.exe", b"x"),
        ("说明.pdf.EXE", b"x"),
        ("启动.bat", b"@echo off"),
        ("脚本.ps1 ", b"x"),
        ("快捷方式.lnk", b"x"),
        ("验收.pdf", PE),
        ("没有扩展名", b"\x7fELF\x02"),
        ("说明", b"#!/bin/sh\n"),
    ],
)
def test_programs_and_scripts_are_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with counties.new(tmp_path / "county") as county:
        with pytest.raises(DataProblem, match="程序或脚本"):
            attach(county, tmp_path / name)
        assert files_in(county) == []


def test_five_gigabytes_are_refused_before_they_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    huge = tmp_path / "录像.mp4"
    with huge.open("wb") as file:
        file.truncate(5 << 30)
    with counties.new(tmp_path / "county") as county:
        monkeypatch.setattr(Path, "open", lambda *_: pytest.fail("opened"))
        with pytest.raises(DataProblem, match="200 MB") as caught:
            attach(county, huge)
    assert caught.value.code == "attachment.too_large" and caught.value.advice


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "x.pdf"
    file.write_bytes(b"x" * 3_000_000)
    with counties.new(tmp_path / "county") as county:
        found = candidate(file)
        monkeypatch.setattr(attachment_copies, "rules", lambda: replace(rules(), largest=1 << 20))
        with pytest.raises(DataProblem, match="超过"), county.operation("添加") as op:
            add_all(op, county, "town", "town-圣城街道", [found])
        assert files_in(county) == []


def test_a_file_without_an_ending_is_known_by_its_content(tmp_path: Path) -> None:
    for name, content, media_type in (
        ("扫描件", b"%PDF-1.4", "application/pdf"),
        ("照片.", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("记录", b"text", "application/octet-stream"),
        ("表.XLSX", b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ):
        (tmp_path / name).write_bytes(content)
        assert candidate(tmp_path / name).media_type == media_type


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("CON.pdf", "CON.pdf"),
        ("..\\x", "..\\x"),
        ("发票\u202efdp.jpg", "发票fdp.jpg"),
        ("照片📷👨‍👩‍👧.jpg", "照片📷👨‍👩‍👧.jpg"),
        ("a\x00b\x85.pdf", "a_b_.pdf"),
        ("名" * 300 + ".pdf", "名" * 250 + "….pdf"),
        ("鄌郚𠮷. ", "鄌郚𠮷. "),
        ("\u202e", "_"),
    ],
)
def test_names_are_kept_to_be_shown(name: str, shown: str) -> None:
    assert original_name(name) == shown


def test_a_name_with_nul_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(DataProblem, match="不是文件"):
        candidate(tmp_path / "a\x00.pdf")


def test_undo_and_redo_find_the_file_again(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_bytes(b"x")
    with counties.new(tmp_path / "county") as county:
        attach(county, tmp_path / "x.txt")
        county.undo()
        county.redo()
        with county.reading() as conn:
            assert missing(conn, county.folder, deep=True) == []


@pytest.mark.skipif(sys.platform != "linux", reason="such names exist on Linux only")
def test_names_that_are_no_text_are_made_one(tmp_path: Path) -> None:
    source = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xb9\xd8\n\xcd\xa3.pdf"))
    source.write_bytes(b"x")
    with counties.new(tmp_path / "county") as county:
        attach(county, source)
        with county.reading() as conn:
            (name,) = conn.execute("SELECT name FROM attachment").fetchone()
    assert name == original_name(source.name) and name.endswith(".pdf") and "\n" not in name


def test_what_is_no_proof_is_refused(tmp_path: Path) -> None:
    empty = tmp_path / "空.pdf"
    empty.write_bytes(b"")
    with counties.new(tmp_path / "county") as county:
        for file, word in ((empty, "空文件"), (tmp_path, "不是文件")):
            with pytest.raises(DataProblem, match=word):
                attach(county, file)
        with pytest.raises(DataProblem):
            attach(county, tmp_path / "没有.pdf")
        assert files_in(county) == []


def test_cancelling_or_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.pdf").write_bytes(b"x" * 3_000_000)

    class Cancel:
        def step(self, done: int, total: int, text: str = "") -> None:
            raise Cancelled

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with counties.new(tmp_path / "county") as county:
        with pytest.raises(Cancelled):
            attach(county, tmp_path / "x.pdf", progress=Cancel())
        with monkeypatch.context() as patch, pytest.raises(EnvironmentProblem) as caught:
            patch.setattr(os, "fsync", full)
            attach(county, tmp_path / "x.pdf")
        assert caught.value.code == "disk_full"
        assert files_in(county) == []
        with county.reading() as conn:
            assert conn.execute("SELECT count(*) FROM attachment").fetchone() == (0,)


def test_missing_and_damaged_files_are_found_and_mended_by_adding_again(tmp_path: Path) -> None:
    names = ["丢.pdf", "短.pdf", "改.pdf", "好.pdf"]
    with counties.new(tmp_path / "county") as county:
        for name in names:
            (tmp_path / name).write_bytes(name.encode())
            attach(county, tmp_path / name)
        with county.reading() as conn:
            paths = {
                stored.name: county.folder / "attachments" / stored.stored_name for stored in attachments.contents(conn)
            }
            paths["丢.pdf"].unlink()
            paths["短.pdf"].write_bytes(b"")
            paths["改.pdf"].write_bytes("坏.pdf".encode())
            assert {m.stored.name: m.reason for m in missing(conn, county.folder)} == {
                "丢.pdf": "missing",
                "短.pdf": "size",
            }
            found = missing(conn, county.folder, deep=True)
            assert {m.stored.name: m.reason for m in found} == {
                "丢.pdf": "missing",
                "短.pdf": "size",
                "改.pdf": "content",
            }
            assert all(m.stored.name in m.sentence() and "备份" in m.sentence() for m in found)
            with pytest.raises(EnvironmentProblem, match="丢失"):
                open_path(county, next(m.stored.sha256 for m in found if m.reason == "missing"), "丢.pdf")
            for name in names[:3]:
                attach(county, tmp_path / name)
            assert missing(conn, county.folder, deep=True) == []
