"""Small .docx files, written part by part so that a test says exactly what is in them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

_SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_TYPES = (
    f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
    '<Override PartName="/word/numbering.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"/></Types>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = f'{_HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'


def counting(list_id: int, pattern: str, form: str = "chineseCounting") -> str:
    """Return an abstract list that counts its first level in `form`."""
    level = f'<w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{pattern}"/>'
    return f'<w:abstractNum w:abstractNumId="{list_id}"><w:lvl w:ilvl="0">{level}</w:lvl></w:abstractNum>'


NUMBERING = (
    counting(4, "%1、") + counting(5, "（%1）") + '<w:num w:numId="1"><w:abstractNumId w:val="4"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="5"/></w:num>'
)
"""Two lists: 1 counts 一、二、 and 2 counts （一）（二）."""


def run(text: str) -> str:
    """Return a run; \\v in the text is a soft break."""
    pieces = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(piece)}</w:t>' for piece in text.split("\v"))
    return f"<w:r>{pieces}</w:r>"


def paragraph(*runs: str, properties: str = "") -> str:
    """Return a paragraph of texts, or of runs and other elements as they are."""
    inside = "".join(one if one.startswith("<") else run(one) for one in runs)
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{inside}</w:p>"


def numbered(text: str, *, level: int) -> str:
    """Return a paragraph of list 1 (level 0) or 2 (level 1) of NUMBERING."""
    return paragraph(text, properties=f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{level + 1}"/></w:numPr>')


def cell(*texts: str, properties: str = "") -> str:
    """Return a cell with a paragraph for each text."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(paragraph(text) for text in texts)}</w:tc>"


def table(rows: Iterable[Sequence[str]]) -> str:
    """Return a table; a cell that begins with < is taken as it is."""
    lines = ("".join(one if one.startswith("<") else cell(one) for one in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{line}</w:tr>' for line in lines)}</w:tbl>"


def word_file(body: str, *, numbering: str = "", styles: str = "", parts: dict[str, str] | None = None) -> bytes:
    """Return a .docx whose document has `body`; `parts` are whole further files by name."""
    files = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": f'{_RELATIONS}<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'{_RELATIONS}<Relationship Id="rId1" Type="{_OFFICE}/numbering" '
        'Target="numbering.xml"/></Relationships>',
        "word/document.xml": f"{_HEAD}<w:document {_SPACE}><w:body>{body}</w:body></w:document>",
        "word/numbering.xml": f"{_HEAD}<w:numbering {_SPACE}>{numbering}</w:numbering>",
        **({"word/styles.xml": f"{_HEAD}<w:styles {_SPACE}>{styles}</w:styles>"} if styles else {}),
        **(parts or {}),
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return stream.getvalue()
