"""Zips under a password: another program opens ours, we open another's, and no change or other password passes."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import pyzipper  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from db.core.errors import DataProblem
from db.exchange import zip_write
from db.exchange.package_verify import verify_package
from db.exchange.sending import send
from db.exchange.submissions import ENCRYPTED_NOTE, submissions
from db.exchange.zip_read import NO_PASSWORD, WRONG_PASSWORD, Damaged, SafeZip
from db.exchange.zip_write import ZipWriter
from tests.db.exchange.packages import letter, small_county

PASSWORD = "Shou-guang 2022 heating"
FILES = {"a/一.txt": "清洁取暖".encode() * 500, "a/b.bin": bytes(range(256)) * 3, "a/empty": b""}


def sealed(path: Path, files: dict[str, bytes], password: str = PASSWORD) -> Path:
    with path.open("wb+") as file:
        archive = ZipWriter(file, password=password)
        for name, content in files.items():
            archive.stream(name, lambda content=content: [content], len(content), deflate=name.endswith(".txt"))  # type: ignore[misc]
        archive.finish()
    return path


def read_all(path: Path, password: str) -> dict[str, bytes]:
    with SafeZip(path, password=password) as archive:
        assert archive.problems == []
        return {name: b"".join(archive.chunks(name)) for name in archive.files}


def test_another_program_opens_what_we_sealed(tmp_path: Path) -> None:
    path = sealed(tmp_path / "x.zip", FILES)
    with pyzipper.AESZipFile(path) as archive:
        archive.setpassword(PASSWORD.encode())
        assert {name: archive.read(name) for name in archive.namelist()} == FILES
    assert all(content[:99] not in path.read_bytes() for content in FILES.values() if content)


@pytest.mark.parametrize("bits", [128, 256])
def test_we_open_what_another_program_sealed(bits: int, tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with pyzipper.AESZipFile(path, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(PASSWORD.encode())
        archive.setencryption(pyzipper.WZ_AES, nbits=bits)
        for name, content in FILES.items():
            archive.writestr(name, content)
    assert read_all(path, PASSWORD) == FILES


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(st.sampled_from("abcdef"), st.binary(max_size=70_000), min_size=1), st.booleans())
def test_any_content_comes_back_the_same(files: dict[str, bytes], wide: bool) -> None:
    buffer = io.BytesIO()
    before = zip_write.zip64_from
    zip_write.zip64_from = 0 if wide else before
    try:
        archive = ZipWriter(buffer, password=PASSWORD)
        for name, content in files.items():
            archive.add(name, content)
        archive.finish()
    finally:
        zip_write.zip64_from = before
    with pyzipper.AESZipFile(buffer) as theirs:
        theirs.setpassword(PASSWORD.encode())
        assert {name: theirs.read(name) for name in theirs.namelist()} == files


@pytest.mark.parametrize(("password", "code"), [("", NO_PASSWORD), ("another one", WRONG_PASSWORD)])
def test_without_the_password_it_is_asked_for(password: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(DataProblem) as caught:
        SafeZip(sealed(tmp_path / "x.zip", FILES), password=password)
    assert caught.value.code == code


def test_every_changed_byte_of_the_content_is_found(tmp_path: Path) -> None:
    path = sealed(tmp_path / "x.zip", {"a": bytes(range(40))})
    good = path.read_bytes()
    start = good.index(b"PK\x03\x04") + 30 + 1 + 11
    for at in range(start + 18, start + 18 + 40 + 10):
        bad = bytearray(good)
        bad[at] ^= 1
        path.write_bytes(bytes(bad))
        with SafeZip(path, password=PASSWORD) as archive, pytest.raises(Damaged):
            b"".join(archive.chunks("a"))


def test_the_old_encryption_is_no_encryption(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a", b"x" * 40)
    raw = bytearray(path.read_bytes())
    for at in (raw.index(b"PK\x03\x04") + 6, raw.index(b"PK\x01\x02") + 8):
        raw[at] |= 1
    path.write_bytes(bytes(raw))
    with SafeZip(path, password=PASSWORD) as archive:
        assert [problem.code for problem in archive.problems] == ["zip.encrypted"]


def test_a_plain_entry_among_sealed_ones_is_told_of(tmp_path: Path) -> None:
    path = sealed(tmp_path / "x.zip", {"a": b"secret"})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("b", b"smuggled in")
    with SafeZip(path, password=PASSWORD) as found:
        assert [problem.code for problem in found.problems] == ["zip.encrypted"]


def test_a_bomb_under_a_password_is_still_one(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with pyzipper.AESZipFile(path, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(PASSWORD.encode())
        archive.writestr("a", bytes(20 << 20))
    with SafeZip(path, password=PASSWORD) as found:
        assert [problem.code for problem in found.problems] == ["zip.bomb"]


def test_a_package_under_a_password_is_verified_and_remembered_without_it(tmp_path: Path) -> None:
    with small_county(tmp_path) as county:
        made = send(county, kind="registers", period="2022", out=tmp_path / "out", letter=letter, password=PASSWORD)
        with county.reading() as conn:
            (row,) = submissions(conn)
        assert row.note == ENCRYPTED_NOTE
    assert verify_package(made.path, password=PASSWORD).ok
    for password in ("", "another one"):
        verdict = verify_package(made.path, password=password)
        assert verdict.asks_for_password and len(verdict.problems) == 1
    everything = (tmp_path / "county" / "county.db").read_bytes() + made.path.read_bytes()
    assert PASSWORD.encode() not in everything and "验收单".encode() not in made.path.read_bytes()


def test_a_password_that_is_none_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with small_county(tmp_path) as county:
        for password in ("short", "清洁取暖清洁取暖"):
            with pytest.raises(DataProblem, match="密码"):
                send(county, kind="plan", period="2022", out=tmp_path / "out", letter=letter, password=password)
    assert not (tmp_path / "out").exists()
