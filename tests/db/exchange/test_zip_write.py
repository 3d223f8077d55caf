from __future__ import annotations

import hashlib
import io
import random
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from db.exchange import zip_write
from db.exchange.zip_read import SafeZip
from db.exchange.zip_write import Entry, ZipWriter, worth_deflating

FILES = {"根/a.csv": b"id,name\r\n" * 50, "b": b"", "c.bin": random.Random(1).randbytes(3000)}


def written(file: io.BytesIO, writer: ZipWriter | None = None) -> list[Entry]:
    writer = writer or ZipWriter(file)
    entries = [writer.add(name, content) for name, content in FILES.items()]
    writer.finish()
    return entries


def test_what_was_written_is_read_by_anybody(tmp_path: Path) -> None:
    file = io.BytesIO()
    entries = written(file)
    with zipfile.ZipFile(file) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == FILES
        assert archive.testzip() is None
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert [(e.name, e.size, e.sha256) for e in entries] == [
        (name, len(content), hashlib.sha256(content).hexdigest()) for name, content in FILES.items()
    ]
    path = tmp_path / "x.zip"
    path.write_bytes(file.getvalue())
    with SafeZip(path) as safe:
        assert safe.problems == [] and safe.files.keys() == FILES.keys()


def test_a_thread_aside_gives_the_same_bytes() -> None:
    alone, aside = io.BytesIO(), io.BytesIO()
    written(alone)
    with ThreadPoolExecutor(1) as pool:
        written(aside, ZipWriter(aside, pool))
    assert alone.getvalue() == aside.getvalue()


def test_a_failure_aside_reaches_the_writer() -> None:
    class Full(io.BytesIO):
        def write(self, data: object, /) -> int:
            if self.tell() > 1000:
                raise OSError(28, "full")
            return super().write(data)  # type: ignore[arg-type]

    with ThreadPoolExecutor(1) as pool, pytest.raises(OSError, match="full"):
        with ZipWriter(Full(), pool).entry("a", 0, deflate=False) as entry:
            for _ in range(100):
                entry.write(bytes(100))


def test_large_archives_have_the_wide_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_write, "zip64_from", 100)
    file = io.BytesIO()
    written(file)
    assert b"PK\x06\x06" in file.getvalue()
    with zipfile.ZipFile(file) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == FILES


def test_what_shrinks_absurdly_is_stored(tmp_path: Path) -> None:
    """Or our own reader would take it for a bomb."""
    size = 9 << 20

    def blank() -> Iterator[bytes]:
        yield from (bytes(1 << 20) for _ in range(9))

    path = tmp_path / "x.zip"
    with path.open("xb+") as file:
        writer = ZipWriter(file)
        entry = writer.stream("a", blank, size, deflate=True)
        writer.add("b", b"after")
        writer.finish()
    assert entry == Entry("a", size, hashlib.sha256(bytes(size)).hexdigest())
    with SafeZip(path) as archive:
        assert archive.problems == [] and archive.files["a"].compress_type == zipfile.ZIP_STORED
        assert archive.read("b", 9) == b"after"


@pytest.mark.parametrize(
    ("content", "worth"),
    [
        (b"", False),
        (b"short", False),
        (random.Random(2).randbytes(200_000), False),
        (bytes(200_000), False),
        ("，".join(map(str, range(40_000))).encode(), True),
    ],
    ids=["empty", "short", "random", "blank", "text"],
)
def test_only_what_shrinks_sensibly_is_worth_deflating(content: bytes, worth: bool) -> None:
    assert worth_deflating(io.BytesIO(content), len(content)) is worth
