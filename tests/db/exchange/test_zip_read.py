from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from db.core.errors import DataProblem, EnvironmentProblem
from db.exchange.zip_read import CHUNK, Damaged, Limits, SafeZip


def made(path: Path, files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def codes(path: Path, limits: Limits | None = None) -> list[str]:
    with SafeZip(path, limits or Limits()) as archive:
        return [problem.code for problem in archive.problems]


def test_contents_are_streamed_and_read(tmp_path: Path) -> None:
    content = bytes(range(256)) * 9000
    with SafeZip(made(tmp_path / "x.zip", {"a/b": content, "a/": b""})) as archive:
        assert archive.problems == [] and list(archive.files) == ["a/b"]
        pieces = list(archive.chunks("a/b"))
        assert len(pieces) > 1 and b"".join(pieces) == content == archive.read("a/b", len(content))
        with pytest.raises(Damaged, match="大得不合理"):
            archive.read("a/b", len(content) - 1)


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(entry_size=999), "zip.bomb"),
        (Limits(total_size=1999), "zip.bomb"),
        (Limits(ratio=2, ratio_from=10), "zip.bomb"),
    ],
)
def test_sizes_are_bounded(limits: Limits, code: str, tmp_path: Path) -> None:
    assert code in codes(made(tmp_path / "x.zip", {"a": bytes(1000), "b": bytes(1000)}), limits)


@pytest.mark.parametrize("limits", [Limits(entries=1), Limits(directory=50)])
def test_too_many_entries_are_refused_at_once(limits: Limits, tmp_path: Path) -> None:
    path = made(tmp_path / "x.zip", {"a": b"", "b": b""})
    with pytest.raises(DataProblem) as caught:
        SafeZip(path, limits)
    assert caught.value.code == "zip.entries"


def test_unknown_methods_are_named(tmp_path: Path) -> None:
    assert codes(made(tmp_path / "x.zip", {"a": b"x" * 99}, zipfile.ZIP_BZIP2)) == ["zip.method"]


def test_encrypted_entries_are_named(tmp_path: Path) -> None:
    path = made(tmp_path / "x.zip", {"a": b"x"})
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    assert codes(path) == ["zip.encrypted"]


def test_two_entries_that_share_bytes_are_named(tmp_path: Path) -> None:
    path = made(tmp_path / "x.zip", {"a": b"x", "b": b"x"})
    content = bytearray(path.read_bytes())
    second = content.rindex(b"PK\x01\x02")
    content[second + 42 : second + 46] = bytes(4)
    path.write_bytes(content)
    assert "zip.overlap" in codes(path)


@pytest.mark.parametrize("past", [-1, 0, 1, 2, 200, 258, 300])
@pytest.mark.parametrize("word", [b"0", b"370783,"])
def test_what_ends_just_behind_a_piece_is_read_whole(word: bytes, past: int, tmp_path: Path) -> None:
    content = (word * (CHUNK + past))[: CHUNK + past]
    with SafeZip(made(tmp_path / "a.zip", {"x.csv": content}), Limits(ratio=10_000)) as archive:
        assert b"".join(archive.chunks("x.csv")) == content


def test_a_directory_that_points_before_the_file_is_damage_and_no_fault_of_the_disk(tmp_path: Path) -> None:
    whole = made(tmp_path / "x.zip", {"a": b"x" * 500, "b": b"y"}, zipfile.ZIP_STORED).read_bytes()
    path = tmp_path / "cut.zip"
    for cut in (1, 40, 300):
        path.write_bytes(whole[cut:])
        with pytest.raises(DataProblem):
            with SafeZip(path) as archive:
                for name in archive.files:
                    list(archive.chunks(name))


@pytest.mark.parametrize("at", [0, 15, 60])
def test_a_changed_byte_is_damage_with_its_place(at: int, tmp_path: Path) -> None:
    path = made(tmp_path / "x.zip", {"a": b"0123456789" * 9}, zipfile.ZIP_STORED)
    content = bytearray(path.read_bytes())
    content[31 + at] ^= 4
    path.write_bytes(content)
    with SafeZip(path) as archive, pytest.raises(Damaged) as caught:
        list(archive.chunks("a"))
    assert caught.value.place == "a"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "zip.empty"),
        (b"text", "zip.none"),
        (b"PK\x03\x04", "zip.truncated"),
        (b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, 9, 9, 99, 99, 0), "zip.broken"),
    ],
)
def test_what_is_no_zip_is_told_apart(content: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    with pytest.raises(DataProblem) as caught:
        SafeZip(path)
    assert caught.value.code == code and "x.zip" in caught.value.message


def test_no_file_and_a_folder_are_the_computers_matter(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "none.zip", "file.missing"), (tmp_path, "file.folder")):
        with pytest.raises(EnvironmentProblem) as caught:
            SafeZip(path)
        assert caught.value.code == code


def test_a_comment_and_bytes_in_front_do_no_harm(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a", b"x")
        archive.comment = b"PK\x05\x06 is no end" * 3
    path = tmp_path / "x.zip"
    path.write_bytes(buffer.getvalue())
    with pytest.raises(DataProblem):  # whose comment looks like an end is refused rather than guessed at
        SafeZip(path)
