"""What a file is that somebody chose, told by its content: the program's own kinds, and what is often taken for one.

    with meant(path, Kind.ANSWER): …       whatever fails in it is told as "this is a backup", where it is one
    refuse_other(path, Kind.REGISTER)      the same ahead of reading

It says what the file is, where such a file belongs, and what to choose instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from db.core.application_ids import COUNTY_FILE, LEDGER_FILE
from db.core.errors import DataProblem, SijianError
from db.core.zip_look import zip_beginning, zip_names


class Facts(NamedTuple):
    """What a kind is called, where such a file belongs, and how the right one is known; `ours` is what we deal with."""

    title: str
    belongs: str = ""
    choose: str = ""
    ours: bool = True


class Kind(Enum):
    """A kind of file."""

    PACKAGE = Facts(
        "上报包",
        "上报包交给市里，由市里在市级核收窗口核收。",
        "请选择县里导出的上报包（.zip，名字像 370783-monthly-2022-03-v1）。",
    )
    BACKUP = Facts(
        "备份或交接包",
        "备份、交接包在首页“从备份恢复”，或在基础信息的“备份与恢复”里恢复。",
        "请选择本程序的备份（.zip，一般在县级数据文件夹的 backups 里）。",
    )
    PART = Facts(
        "工作包",
        "工作包在首页打开，由承办的人在另一台电脑上填。",
        "请选择对方发来的工作包（.sijian-part）。",
    )
    RETURNED_PART = Facts(
        "交回来的工作包",
        "交回来的工作包在发出它的县级数据里，到“收发”页收回。",
        "请选择对方交回的工作包（名字以 -return.sijian-part 结尾）。",
    )
    ANSWER = Facts(
        "市里的回执或退回",
        "回执、退回在“上报”页用“导入回执/退回”导入。",
        "请选择市里发回的文件（名字以 -receipt.json 或 -return.json 结尾）。",
    )
    RULES = Facts(
        "审核规则设置",
        "审核规则设置在“审核”页的“规则一览”里载入。",
        "请选择市里下发的规则设置（.json 或 .xlsx）。",
    )
    REGISTER = Facts(
        "清单定义",
        "清单定义在“项目清单”页用“载入清单”载入。",
        "请选择清单定义（.xlsx 或 .json）。",
    )
    COUNTY = Facts(
        "县级数据文件",
        "要用它，请在首页打开它所在的文件夹。",
        "请选择县级数据所在的文件夹。",
    )
    LEDGER = Facts(
        "市级核收台账",
        "台账由市里在市级核收窗口打开。",
        "请选择本程序建立的台账，或换一个新文件名。",
    )
    WORKBOOK = Facts(
        "Excel 工作簿",
        "镇街、企业填好的工作簿在“收发”页收回，清单的行在“项目清单”页导入。",
        "请选择 Excel 或 WPS 表格的工作簿（.xlsx、.xls、.et、.ods）。",
    )
    DOCUMENT = Facts(
        "Word 文档",
        "方案的文档在基础信息的“方案”里打开。",
        "请选择 .docx 或 .txt 文件。",
    )
    PDF = Facts("PDF 文件", ours=False)
    PICTURE = Facts("图片", ours=False)
    ARCHIVE = Facts("压缩包", "要用里面的文件，请先解压。", ours=False)
    OTHER_DATABASE = Facts("数据库文件", ours=False)
    OTHER_JSON = Facts("别的程序的数据文件（JSON）", ours=False)
    TEXT = Facts("文本文件", ours=False)
    EMPTY = Facts("空文件（0字节）", "可能没有拷贝完，请重新拷贝。", ours=False)


_APPLICATIONS = {COUNTY_FILE: Kind.COUNTY, LEDGER_FILE: Kind.LEDGER}

_FORMATS = {"sijian-answer": Kind.ANSWER, "sijian-rule-settings": Kind.RULES}
_IN_ZIPS = (
    ("return.json", Kind.RETURNED_PART),
    ("part.json", Kind.PART),
    ("backup.json", Kind.BACKUP),
    ("xl/workbook.xml", Kind.WORKBOOK),
    ("xl/workbook.bin", Kind.WORKBOOK),
    ("word/document.xml", Kind.DOCUMENT),
)
_BEGINS = (
    (b"%PDF", Kind.PDF),
    (b"\x89PNG", Kind.PICTURE),
    (b"\xff\xd8\xff", Kind.PICTURE),
    (b"GIF8", Kind.PICTURE),
    (b"Rar!", Kind.ARCHIVE),
    (b"7z\xbc\xaf", Kind.ARCHIVE),
)
_BARE = (Kind.TEXT, Kind.OTHER_JSON)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEAD, _LOOKED_AT = 8192, 1 << 20


def kind_of_file(path: Path) -> Kind | None:
    """Return what the file is, None for a folder, for what is not known, and where it cannot be read."""
    try:
        if not path.is_file():
            return None
        with path.open("rb") as file:
            head = file.read(_HEAD)
            if head.startswith(_OLE):
                return _in_ole(head + file.read(_LOOKED_AT))
    except OSError:
        return None
    if not head:
        return Kind.EMPTY
    if head.startswith(b"SQLite format 3\0"):
        return _APPLICATIONS.get(int.from_bytes(head[68:72], "big"), Kind.OTHER_DATABASE)
    if head.startswith(b"PK"):
        return _in_zip(path)
    return next((kind for begin, kind in _BEGINS if head.startswith(begin)), None) or _in_text(head)


def _in_ole(content: bytes) -> Kind | None:
    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if holds("Workbook"):
        return Kind.WORKBOOK
    return Kind.DOCUMENT if holds("WordDocument") else None


def _in_zip(path: Path) -> Kind | None:
    names = zip_names(path)
    if not names:
        return None
    if any(name.rpartition("/")[2] == "bagit.txt" for name in names):
        return Kind.PACKAGE
    if "mimetype" in names and b"spreadsheet" in zip_beginning(path, "mimetype", 100):
        return Kind.WORKBOOK
    return next((kind for name, kind in _IN_ZIPS if name in names), Kind.ARCHIVE)


def _in_text(head: bytes) -> Kind | None:
    if b"\0" in head:
        return None
    text = head.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    if not text.startswith("{"):
        return Kind.TEXT
    told = re.search(r'"format"\s*:\s*"([a-z-]+)"', text)
    if told is not None and told[1] in _FORMATS:
        return _FORMATS[told[1]]
    return Kind.REGISTER if '"fields"' in text and '"x-' in text else Kind.OTHER_JSON


def other_kind(path: Path, *wanted: Kind, ours: bool = False) -> DataProblem | None:
    """Return what to say where the file is known to be none of `wanted`, None where it may be one.

    With `ours`, only of files that have to do with the program: of others the reader knows more to say.
    """
    kind = kind_of_file(path)
    if kind is None or kind in wanted or (ours and not kind.value.ours):
        return None
    if kind in _BARE and path.suffix.lower() == ".json":
        return None  # it may be one of `wanted` that was cut off or changed by hand
    what = f"“{path.name}”是{kind.value.title}，不是{wanted[0].value.title}。"
    return DataProblem(what, advice=f"{wanted[0].value.choose}{kind.value.belongs}", code="file.kind")


def refuse_other(path: Path, *wanted: Kind) -> None:
    """Raise DataProblem where the file is another of the program's own kinds than `wanted`."""
    problem = other_kind(path, *wanted, ours=True)
    if problem is not None:
        raise problem


@contextmanager
def meant(path: Path, *wanted: Kind, ours: bool = False) -> Iterator[None]:
    """Read a file that is meant to be one of `wanted`; when that fails because it is another kind, say so."""
    try:
        yield
    except SijianError as error:
        problem = other_kind(Path(path), *wanted, ours=ours)
        if problem is None:
            raise
        raise problem from error
