"""The fixed parts of a workbook (Office Open XML, ECMA-376): styles, relations, and what frames a sheet's rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from xml.sax.saxutils import escape, quoteattr

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


class Style(IntEnum):
    """The looks a cell can have; numbers with 0 to 3 fixed decimals, or as many as they need."""

    PLAIN = 0
    TITLE = 1
    SUBTITLE = 2
    HEAD = 3
    TEXT = 4
    ORDINAL = 5
    WHOLE = 6
    ONE = 7
    TWO = 8
    THREE = 9
    FREE = 10
    DATE = 11
    TOTAL_TEXT = 12
    TOTAL_WHOLE = 13
    TOTAL_ONE = 14
    TOTAL_TWO = 15
    TOTAL_THREE = 16
    TOTAL_FREE = 17

    def __format__(self, spec: str) -> str:
        return str(int(self))


NUMBER_STYLES = (Style.WHOLE, Style.ONE, Style.TWO, Style.THREE, Style.FREE)
TOTAL_STYLES = (Style.TOTAL_WHOLE, Style.TOTAL_ONE, Style.TOTAL_TWO, Style.TOTAL_THREE, Style.TOTAL_FREE)

_FORMATS = {6: 3, 7: 164, 8: 4, 9: 165, 10: 0}
_CENTER = '<alignment horizontal="center" vertical="center" wrapText="1"/>'
_TOP = '<alignment vertical="top" wrapText="1"/>'


def _styles() -> str:
    def xf(number: int = 0, font: int = 0, fill: int = 0, border: int = 0, align: str = "") -> str:
        return (
            f'<xf numFmtId="{number}" fontId="{font}" fillId="{fill}" borderId="{border}" xfId="0"'
            f' applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">{align}</xf>'
        )

    top = '<alignment vertical="top"/>'
    cells = [
        xf(),
        xf(font=2, align='<alignment horizontal="left" vertical="center"/>'),
        xf(font=3, align='<alignment horizontal="left" vertical="center"/>'),
        xf(49, font=1, fill=2, border=1, align=_CENTER),
        xf(49, align=_TOP),
        xf(1, font=3, align='<alignment horizontal="center" vertical="top"/>'),
        *(xf(_FORMATS[number], align=top) for number in range(6, 11)),
        xf(166, align='<alignment horizontal="center" vertical="top"/>'),
        xf(49, font=1, border=2),
        *(xf(_FORMATS[number], font=1, border=2) for number in range(6, 11)),
    ]
    thin = '<{0} style="thin"><color rgb="FF9AA3AB"/></{0}>'
    box = "".join(thin.format(side) for side in ("left", "right", "top", "bottom"))
    font = '<font>{}<sz val="{}"/><color rgb="FF{}"/><name val="宋体"/><charset val="134"/></font>'
    fonts = [
        font.format("", 10, "1F2A30"),
        font.format("<b/>", 10, "1F2A30"),
        font.format("<b/>", 16, "17594A"),
        font.format("", 9, "56646B"),
    ]
    return (
        f'{_XML}<styleSheet xmlns="{_MAIN}"><numFmts count="3"><numFmt numFmtId="164" formatCode="#,##0.0"/>'
        '<numFmt numFmtId="165" formatCode="#,##0.000"/><numFmt numFmtId="166" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
        f'<fonts count="{len(fonts)}">{"".join(fonts)}</fonts>'
        '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/>'
        '</fill><fill><patternFill patternType="solid"><fgColor rgb="FFE3F1EC"/><bgColor indexed="64"/></patternFill>'
        "</fill></fills>"
        '<borders count="3"><border><left/><right/><top/><bottom/><diagonal/></border>'
        f"<border>{box}<diagonal/></border>"
        f"<border><left/><right/>{thin.format('top')}{thin.format('bottom')}<diagonal/></border></borders>"
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(cells)}">{"".join(cells)}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="常规" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


def sheet_start(widths: Sequence[float], frozen: str) -> str:
    """Return what comes before the rows of a sheet; `frozen` is the first cell that scrolls, such as C4."""
    pane = ""
    if frozen:
        letters = frozen.rstrip("0123456789")
        across = 0
        for letter in letters:
            across = across * 26 + ord(letter) - 64
        x, y = across - 1, int(frozen[len(letters) :]) - 1
        corner = "bottomRight" if x and y else "topRight" if x else "bottomLeft"
        split = (f' xSplit="{x}"' if x else "") + (f' ySplit="{y}"' if y else "")
        pane = f'<pane{split} topLeftCell="{frozen}" activePane="{corner}" state="frozen"/>'
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width:g}" customWidth="1"/>'
        for number, width in enumerate(widths, start=1)
    )
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols><sheetData>'
    )


def sheet_end(filtered: str, merged: Sequence[str], mark: str = "") -> str:
    """Return what comes after the rows: filter buttons over `filtered`, merged cells, print set-up (A4 across).

    `mark` stands at the head of every printed page.
    """
    head = f"<oddHeader>&amp;C{mark}</oddHeader>" if mark else ""
    buttons = f'<autoFilter ref="{filtered}"/>' if filtered else ""
    ranges = "".join(f'<mergeCell ref="{place}"/>' for place in merged)
    merges = f'<mergeCells count="{len(merged)}">{ranges}</mergeCells>' if merged else ""
    return (
        f'</sheetData>{buttons}{merges}<printOptions gridLines="1"/>'
        '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>'
        f"<headerFooter>{head}<oddFooter>&amp;L&amp;A&amp;C第 &amp;P 页，共 &amp;N 页</oddFooter></headerFooter>"
        "</worksheet>"
    )


@dataclass(frozen=True)
class SheetPart:
    """A sheet that was written: the number in its part's name, its title, the row to repeat in print (0: none)."""

    number: int
    name: str
    head: int


def book_parts(shown: Sequence[SheetPart]) -> Iterator[tuple[str, str]]:
    """Yield name and text of every part that is no sheet; the sheets are shown in the order given."""
    numbers = range(1, len(shown) + 1)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for number in numbers
    )
    types = (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>{overrides}'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>'
    )
    yield "[Content_Types].xml", types
    yield "_rels/.rels", _relations([("rId1", "officeDocument", "xl/workbook.xml")])
    sheets = "".join(
        f'<sheet name={quoteattr(each.name)} sheetId="{each.number}" r:id="rId{each.number}"/>' for each in shown
    )
    printed = "".join(
        f'<definedName name="_xlnm.Print_Titles" localSheetId="{index}">{escape(_in_formula(each.name))}'
        f"!$1:${each.head}</definedName>"
        for index, each in enumerate(shown)
        if each.head
    )
    defined = f"<definedNames>{printed}</definedNames>" if printed else ""
    book = (
        f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><bookViews><workbookView activeTab="0"/></bookViews>'
        f'<sheets>{sheets}</sheets>{defined}<calcPr calcId="0" fullCalcOnLoad="1"/></workbook>'
    )
    yield "xl/workbook.xml", book
    targets = [(f"rId{number}", "worksheet", f"worksheets/sheet{number}.xml") for number in numbers]
    yield "xl/_rels/workbook.xml.rels", _relations([*targets, (f"rId{len(shown) + 1}", "styles", "styles.xml")])
    yield "xl/styles.xml", _styles()


def _in_formula(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"


def _relations(entries: Sequence[tuple[str, str, str]]) -> str:
    inner = "".join(
        f'<Relationship Id="{key}" Type="{_RELATIONS}/{kind}" Target="{target}"/>' for key, kind, target in entries
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'
