"""Opening a .docx of unknown origin: bounded in size, streamed, and without entities.

The parser is the standard library's expat: it holds no tree, and any document type declaration ends the reading, so
that no entity can be defined at all.
"""

from __future__ import annotations

import errno
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from xml.parsers import expat

from db.core.errors import DataProblem, EnvironmentProblem, SijianError
from db.core.text import quote

_MOST_DIRECTORY = 4 << 20
_MOST_ENTRIES = 10_000
_MOST_XML = {"word/document.xml": 24 << 20}
_MOST_OTHER_XML = 8 << 20
_DEEPEST = 400
_CHUNK = 1 << 16
_TAIL = 22 + 0xFFFF
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
)
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT_WORD = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_PREFIXES = {_WORD: "w:", _STRICT_WORD: "w:", _COMPATIBILITY: "mc:"}


class Handler(Protocol):
    """What follows the elements of an XML file; names and attributes are `w:p`, `w:val`, `mc:Fallback`, else bare."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def data(self, text: str) -> None:
        """Some text of the innermost element."""


class WordFile:
    """A .docx opened for reading."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self._archive = archive
        self._name = name

    def parse(self, part: str, handler: Handler) -> bool:
        """Send the elements of `part` to `handler`; return False when there is no such part.

        DataProblem when it is damaged, too large, not XML, or declares entities.
        """
        try:
            info = self._archive.getinfo(part)
        except KeyError:
            return False
        most = _MOST_XML.get(part, _MOST_OTHER_XML)
        if info.file_size > most:
            raise too_large(self._name)
        parser = _parser(handler, self._name)
        try:
            for chunk in self._chunks(info, most):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise damaged(self._name) from error
        return True

    def _chunks(self, info: zipfile.ZipInfo, most: int) -> Iterator[bytes]:
        try:
            with self._archive.open(info) as stream:
                while chunk := stream.read(_CHUNK):
                    most -= len(chunk)
                    if most < 0:
                        raise too_large(self._name)
                    yield chunk
        except OSError as error:
            raise _unreadable(self._name, error) from error
        except _BROKEN as error:
            raise damaged(self._name) from error


@contextmanager
def open_word_file(file: Path) -> Iterator[WordFile]:
    """Open `file`, which begins like a zip; DataProblem when it is damaged, protected or no Word file."""
    name = file.name
    try:
        _check_directory(file)
        archive = zipfile.ZipFile(file)
    except OSError as error:
        raise _unreadable(name, error) from error
    except _BROKEN as error:
        raise damaged(name) from error
    with archive:
        names = set(archive.namelist())
        if "word/document.xml" not in names:
            raise _not_word(name, names)
        yield WordFile(archive, name)


def damaged(name: str) -> DataProblem:
    """Return the sentence for a file that broke on its way."""
    return DataProblem(
        f"{quote(name)}已损坏，读不完整。",
        advice="请重新拷贝，或用 Word、WPS 打开后另存一份再试。",
        code="plan.damaged",
    )


def too_large(name: str) -> DataProblem:
    """Return the sentence for a file that holds more text than any plan."""
    return DataProblem(
        f"{quote(name)}里的文字太多，不像一份方案。",
        advice="请只选方案文件，或把方案部分另存为一个文件。",
        code="plan.large",
    )


def _unreadable(name: str, error: OSError) -> SijianError:
    """Return the problem behind `error`; a place that a file cannot have is a fault of the archive's directory."""
    if error.errno == errno.EINVAL:
        return damaged(name)
    return EnvironmentProblem(f"{quote(name)}读不出来。", advice="请检查文件是否被占用、U 盘是否拔出。")


def _check_directory(file: Path) -> None:
    """Refuse, before the archive's directory is loaded, one that claims more entries than any document has."""
    with file.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(max(0, size - _TAIL))
        tail = stream.read()
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or place + 22 > len(tail):
        raise damaged(file.name)
    entries = int.from_bytes(tail[place + 10 : place + 12], "little")
    directory = int.from_bytes(tail[place + 12 : place + 16], "little")
    if entries > _MOST_ENTRIES or directory > _MOST_DIRECTORY or b"PK\x06\x07" in tail[max(0, place - 20) : place]:
        raise too_large(file.name)


def _not_word(name: str, names: set[str]) -> DataProblem:
    if any(entry.startswith("xl/") for entry in names):
        kind = "是 Excel 工作簿，不是 Word 文档。"
    elif any(entry.startswith("ppt/") for entry in names):
        kind = "是演示文稿，不是 Word 文档。"
    elif "content.xml" in names:
        kind = "是 OpenDocument 文档（.odt）。"
    elif "OFD.xml" in names:
        kind = "是 OFD 版式文件。"
    else:
        kind = "是压缩包，不是 Word 文档。"
    return DataProblem(
        f"{quote(name)}{kind}", advice="请选 .docx 或 .txt 文件，或另存为 .docx 后再试。", code="plan.kind"
    )


def _parser(handler: Handler, name: str) -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    known: dict[str, str] = {}
    depth = 0

    def short(full: str) -> str:
        found = known.get(full)
        if found is None:
            space, _, local = full.rpartition(" ")
            found = known[full] = _PREFIXES.get(space, "") + local
        return found

    def start(full: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise damaged(name)
        handler.start(short(full), {short(key): value for key, value in attributes.items()})

    def end(full: str) -> None:
        nonlocal depth
        depth -= 1
        handler.end(short(full))

    def refuse(*_: object) -> None:
        raise DataProblem(
            f"{quote(name)}里有不属于 Word 文档的内容（实体声明），为安全起见没有打开。",
            advice="请用 Word 或 WPS 打开后另存为 .docx 再试。",
            code="plan.entities",
        )

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = handler.data
    parser.StartDoctypeDeclHandler = refuse
    return parser
