"""Reading a zip that nothing is known about: bounded, and without ever unpacking to disk.

Opening lists what the archive says it holds and collects every fault of its names and sizes. Contents are streamed;
`Damaged` says which file broke and how. Entries under a password (AES) are opened with it.
"""

from __future__ import annotations

import errno
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import BinaryIO, Self

from db.core.errors import DataProblem, EnvironmentProblem, Problem
from db.core.zip_look import MOST_DIRECTORY, UNREADABLE, directory_size
from db.exchange import zip_aes
from db.exchange.zip_names import collisions, name_fault
from db.store.files import explain

CHUNK = 1 << 20

_LOCAL_HEADER_SIZE = 30
_ENCRYPTED = 0x1 | 0x40
_UTF8 = 0x800
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_NO_SUCH_PLACE = errno.EINVAL
"""What the system says to a place before the beginning of a file, where a directory that lies may send us."""

_AGAIN = "请重新拷贝，或请对方重新导出。"


@dataclass(frozen=True)
class Limits:
    """How much an archive may ask of this computer. Sizes are bytes after unpacking."""

    entries: int = 20_000
    directory: int = MOST_DIRECTORY
    entry_size: int = 8 << 30
    total_size: int = 32 << 30
    ratio: int = 300
    ratio_from: int = 8 << 20


DEFAULT_LIMITS = Limits()

NO_PASSWORD, WRONG_PASSWORD = "zip.password", "zip.wrong_password"
"""Codes of the problems that another password can solve."""


class Damaged(DataProblem):
    """One file inside the archive cannot be read to its end."""


