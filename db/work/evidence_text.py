"""The beginning of a text file kept as proof, for a look at it: UTF-8, UTF-16 with a mark, or GB18030."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from db.core.errors import DataProblem
from db.store.files import explained

MOST_BYTES = 64 << 10
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True)
class Beginning:
    """What a text file begins with; `whole` when that is all of it."""

    text: str
    whole: bool


def text_beginning(file: Path, most: int = MOST_BYTES) -> Beginning:
    """Return at most `most` bytes of `file` as text; DataProblem when it is none, EnvironmentProblem when gone."""
    with explained("打开佐证附件", file), file.open("rb") as opened:
        raw = opened.read(most + 1)
    whole = len(raw) <= most
    raw = raw[:most]
    for coding in next(([name] for mark, name in _MARKS if raw.startswith(mark)), ["utf-8", "gb18030"]):
        try:
            # A character cut in two at the end is no fault.
            text = codecs.getincrementaldecoder(coding)("strict").decode(raw, final=whole)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return Beginning(text, whole)
    raise DataProblem("这个文件的内容不是文字，不能在这里预览。", advice="请用其他程序打开。", code="preview.no_text")
