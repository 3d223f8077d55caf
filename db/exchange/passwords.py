"""Whether a password for a package is one that keeps anybody out; it is asked for each time and kept nowhere.

judge(password) -> Strength          require_usable(password)          read_password_file(path) -> str
"""

from __future__ import annotations

import math
import string
from dataclasses import dataclass
from pathlib import Path

from db.core.errors import DataProblem
from db.store.files import explained

LEAST, MOST = 8, 64
_WEAK_BITS, _STRONG_BITS = 45, 80
_LARGEST_FILE = 4096
_CLASSES = (string.ascii_lowercase, string.ascii_uppercase, string.digits, string.punctuation + " ")
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "0123456789", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc")
_COMMON = ("password", "passw0rd", "admin", "shouguang", "weifang", "sijian", "iloveyou", "woaini", "666666", "888888")


@dataclass(frozen=True)
class Strength:
    """`level` 0 cannot be used, 1 is weak, 2 middling, 3 strong; `words` tells why, for people."""

    level: int
    title: str
    words: str


def judge(password: str) -> Strength:
    """Return how strong the password is: by how many a machine would have to try, runs and well-known words apart."""
    if len(password) < LEAST:
        return Strength(0, "太短", f"至少{LEAST}个字符。")
    if len(password) > MOST:
        return Strength(0, "太长", f"最多{MOST}个字符。")
    if not all(any(each in letters for letters in _CLASSES) for each in password):
        return Strength(0, "不能用", "请只用英文字母、数字和英文符号：别的解压软件对汉字密码的处理不一致。")
    bits = _effective_length(password) * math.log2(sum(len(each) for each in _CLASSES if set(each) & set(password)))
    if bits < _WEAK_BITS:
        return Strength(1, "弱", "容易被猜出，请加长，或混用大小写字母、数字和符号，不要用连续、重复的字符和常见的词。")
    if bits < _STRONG_BITS:
        return Strength(2, "中", "再加长几位会更稳妥。")
    return Strength(3, "强", "请另外告诉市里，不要和上报包一起发送。")


def require_usable(password: str) -> str:
    """Return the password; DataProblem when it cannot be used. The empty one means no encryption."""
    strength = judge(password)
    if password and not strength.level:
        raise DataProblem(f"这个密码{strength.title}。", advice=strength.words, code="password")
    return password


def read_password_file(path: Path) -> str:
    """Return the first line of a text file; DataProblem when there is none."""
    with explained("读取密码文件", path), path.open("rb") as file:
        raw = file.read(_LARGEST_FILE)
    try:
        lines = raw.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        lines = []
    if not lines or not lines[0]:
        raise DataProblem(f"密码文件{path.name}的第一行没有密码。", advice="请把密码写在第一行。", code="password.file")
    return lines[0]


def _effective_length(password: str) -> int:
    """Return how many characters are left when a run (1234, aaaa, qwer) or a well-known word counts as one or two."""
    rest = password.lower()
    length = 0
    while rest:
        word = max((each for each in _COMMON if rest.startswith(each)), key=len, default="")
        run = max(_run(rest), len(word))
        length += 1 if run < 3 else 2
        rest = rest[max(run, 1) if run >= 3 else 1 :]
    return length


def _run(text: str) -> int:
    """Return how many characters at the beginning are one repeated, or neighbours of a row of the keyboard."""
    same = len(text) - len(text.lstrip(text[0]))
    neighbours = 1
    for row in _ROWS:
        for line in (row, row[::-1]):
            at, taken = line.find(text[0]), 1
            while at >= 0 and taken < len(text) and line[at + taken : at + taken + 1] == text[taken]:
                taken += 1
            neighbours = max(neighbours, taken)
    return max(same, neighbours)
