"""Plain text from a file: UTF-8 with or without a mark, UTF-16 with a mark, or GB18030."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from db.core.errors import DataProblem
from db.core.text import quote
from db.plan.reading.ooxml import too_large

MOST_CHARACTERS = 500_000
_MOST_BYTES = 4 * MOST_CHARACTERS
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]")


def read_plain_text(file: Path) -> str:
    """Return the text of `file` with line ends \\n; DataProblem when it is too long or no text in a known coding."""
    if file.stat().st_size > _MOST_BYTES:
        raise too_large(file.name)
    raw = file.read_bytes()
    text = _decoded(raw)
    if text is None or _CONTROL.search(text):
        raise DataProblem(
            f"{quote(file.name)}不是文字，或者用了认不出的编码。",
            advice="请用 Word 或 WPS 打开，另存为 .docx；也可以复制文字后粘贴。",
            code="plan.coding",
        )
    return plain_lines(text)


def plain_lines(text: str) -> str:
    """Return `text` with every kind of line end as \\n."""
    return (
        text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").replace("\x85", "\n").replace("\u2029", "\n")
    )


def _decoded(raw: bytes) -> str | None:
    codings = next(([coding] for mark, coding in _MARKS if raw.startswith(mark)), ["utf-8", "gb18030"])
    for coding in codings:
        try:
            return raw.decode(coding)
        except UnicodeDecodeError:
            continue
    return None
