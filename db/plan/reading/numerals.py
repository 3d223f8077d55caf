"""Chinese numerals of headings (一, 十八, 二十一, 一百零三), both ways."""

from __future__ import annotations

DIGITS = "〇一二三四五六七八九"
CHARACTERS = "零〇一二三四五六七八九十百"
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


def numeral_value(numeral: str) -> int | None:
    """Return what a numeral below 1000 counts (十一 is 11); None for anything else."""
    hundreds, hundred, rest = numeral.rpartition("百")
    tens, ten, ones = rest.lstrip("零〇").rpartition("十")
    parts = [(hundreds, bool(hundred), 100), (tens, bool(ten), 10), (ones, False, 1)]
    total = 0
    for digits, present, weight in parts:
        if len(digits) > 1 or (digits and digits not in DIGITS):
            return None
        total += weight * (DIGITS.index(digits) if digits else int(present))
    return total or None


def numeral(value: int) -> str:
    """Return the numeral of a number from 1 to 999 (11 is 十一, 103 is 一百零三)."""
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    text = f"{DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (DIGITS[ones] if ones else "")
