"""A chapter of the manual as HTML of the kind that Qt's text documents know: for the window and for the PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby

from db.reports.manual.markup import Block, Line


def page_html(blocks: Sequence[Block], slug: str, widths: Mapping[str, int]) -> str:
    """Return the blocks as HTML; each heading is an anchor called `slug#heading`, each picture `pictures/NAME.png`.

    `widths` are those of the pictures, in pixels of the screen; one that is not among them is left out.
    """
    made: list[str] = []
    for is_list, run in groupby(blocks, key=lambda block: block.kind == "item"):
        found = list(run)
        made += [_list(found, slug)] if is_list else [_block(block, slug, widths) for block in found]
    return "\n".join(made)


def anchor(slug: str, section: str) -> str:
    """Return the name of a section of the whole manual: `slug#section`, the slug alone for the chapter itself."""
    return f"{slug}#{section}" if section else slug


def _block(block: Block, slug: str, widths: Mapping[str, int]) -> str:
    inner = "<br>".join(_line(line, slug) for line in block.lines)
    match block.kind:
        case "heading":
            name = anchor(slug, "" if block.level == 1 else block.text)
            return f'<h{block.level}><a name="{escape(name)}"></a>{inner}</h{block.level}>'
        case "note":
            return f'<table class="note" width="100%"><tr><td>{inner}</td></tr></table>'
        case "code":
            return f'<table class="code" width="100%"><tr><td>{inner}</td></tr></table>'
        case "picture":
            caption = f'<p class="caption">{inner}</p>' if inner else ""
            if block.picture not in widths:
                return caption
            name = escape(block.picture)
            link = f'<a href="{name}"><img src="{name}" width="{widths[block.picture]}"></a>'
            return f'<p class="picture">{link}</p>{caption}'
        case "table":
            return _table(block.rows, slug)
        case "rule":
            return "<hr>"
        case _:
            return f"<p>{inner}</p>"


def _list(items: Sequence[Block], slug: str) -> str:
    """Return items that follow each other; one of the other level, or a dot after numbers, begins a new list."""
    made = []
    for (level, numbered), run in groupby(items, key=lambda item: (item.level, item.number > 0)):
        found = list(run)
        name = f'ol start="{found[0].number}"' if numbered else "ul"
        lines = "".join(f"<li>{_line(line, slug)}</li>" for item in found for line in item.lines)
        made.append(f'<{name} style="-qt-list-indent: {level + 1};">{lines}</{name[:2]}>')
    return "".join(made)


def _table(rows: Sequence[Sequence[Line]], slug: str) -> str:
    head, *body = rows
    cells = "".join(f"<th>{_line(line, slug)}</th>" for line in head)
    lines = [f"<tr>{cells}</tr>"]
    for row in body:
        whole = [*row, *[()] * (len(head) - len(row))][: len(head)]
        lines.append("<tr>" + "".join(f"<td>{_line(line, slug)}</td>" for line in whole) + "</tr>")
    return f'<table class="grid" width="100%"><thead>{lines[0]}</thead>{"".join(lines[1:])}</table>'


def _line(line: Line, slug: str) -> str:
    made = []
    for span in line:
        words = escape(span.text).replace("  ", "&nbsp; ")
        if span.code:
            words = f'<span class="code">{words}</span>'
        if span.bold:
            words = f"<b>{words}</b>"
        if span.link:
            target = f"{slug}{span.link}" if span.link.startswith("#") else span.link
            words = f'<a href="{escape(target)}">{words}</a>'
        made.append(words)
    return "".join(made)
