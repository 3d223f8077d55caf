"""What kind of file it is, told by its content: a name proves nothing, and every reader needs to be told.

kind_of(path) -> "xlsx" | "xlsb" | "xls" | "ods"        DataProblem for everything else, with what it is
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from db.core.errors import DataProblem
from db.exchange.cells.ole import ENCRYPTED, WORKBOOK_STREAMS, OleDamaged, OleFile

ENDINGS = (".xlsx", ".xls", ".et", ".ods", ".xlsm", ".xlsb", ".xltx", ".ett")
"""What spreadsheet files are called; only for choosing files, never for judging them."""

LARGEST_FILE = 200 << 20
_HEAD = 4096
_SAVE_AS = "请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入。"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKS: tuple[tuple[tuple[bytes, ...], str, str], ...] = (
    ((b"%PDF",), "是 PDF 文件", "请导入原来的 Excel 工作簿。"),
    ((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM"), "是图片", "请导入原来的 Excel 工作簿。"),
    ((b"Rar!", b"7z\xbc\xaf"), "是压缩包", "请先解压，再导入里面的工作簿。"),
    ((b"{\\rtf",), "是写字板文件（RTF）", _SAVE_AS),
)
_WEB = (b"<html", b"<!doctype", b"<table", b"<head", b"<meta", b"mime-version", b"<div", b"<style")
_ZIPS: tuple[tuple[str, str], ...] = (("word/", "Word 文档"), ("ppt/", "演示文稿"))


def kind_of(path: Path) -> str:
    """Return xlsx, xlsb, xls or ods; DataProblem says what else it is; raises OSError."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        raise _refused(path, "是空文件（0字节），可能没有下载完", "请重新接收这个文件。", "book.empty")
    if size > LARGEST_FILE:
        advice = "请删去图片和多余的工作表后再导入。"
        raise _refused(path, f"有{size >> 20}MB，太大，最多读{LARGEST_FILE >> 20}MB", advice, "book.large")
    if head.startswith(_OLE):
        return _ole_kind(path)
    if head.startswith(b"PK"):
        return _zip_kind(path)
    raise _not_a_book(path, head)


def damaged(path: Path) -> DataProblem:
    """Return what to say of a file that should be a workbook and cannot be read."""
    advice = "请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入；打不开的请对方重新发送。"
    return _refused(path, "读不出来，可能已损坏或没有下载完", advice, "book.damaged")


def encrypted(path: Path) -> DataProblem:
    """Return what to say of a file with a password."""
    advice = "请用 Excel 或 WPS 打开，去掉打开密码，保存后再导入。"
    return _refused(path, "文件已加密（有打开密码），读不了", advice, "book.encrypted")


def too_large(path: Path) -> DataProblem:
    """Return what to say of a file that would take more memory than a workbook may."""
    advice = "请只保留要导入的工作表，删去多余的行列和图片。"
    return _refused(path, "太大，读不了", advice, "book.large")


def _refused(path: Path, what: str, advice: str, code: str) -> DataProblem:
    return DataProblem(f"“{path.name}”{what}。", advice=advice, code=code)


def _not_a_book(path: Path, head: bytes) -> DataProblem:
    for begins, what, advice in _MARKS:
        if head.startswith(begins):
            return _refused(path, f"{what}，不是 Excel 工作簿", advice, "book.kind")
    text = head.replace(b"\0", b"").lower()  # UTF-16 too
    if b"urn:schemas-microsoft-com:office:spreadsheet" in text:
        return _refused(path, "是 XML 表格（2003），不是 Excel 工作簿", _SAVE_AS, "book.kind")
    if any(mark in text for mark in _WEB):
        return _refused(path, "其实是网页（HTML），只是名字像表格，不是 Excel 工作簿", _SAVE_AS, "book.html")
    if head.count(b"\0") == len(head):
        return damaged(path)
    if b"\0" not in head:
        return _refused(path, "是文本文件，不是 Excel 工作簿", _SAVE_AS, "book.kind")
    return _refused(path, "不是 Excel 工作簿", _SAVE_AS, "book.kind")


def _ole_kind(path: Path) -> str:
    try:
        names = OleFile(path.read_bytes()).names
    except OleDamaged as error:
        raise damaged(path) from error
    if ENCRYPTED in names:
        raise encrypted(path)
    if not names.isdisjoint(WORKBOOK_STREAMS):
        return "xls"
    what = "是 Word 文档，不是 Excel 工作簿" if "WordDocument" in names else "不是 Excel 工作簿"
    raise _refused(path, what, _SAVE_AS, "book.kind")


def _zip_kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            kind = archive.read("mimetype")[:100] if "mimetype" in names else b""
            sealed = kind and b"encryption-data" in archive.read("META-INF/manifest.xml")[: 1 << 20]
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise damaged(path) from error
    if sealed:
        raise encrypted(path)
    if b"opendocument.spreadsheet" in kind:
        return "ods"
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        return "xlsb"
    for begin, what in _ZIPS:
        if any(name.startswith(begin) for name in names):
            raise _refused(path, f"是{what}，不是 Excel 工作簿", _SAVE_AS, "book.kind")
    if any(name.lower().endswith(ENDINGS) for name in names):
        raise _refused(path, "是压缩包，不是 Excel 工作簿", "请先解压，再导入里面的工作簿。", "book.zip")
    raise (
        damaged(path)
        if "[Content_Types].xml" in names
        else _refused(path, "是压缩包，不是 Excel 工作簿", "请先解压，再导入里面的工作簿。", "book.zip")
    )
