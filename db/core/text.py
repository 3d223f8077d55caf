"""Cleaning of text that people typed, pasted or imported, and showing it back inside a sentence."""

from __future__ import annotations

import re
import unicodedata

from db.core.errors import DataProblem

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FULL_WIDTH |= {ord("\u3000"): ord(" "), ord("\xa0"): ord(" ")}
_FULL_WIDTH |= dict.fromkeys(map(ord, "−﹣－–"), ord("-"))

_LINE_BREAK = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Left behind by copying from web pages and PDF files; nobody typed them and nobody can see them.
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_INNER = {ord("“"): "‘", ord("”"): "’"}
_QUOTE_LENGTH = 24


def fold_width(text: str) -> str:
    """Return `text` trimmed, with full-width ASCII, wide spaces and the several minus signs in their plain form."""
    if text.isascii():
        return text.strip()  # most texts that are folded are figures as they should be
    return _INVISIBLE.sub("", text).translate(_FULL_WIDTH).strip()


def fold_choice(text: str) -> str:
    """Return the form in which two spellings of one choice are equal: trimmed and width-folded."""
    if text.isprintable() and unicodedata.is_normalized("NFKC", text):
        return text.strip()  # no invisible mark is printable
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).strip()


def clean(text: str, *, multiline: bool) -> str:
    """Return `text` trimmed, in NFC, without invisible marks.

    Line breaks stay as \\n if `multiline`, else they become spaces.
    DataProblem for NUL, other control characters and broken Unicode: something went wrong before it came here.
    """
    if text.isprintable() and unicodedata.is_normalized("NFC", text):
        return text.strip()  # no control, no mark, no line break is printable; so are nearly all texts
    text = _LINE_BREAK.sub("\n", _INVISIBLE.sub("", text)).replace("\t", " ")
    for place, character in enumerate(text, start=1):
        if character != "\n" and unicodedata.category(character) in ("Cc", "Cs"):
            raise DataProblem(
                f"{quote(text)}第{place}个字是看不见的控制字符（U+{ord(character):04X}）。",
                advice="请删去后重新填写。",
                code="text.control",
            )
    if not multiline:
        text = re.sub(" *\n[ \n]*", " ", text)
    return unicodedata.normalize("NFC", text).strip()


def quote(raw: object) -> str:
    """Return `raw` in Chinese quotation marks for a message, shortened, unprintable characters replaced."""
    if isinstance(raw, int) and abs(raw) > 10**_QUOTE_LENGTH:
        return "这个数"
    text = str(raw).strip()
    if len(text) > _QUOTE_LENGTH:
        text = text[:_QUOTE_LENGTH] + "…"
    return "“" + "".join(c if c.isprintable() else "□" for c in text) + "”"


def titled(title: str) -> str:
    """Return a title in Chinese quotation marks, its own ones made inner ones: “‘两高’项目”."""
    return f"“{title.translate(_INNER)}”"
