from __future__ import annotations

from pathlib import Path

import pytest

from db.core.errors import DataProblem, EnvironmentProblem
from db.exchange.passwords import judge, read_password_file, require_usable


@pytest.mark.parametrize(
    ("password", "title"),
    [
        ("", "太短"),
        ("a1!x", "太短"),
        ("x" * 65, "太长"),
        ("清洁取暖清洁取暖", "不能用"),
        ("12345678", "弱"),
        ("aaaaaaaaaaaaaaaa", "弱"),
        ("Password123", "弱"),
        ("qwertyuiop123", "弱"),
        ("shouguang2022", "弱"),
        ("tk7m2xq9w", "中"),
        ("vermin-kettle", "中"),
        ("Kt7-m2xQ9.wer!", "强"),
        ("granary lantern oxcart", "强"),
    ],
)
def test_strength(password: str, title: str) -> None:
    found = judge(password)
    assert (found.title, bool(found.words)) == (title, True), found


def test_longer_is_never_weaker() -> None:
    word = "Kt7-m2xQ9.wer!"
    levels = [judge(word[:length]).level for length in range(len(word))]
    assert levels == sorted(levels)


def test_none_at_all_is_no_password() -> None:
    assert require_usable("") == ""
    with pytest.raises(DataProblem, match="太短"):
        require_usable("abc")


@pytest.mark.parametrize("raw", [b"granary lantern\r\nnever mind\n", b"\xef\xbb\xbfgranary lantern"])
def test_the_first_line_of_a_file_is_the_password(raw: bytes, tmp_path: Path) -> None:
    file = tmp_path / "pw.txt"
    file.write_bytes(raw)
    assert read_password_file(file) == "granary lantern"


@pytest.mark.parametrize("raw", [b"", b"\n\nx", b"\xff\xfe\x00"])
def test_a_file_without_one_is_a_sentence(raw: bytes, tmp_path: Path) -> None:
    file = tmp_path / "pw.txt"
    file.write_bytes(raw)
    with pytest.raises(DataProblem, match="第一行"):
        read_password_file(file)
    with pytest.raises(EnvironmentProblem):
        read_password_file(tmp_path / "none.txt")
