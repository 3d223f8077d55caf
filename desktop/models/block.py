"""Blocks of cells as Excel and WPS put them on the clipboard: lines of tab-separated cells, quoted where needed."""

from __future__ import annotations

from collections.abc import Sequence

Block = list[list[str]]


def parse_block(text: str) -> Block:
    """Return the rows of cells in clipboard `text`; the last line break ends a row, it does not begin another.

    Excel quotes a cell that contains a tab, a line break or begins with a quote, doubling the quotes inside; a quote
    in the middle of a cell is an ordinary character.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    rows: Block = [[]]
    place, length = 0, len(text)
    while place <= length:
        cell, place = _quoted(text, place) if text[place : place + 1] == '"' else _plain(text, place)
        rows[-1].append(cell)
        if place >= length:
            break
        if text[place] == "\n":
            if place == length - 1:
                break
            rows.append([])
        place += 1
    return rows


def _plain(text: str, place: int) -> tuple[str, int]:
    end = place
    while end < len(text) and text[end] not in "\t\n":
        end += 1
    return text[place:end].strip(), end


def _quoted(text: str, place: int) -> tuple[str, int]:
    """Return the quoted cell at `place`, or the plain text there when the quote is never properly closed."""
    end = place + 1
    while True:
        end = text.find('"', end)
        if end < 0:
            return _plain(text, place)
        if text[end + 1 : end + 2] == '"':
            end += 2
            continue
        if text[end + 1 : end + 2] not in ("", "\t", "\n"):
            return _plain(text, place)
        return text[place + 1 : end].replace('""', '"').strip(), end + 1


def format_block(rows: Sequence[Sequence[str]]) -> str:
    """Return `rows` as clipboard text that `parse_block`, Excel and WPS read back cell by cell."""
    return "\n".join("\t".join(_quote(cell) for cell in row) for row in rows)


def _quote(cell: str) -> str:
    if "\t" in cell or "\n" in cell or cell.startswith('"'):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def spread(block: Block, rows: int, columns: int) -> Block:
    """Return `block` repeated over a selection of `rows` × `columns` when the selection is a whole multiple of it.

    This is what Excel does: one copied cell fills the selection. Otherwise the block is returned as it is.
    """
    height, width = len(block), max((len(row) for row in block), default=0)
    if not height or not width or rows % height or columns % width or (rows, columns) == (height, width):
        return block
    if any(len(row) != width for row in block):
        return block
    return [[block[r % height][c % width] for c in range(columns)] for r in range(rows)]
