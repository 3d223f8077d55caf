"""Pieces of official papers as HTML, for printing and PDF: heading, paragraphs, tables, who signs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

_STYLE = """
p { font-size: 14pt; line-height: 150%; margin-top: 2pt; margin-bottom: 6pt; text-indent: 80px; }
p.title { font-size: 20pt; font-weight: bold; margin-bottom: 4pt; text-indent: 0px; }
p.who { font-size: 14pt; margin-bottom: 10pt; text-indent: 0px; }
p.part { font-weight: bold; }
p.sign { text-indent: 0px; }
table { border-collapse: collapse; border-style: solid; border-width: 1px; border-color: #333333;
  margin-top: 4pt; margin-bottom: 12pt; }
td, th { padding: 5px 7px; font-size: 10pt; line-height: 115%; vertical-align: top; }
"""

Head = tuple[str, int]
"""A column's heading and its width in %."""


def page(title: str, who: str, blocks: Iterable[str]) -> str:
    """Return a paper as HTML for as many pages of A4 as it needs."""
    below = f'<p class="who" align="center">（{escape(who)}）</p>' if who else ""
    return (
        f"<html><head><style>{_STYLE}</style></head><body>"
        f'<p class="title" align="center">{escape(title)}</p>{below}{"".join(blocks)}</body></html>'
    )


def part(text: str) -> str:
    """Return the heading of a part."""
    return f'<p class="part">{escape(text)}</p>'


def paragraph(text: str) -> str:
    """Return a paragraph of text."""
    return f"<p>{broken(text)}</p>"


def signed(*texts: str) -> str:
    """Return the lines at the right that say who signs, and when."""
    return "".join(f'<p class="sign" align="right">{escape(text)}</p>' for text in texts)


def table(heads: Sequence[Head], rows: Iterable[Sequence[str]], left: Iterable[int] = ()) -> str:
    """Return a table whose heading is repeated on each page; the columns numbered in `left` begin at the left."""
    begins = set(left)
    head = "".join(f'<th width="{width}%">{escape(text)}</th>' for text, width in heads)
    body = "".join(
        "<tr>"
        + "".join(
            f'<td align="{"left" if place in begins else "center"}">{broken(text)}</td>'
            for place, text in enumerate(texts)
        )
        + "</tr>"
        for texts in rows
    )
    return (
        '<table border="1" cellpadding="0" cellspacing="0" width="100%">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def broken(text: str) -> str:
    """Return `text` for HTML, its line breaks kept."""
    return escape(text).replace("\n", "<br>")
