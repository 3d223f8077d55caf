from __future__ import annotations

import pytest

from db.exchange.zip_names import LONGEST_NAME, collisions, folded, name_fault

GOOD = (
    "a",
    "data/tables/town.csv",
    "data/附件/说明 1.pdf",
    "a/b/",
    "..a",
    "a..b/c",
    "CONSOLE.txt",
    "COM10",
    "a" * LONGEST_NAME,
)
BAD = {
    "": "空",
    "/": "空",
    "a" * (LONGEST_NAME + 1): "超过",
    "/etc/passwd": "绝对",
    "C:/x": "盘符",
    "a\\b": "反斜杠",
    "../x": "..",
    "a/../b": "..",
    "a/..": "..",
    "a//b": "空的一级",
    "./a": "空的一级",
    "a.": "点或空格",
    "a /b": "点或空格",
    "CON": "设备名",
    "a/nul.txt": "设备名",
    "com1.tar.gz": "设备名",
    "LPT³": "设备名",
    "CON .txt": "设备名",
    "ab:c": "不允许",
    "a?": "不允许",
    "a\x00b": "控制字符",
    "a\u202egpj.exe": "控制字符",
    "a\u2028b": "控制字符",
    "a\ud800": "控制字符",
}


@pytest.mark.parametrize("name", GOOD)
def test_ordinary_names_are_lawful(name: str) -> None:
    assert name_fault(name) is None


@pytest.mark.parametrize(("name", "words"), BAD.items(), ids=map(ascii, BAD))
def test_names_that_surprise_are_refused(name: str, words: str) -> None:
    assert words in str(name_fault(name))


def codes(*names: str) -> list[str]:
    return [problem.code for problem in collisions(names)]


def test_names_that_one_disk_takes_for_one_collide() -> None:
    assert codes("a", "b", "a/", "c/d") == ["zip.file_is_folder"]
    assert codes("a", "a") == ["zip.duplicate"]
    assert codes("A.txt", "a.TXT") == ["zip.collision"]
    assert codes("é", "e\u0301") == ["zip.collision"]
    assert codes("straße", "STRASSE") == ["zip.collision"]
    assert codes("x", "X/y") == ["zip.file_is_folder"]
    assert codes("a/", "a/", "a/b", "a/c") == []
    assert folded("É") == folded("e\u0301")
