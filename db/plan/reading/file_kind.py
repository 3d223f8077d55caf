"""Which kind of file a plan comes in, by its first bytes and never by its name; a sentence for each that we refuse."""

from __future__ import annotations

from pathlib import Path

from db.core.errors import DataProblem, EnvironmentProblem
from db.core.text import quote

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
_SAVE_AS = "请用 Word 或 WPS 打开它，另存为 .docx 后再试。"
_PASTE = "请用 Word 或 WPS 打开，另存为 .docx；打不开时，也可以复制文字后粘贴。"


def is_word_file(file: Path) -> bool:
    """Return whether `file` is a zip and so may be a .docx; False for what may be plain text.

    DataProblem for an empty file and for every other kind of file; EnvironmentProblem when it cannot be read.
    """
    try:
        with file.open("rb") as stream:
            head = stream.read(4096)
            if head.startswith(_OLE):
                raise _ole(file, _directory(stream.read(1 << 20), head))
    except OSError as error:
        raise EnvironmentProblem(
            f"{quote(file.name)}读不出来。", advice="请检查文件是否被占用、U 盘是否拔出。"
        ) from error
    if not head.strip(b"\x00\t\r\n \xef\xbb\xbf"):
        raise DataProblem(f"{quote(file.name)}是空文件。", advice="请重新拷贝，或换一份。", code="plan.empty")
    if head.startswith(_ZIP):
        return True
    if kind := _stranger(head):
        raise DataProblem(f"{quote(file.name)}是{kind}，不是 Word 文档或文本文件。", advice=_PASTE, code="plan.kind")
    return False


def _stranger(head: bytes) -> str:
    if head.startswith(b"%PDF"):
        return " PDF 文件"
    if head.startswith(_PICTURES):
        return "图片"
    if head.startswith(b"{\\rtf"):
        return " RTF 文件"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "网页"
    if start.startswith(b"<?xml"):
        return " XML 文件"
    if head.startswith((b"Rar!", b"7z\xbc\xaf")):
        return "压缩包"
    return ""


def _directory(rest: bytes, head: bytes) -> bytes:
    """Return the part of an OLE file where its streams are named; what there is of it when the file is cut off."""
    whole = head + rest
    size = 1 << min(int.from_bytes(head[30:32], "little"), 12)
    begin = (int.from_bytes(head[48:52], "little") + 1) * size
    return whole[begin : begin + 4096] if begin < len(whole) else whole


def _ole(file: Path, directory: bytes) -> DataProblem:
    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in directory

    name = quote(file.name)
    if holds("EncryptedPackage"):
        return DataProblem(
            f"{name}设了打开密码。",
            advice="请用 Word 或 WPS 打开，取消密码（文件→信息→保护文档）后另存再试。",
            code="plan.password",
        )
    if holds("Workbook") or holds("Book"):
        return DataProblem(
            f"{name}是 Excel 工作簿，不是方案文件。", advice="请选 .docx 或 .txt 文件。", code="plan.kind"
        )
    return DataProblem(f"{name}是旧格式的 Word 文档（.doc）。", advice=_SAVE_AS, code="plan.doc")
