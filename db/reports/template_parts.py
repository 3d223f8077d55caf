"""What the program's own Word templates are built of: official page, fonts with their stand-ins, tables, page numbers.

Page and type follow GB/T 9704—2012 (party and government documents): A4, margins 37/35/28/26 mm, 小标宋 for the title,
仿宋 for the text, page numbers between dashes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

TITLE, TEXT, BLACK, ITALIC = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"

STAND_INS = {TITLE: "华文中宋", TEXT: "仿宋", BLACK: "SimHei", ITALIC: "楷体"}
"""What a computer without the font is to use: without a name it takes any font at all, silently."""

CENTER, LEFT, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT
_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_MADE = datetime(2022, 3, 10)


def new_document(title: str) -> WordDocument:
    """Return an empty A4 document with the fonts of official papers and page numbers."""
    document = Document()
    style = document.styles["Normal"]
    style.font.size = Pt(16)
    _set_font(style.element.get_or_add_rPr(), TEXT)
    style.paragraph_format.space_after = Pt(0)
    _set_page(document.sections[0])
    _name_stand_ins(document)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = title, "sijian-desk", ""
    properties.created = properties.modified = _MADE
    _number_pages(document.sections[0])
    return document


def across(document: WordDocument) -> None:
    """Begin a new section with the page lying on its long side."""
    section = document.add_section()
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin, section.bottom_margin = Mm(28), Mm(26)
    section.left_margin, section.right_margin = Mm(25), Mm(25)


def paragraph(
    place: WordDocument | _Cell,
    text: str,
    *,
    font: str = TEXT,
    size: float = 16,
    align: WD_ALIGN_PARAGRAPH | None = None,
    indent: bool = False,
    before: float = 0,
    after: float = 0,
    keep: bool = False,
    line: float = 28,
    level: int = 0,
) -> Paragraph:
    """Add a paragraph; `indent` by two characters, `keep` with the next, `line` spacing in points, outline `level`."""
    made = place.add_paragraph()
    run = made.add_run(text)
    run.font.size = Pt(size)
    _set_font(run._element.get_or_add_rPr(), font)
    form = made.paragraph_format
    form.alignment, form.keep_with_next = align, keep
    form.space_before, form.space_after = Pt(before), Pt(after)
    form.line_spacing = Pt(line) if line else None
    if indent:
        mark = made._element.get_or_add_pPr().get_or_add_ind()
        mark.set(qn("w:firstLineChars"), "200")
        mark.set(qn("w:firstLine"), str(round(size * 40)))
    if level:
        outline = OxmlElement("w:outlineLvl")
        outline.set(qn("w:val"), str(level - 1))
        made._element.get_or_add_pPr().append(outline)
    return made


def loop(place: WordDocument, tag: str) -> None:
    """Add a paragraph that holds nothing but a tag of the template and disappears with it."""
    paragraph(place, f"{{%p {tag} %}}", size=9, line=0)


def table(document: WordDocument, heads: Sequence[str], widths_mm: Sequence[float]) -> Table:
    """Add a table with a heading that is repeated on every page."""
    made: Table = document.add_table(rows=1, cols=len(heads))
    made.style = "Table Grid"
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    made.autofit = False
    for column, width in zip(made.columns, widths_mm, strict=True):
        column.width = Mm(width)
    fill_row(made.rows[0], heads, widths_mm, font=BLACK, align=[CENTER] * len(heads))
    _mark_row(made.rows[0], "w:tblHeader")
    return made


def flexible(made: Table) -> None:
    """Let the table take the width of the page and its columns what they need: how many there are is not known yet."""
    made.autofit = True
    for cell in (cell for added in made.rows for cell in added.cells):
        width = cell._element.get_or_add_tcPr().get_or_add_tcW()
        width.set(qn("w:type"), "auto")
        width.set(qn("w:w"), "0")
    whole = made._element.tblPr.find(qn("w:tblW"))
    whole.set(qn("w:type"), "pct")
    whole.set(qn("w:w"), "5000")


def row(made: Table, texts: Sequence[str], widths_mm: Sequence[float], align: Sequence[WD_ALIGN_PARAGRAPH]) -> _Row:
    """Add a row that is not broken over pages."""
    added: _Row = made.add_row()
    fill_row(added, texts, widths_mm, align=align)
    return added


def wide_row(
    made: Table,
    text: str,
    *,
    font: str = TEXT,
    size: float = 10.5,
    splits: bool = False,
    keep: bool = False,
    shade: str = "",
) -> _Row:
    """Add a row of one cell over all columns.

    `splits` lets a long text go on on the next page, `keep` holds the row to the next one, `shade` is a colour.
    """
    added: _Row = made.add_row()
    cell = added.cells[0].merge(added.cells[-1])
    _only(cell, text, font=font, size=size, align=LEFT)
    cell.paragraphs[0].paragraph_format.keep_with_next = keep
    if shade:
        fill = OxmlElement("w:shd")
        for key, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", shade)):
            fill.set(qn(key), value)
        # The schema has the shade before the alignment, and Word insists on its order.
        cell._element.get_or_add_tcPr().find(qn("w:vAlign")).addprevious(fill)
    if not splits:
        _mark_row(added, "w:cantSplit")
    return added


def tag_row(made: Table, tag: str) -> None:
    """Add a row that holds nothing but a tag of the template and disappears with it."""
    added: _Row = made.add_row()
    cell = added.cells[0].merge(added.cells[-1])
    _only(cell, f"{{%tr {tag} %}}", font=TEXT, size=9, align=LEFT)


def fill_row(
    added: _Row,
    texts: Sequence[str],
    widths_mm: Sequence[float],
    *,
    font: str = TEXT,
    size: float = 10.5,
    align: Sequence[WD_ALIGN_PARAGRAPH],
) -> None:
    """Put the texts into the cells of a row."""
    for cell, text, width, side in zip(added.cells, texts, widths_mm, align, strict=True):
        cell.width = Mm(width)
        _only(cell, text, font=font, size=size, align=side)
    _mark_row(added, "w:cantSplit")


def borderless(document: WordDocument, rows: Sequence[Sequence[str]], widths_mm: Sequence[float]) -> Table:
    """Add a table without lines, for signatures."""
    made: Table = document.add_table(rows=0, cols=len(widths_mm))
    made.autofit = False
    for number, texts in enumerate(rows, start=1):
        added = made.add_row()
        fill_row(added, texts, widths_mm, size=14, align=[LEFT] * len(widths_mm))
        for cell in added.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = number < len(rows)
    return made


def save(document: WordDocument, file: Path) -> None:
    """Write the template."""
    file.parent.mkdir(exist_ok=True)
    document.save(str(file))


def _only(cell: _Cell, text: str, *, font: str, size: float, align: WD_ALIGN_PARAGRAPH) -> None:
    paragraph(cell, text, font=font, size=size, align=align, line=size + 4.5, before=1, after=1)
    first = cell.paragraphs[0]._element
    first.getparent().remove(first)
    vertical = OxmlElement("w:vAlign")
    vertical.set(qn("w:val"), "center")
    cell._element.get_or_add_tcPr().append(vertical)


def _mark_row(added: _Row, name: str) -> None:
    added._element.get_or_add_trPr().append(OxmlElement(name))


def _set_font(properties: Any, name: str) -> None:
    fonts = properties.get_or_add_rFonts()
    for key in ("w:ascii", "w:hAnsi", "w:cs"):
        fonts.set(qn(key), "Times New Roman")
    fonts.set(qn("w:eastAsia"), name)
    fonts.set(qn("w:hint"), "eastAsia")


def _set_page(section: Section) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)


def _number_pages(section: Section) -> None:
    footer = section.footer.paragraphs[0]
    footer.alignment = CENTER
    for kind, text in (("", "— "), ("begin", ""), ("instr", " PAGE "), ("end", ""), ("", " —")):
        run = footer.add_run(text if not kind else "")
        run.font.size = Pt(14)
        _set_font(run._element.get_or_add_rPr(), "宋体")
        if kind == "instr":
            code = OxmlElement("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = text
            run._element.append(code)
        elif kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._element.append(mark)


def _name_stand_ins(document: WordDocument) -> None:
    """Name the font to use instead of each that may be absent (w:altName of the font table)."""
    fonts = "".join(
        f'<w:font w:name={quoteattr(name)}><w:altName w:val={quoteattr(other)}/><w:charset w:val="86"/>'
        '<w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
        for name, other in STAND_INS.items()
    )
    text = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<w:fonts xmlns:w="{_MAIN}">{fonts}<w:font w:name="Times New Roman"><w:charset w:val="00"/>'
        '<w:family w:val="roman"/><w:pitch w:val="variable"/></w:font></w:fonts>'
    )
    for part in document.part.package.iter_parts():
        if str(part.partname) == "/word/fontTable.xml":
            part._blob = text.encode("utf-8")