class SafeZip:
    """An archive opened for reading. `files` are the lawful entries by name, `problems` all faults found so far."""

    def __init__(self, path: Path, limits: Limits = DEFAULT_LIMITS, *, password: str = "") -> None:
        self.path = path
        self.limits = limits
        self._password = password
        self._seals: dict[str, zip_aes.Seal] = {}
        self.problems: list[Problem] = []
        self.files: dict[str, zipfile.ZipInfo] = {}
        self._reading = Lock()
        self._file, self._zip = _open(path, limits)
        try:
            self._inspect(self._zip.infolist())
            self._try_password()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._zip.close()
        self._file.close()

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield the content of one of `files` piece by piece; Damaged when it breaks off, was changed or lies."""
        info = self.files[name]
        size = 0
        try:
            for data in self._content(info, self._seals.get(name)):
                size += len(data)
                yield data
        except UNREADABLE as error:
            raise _damaged(name) from error
        except OSError as error:
            if error.errno == _NO_SUCH_PLACE:
                raise _damaged(name) from error
            raise _unreadable_file(self.path, error) from error
        if size != info.file_size:
            raise Damaged("内容比登记的短。", advice=_AGAIN, place=name, code="zip.damaged")

    def _content(self, info: zipfile.ZipInfo, seal: zip_aes.Seal | None) -> Iterator[bytes]:
        # ZipFile.open takes longer than most of our files.
        method, pieces = (info.compress_type, self._plain(info)) if seal is None else (seal.method, self._sealed(info))
        crc = 0
        for data in pieces if method == zipfile.ZIP_STORED else _inflated(pieces, info.file_size):
            crc = zlib.crc32(data, crc)
            yield data
        if (seal is None or seal.version == 1) and crc != info.CRC:
            raise ValueError("changed")

    def _plain(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        """Yield the entry's bytes as they lie there; EOFError when there are fewer than stated."""
        with self._reading:
            _seek_content(self._file, info)
            at = self._file.tell()
        left = info.compress_size
        while left:
            with self._reading:  # two threads take turns, and inflate and hash at once
                self._file.seek(at)
                data = self._file.read(min(CHUNK, left))
            if not data:
                raise EOFError
            at += len(data)
            left -= len(data)
            yield data

    def _sealed(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        seal = self._seals[info.filename]
        with self.path.open("rb") as file:
            _seek_content(file, info)
            yield from zip_aes.opened(self._password, file, info.compress_size, seal, CHUNK)

    def _try_password(self) -> None:
        """Refuse at once what cannot be read without a password, or not with this one."""
        first = next((self.files[name] for name in self._seals if name in self.files), None)
        if first is None:
            return
        if len(self._seals) < len(self.files):
            self.problems.append(Problem("zip.encrypted", "有的文件加了密码，有的没有。", "请对方重新导出。"))
        if not self._password:
            raise DataProblem("这个上报包加了密码。", advice="请输入密码后再校验。", code=NO_PASSWORD)
        try:
            with self.path.open("rb") as file:
                _seek_content(file, first)
                fits = zip_aes.fits(self._password, file, self._seals[first.filename])
        except UNREADABLE as error:
            raise _damaged(first.filename) from error
        except OSError as error:
            if error.errno == _NO_SUCH_PLACE:
                raise _damaged(first.filename) from error
            raise _unreadable_file(self.path, error) from error
        if not fits:
            raise DataProblem("密码不对，打不开这个上报包。", advice="请向对方核对密码。", code=WRONG_PASSWORD)

    def read(self, name: str, most: int) -> bytes:
        """Return the whole content of a small file; Damaged when it is longer than `most` bytes."""
        if self.files[name].file_size > most:
            raise Damaged(f"文件大得不合理（超过{most:,}字节）。", advice=_AGAIN, place=name, code="zip.too_large")
        return b"".join(self.chunks(name))

    def _inspect(self, entries: list[zipfile.ZipInfo]) -> None:
        if len(entries) > self.limits.entries:
            raise DataProblem(f"压缩包里的文件超过{self.limits.entries:,}个。", advice=_AGAIN, code="zip.entries")
        for info in entries:
            fault = self._fault(info)
            if fault:
                self.problems.append(fault)
            elif not info.is_dir():
                self.files.setdefault(info.filename, info)
        self.problems.extend(collisions(info.orig_filename for info in entries))
        self.problems.extend(_overlaps(entries, self._zip.start_dir))
        total = sum(info.file_size for info in entries)
        if total > self.limits.total_size:
            self.problems.append(
                Problem("zip.bomb", f"解压后共{total:,}字节，超出限度，疑似压缩炸弹。", "请不要解压，并告知来源单位。")
            )
            self.files.clear()

    def _fault(self, info: zipfile.ZipInfo) -> Problem | None:
        name = info.orig_filename
        fault = name_fault(name)
        if fault:
            return Problem("zip.name", f"{fault}。", "请对方用本程序重新导出。", _printable(name))
        method, seal = info.compress_type, None
        if info.flag_bits & _ENCRYPTED:
            seal = zip_aes.seal_of(info.extra) if method == zip_aes.METHOD else None
            if seal is None or info.compress_size < seal.overhead:
                return Problem(
                    "zip.encrypted", "文件用旧的方法加了密码，不安全。", "请对方用 AES-256 加密，或不加密。", name
                )
            method = seal.method
        mode = info.external_attr >> 16
        if info.create_system == 3 and stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
            return Problem("zip.link", "不是普通文件（符号链接或设备）。", "请对方用本程序重新导出。", name)
        if info.is_dir():
            if info.file_size:
                return Problem("zip.folder_content", "文件夹里夹带了内容。", "请对方用本程序重新导出。", name)
            return None
        if method not in _METHODS:
            return Problem("zip.method", "用了本程序不认识的压缩方法。", "请对方用本程序重新导出。", name)
        if seal is not None:
            self._seals[info.filename] = seal
        return self._size_fault(info, method, seal.overhead if seal else 0)

    def _size_fault(self, info: zipfile.ZipInfo, method: int, overhead: int) -> Problem | None:
        advice = "请不要解压，并告知来源单位。"
        if info.file_size > self.limits.entry_size:
            return Problem(
                "zip.bomb", f"解压后有{info.file_size:,}字节，超出限度，疑似压缩炸弹。", advice, info.filename
            )
        ratio = info.file_size // max(1, info.compress_size)
        if info.file_size > self.limits.ratio_from and ratio > self.limits.ratio:
            return Problem("zip.bomb", f"压缩比达{ratio:,}倍，疑似压缩炸弹。", advice, info.filename)
        if method == zipfile.ZIP_STORED and info.file_size != info.compress_size - overhead:
            return Problem("zip.size", "登记的大小前后不一。", _AGAIN, info.filename)
        return None


def _damaged(name: str) -> Damaged:
    return Damaged("内容已损坏，读不出来。", advice=_AGAIN, place=name, code="zip.damaged")


def _seek_content(file: BinaryIO, info: zipfile.ZipInfo) -> None:
    """Go to where the entry's content begins; ValueError when there is no entry of this name."""
    file.seek(info.header_offset)
    head = file.read(_LOCAL_HEADER_SIZE)
    if len(head) < _LOCAL_HEADER_SIZE or head[:4] != b"PK\x03\x04":
        raise ValueError("no entry")
    name, extra = struct.unpack_from("<2H", head, 26)
    if file.read(name).decode("utf-8" if info.flag_bits & _UTF8 else "cp437") != info.orig_filename:
        raise ValueError("another entry")
    file.seek(extra, 1)


def _inflated(pieces: Iterator[bytes], size: int) -> Iterator[bytes]:
    """Yield what the pieces inflate to, to their end; ValueError when that is more than `size` bytes."""
    machine = zlib.decompressobj(-15)
    left = size + 1
    for piece in pieces:
        # What it has taken in may still give something when a call has given as much as it may.
        while not machine.eof and (data := machine.decompress(piece, min(CHUNK, left))):
            left -= len(data)
            if left <= 0:
                raise ValueError("longer than stated")
            yield data
            piece = machine.unconsumed_tail
    if not machine.eof:
        raise EOFError


def _overlaps(entries: list[zipfile.ZipInfo], end: int) -> Iterator[Problem]:
    """Yield a Problem for every entry whose bytes another one uses too: how a small file pretends to be a huge one."""
    ordered = sorted(entries, key=lambda info: info.header_offset)
    ends = [*(info.header_offset for info in ordered), end][1:]
    for info, limit in zip(ordered, ends, strict=True):
        size = _LOCAL_HEADER_SIZE + len(info.orig_filename.encode("utf-8", "replace")) + info.compress_size
        if info.flag_bits & _UTF8 == 0:
            size -= len(info.orig_filename.encode("utf-8", "replace")) - len(info.orig_filename)
        if info.header_offset < 0 or info.header_offset + size > limit:
            yield Problem("zip.overlap", "与别的文件占用同一段内容。", _AGAIN, _printable(info.orig_filename))


def _open(path: Path, limits: Limits) -> tuple[BinaryIO, zipfile.ZipFile]:
    try:
        file = path.open("rb")
    except OSError as error:
        raise _unreadable_file(path, error) from error
    try:
        _check_tail(path, file, limits)
        return file, zipfile.ZipFile(file)
    except UNREADABLE as error:
        file.close()
        raise DataProblem(f"{path.name}的目录已损坏，打不开。", advice=_AGAIN, code="zip.broken") from error
    except OSError as error:
        file.close()
        if error.errno == _NO_SUCH_PLACE:
            raise DataProblem(f"{path.name}的目录已损坏，打不开。", advice=_AGAIN, code="zip.broken") from error
        raise _unreadable_file(path, error) from error
    except BaseException:
        file.close()
        raise


def _check_tail(path: Path, file: BinaryIO, limits: Limits) -> None:
    """Refuse what is no complete zip, or whose directory alone would fill the memory."""
    size = file.seek(0, 2)
    if size == 0:
        raise DataProblem(f"{path.name}是空文件。", advice=_AGAIN, code="zip.empty")
    directory = directory_size(file)
    if directory is None:
        file.seek(0)
        if file.read(4) == b"PK\x03\x04":
            raise DataProblem(f"{path.name}不完整，后面缺了一截。", advice=_AGAIN, code="zip.truncated")
        raise DataProblem(f"{path.name}不是 zip 压缩包。", advice="请选择上报包文件（.zip）。", code="zip.none")
    if directory > limits.directory:
        raise DataProblem(f"{path.name}的文件目录大得不合理。", advice=_AGAIN, code="zip.entries")


def _unreadable_file(path: Path, error: OSError) -> EnvironmentProblem:
    if isinstance(error, FileNotFoundError):
        return EnvironmentProblem(f"找不到文件{path}。", advice="请检查U盘和文件名。", code="file.missing")
    if isinstance(error, IsADirectoryError) or path.is_dir():
        return EnvironmentProblem(f"{path}是文件夹。", advice="请选择上报包文件（.zip）。", code="file.folder")
    if isinstance(error, PermissionError):
        return EnvironmentProblem(f"没有权限读取{path}。", advice="请换一个位置，或请管理员授权。", code="file.denied")
    return explain(error, "读取上报包", path)


def _printable(name: str) -> str:
    return "".join(c if c.isprintable() else "□" for c in name)[:200]
