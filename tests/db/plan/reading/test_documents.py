"""Files as documents: what of a .docx counts, and the sentence for every file that cannot be read."""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from db.core.errors import DataProblem
from db.plan.reading.document import open_document, pasted_document
from db.plan.reading.model import Document
from db.plan.reading.read import read_plan
from tests.db.plan.reading.word_files import NUMBERING, cell, counting, numbered, paragraph, run, table, word_file

Open = Callable[[bytes], Document]


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    def open_bytes(content: bytes) -> Document:
        file = tmp_path / "方案.docx"
        file.write_bytes(content)
        return open_document(file)

    return open_bytes


# --- What counts in a .docx -----------------------------------------------------------------------------------------


def test_insertions_count_and_deletions_do_not(opened: Open) -> None:
    body = paragraph(
        "淘汰",
        "<w:ins>" + run("800台") + "</w:ins>",
        "<w:del><w:r><w:delText>600台</w:delText></w:r></w:del>",
        "<w:moveFrom>" + run("旧处") + "</w:moveFrom>",
        "。",
    )
    assert opened(word_file(body)).text == "淘汰800台。\n"


def test_a_paragraph_whose_mark_was_deleted_goes_on_in_the_next(opened: Open) -> None:
    body = paragraph("前一半", properties="<w:rPr><w:del/></w:rPr>") + paragraph("后一半。")
    assert opened(word_file(body)).text == "前一半后一半。\n"


def test_hidden_text_and_field_codes_are_not_seen(opened: Open) -> None:
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>暗</w:t></w:r>"
    field = "<w:r><w:instrText>PAGEREF _Toc1</w:instrText></w:r>"
    assert opened(word_file(paragraph("明", hidden, field, "文"))).text == "明文\n"


def test_a_text_box_is_read_once(opened: Open) -> None:
    box = f"<w:txbxContent>{paragraph('框里')}</w:txbxContent>"
    space = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    choices = f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
    both = f"<mc:AlternateContent {space}>{choices}</mc:AlternateContent>"
    assert opened(word_file(paragraph(f"<w:r>{both}</w:r>", "框外"))).text == "框里\n框外\n"


def test_soft_breaks_within_a_sentence_are_none(opened: Open) -> None:
    assert opened(word_file(paragraph("淘汰老旧\v机械800台。\v责任单位：市农业农村局"))).text == (
        "淘汰老旧机械800台。\n责任单位：市农业农村局\n"
    )


def test_headers_and_footers_are_left_out_and_notes_follow(opened: Open) -> None:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    parts = {
        "word/header1.xml": f"<w:hdr {space}>{paragraph('第1页')}</w:hdr>",
        "word/footnotes.xml": f"<w:footnotes {space}><w:footnote>{paragraph('指六个行业')}</w:footnote></w:footnotes>",
    }
    assert opened(word_file(paragraph("正文。"), parts=parts)).text == "正文。\n注：指六个行业\n"


def test_automatic_numbers_are_brought_into_the_text(opened: Open) -> None:
    body = (
        numbered("总体要求", level=0) + numbered("原则。", level=1) + numbered("", level=1) + numbered("任务", level=0)
    )
    assert opened(word_file(body, numbering=NUMBERING)).text == "一、总体要求\n（一）原则。\n\n二、任务\n"


@pytest.mark.parametrize(
    ("form", "pattern", "expected"),
    [
        ("decimal", "%1.", "1.甲 2.乙"),
        ("decimal", "%1", "1\u3000甲 2\u3000乙"),
        ("chineseCountingThousand", "第%1条", "第一条甲 第二条乙"),
        ("decimalEnclosedCircleChinese", "%1", "①甲 ②乙"),
        ("bullet", "•", "甲 乙"),
        ("lowerLetter", "%1)", "a)甲 b)乙"),
    ],
)
def test_forms_of_automatic_numbers(opened: Open, form: str, pattern: str, expected: str) -> None:
    numbering = counting(4, pattern, form) + '<w:num w:numId="1"><w:abstractNumId w:val="4"/></w:num>'
    content = word_file(numbered("甲", level=0) + numbered("乙", level=0), numbering=numbering)
    assert opened(content).text == expected.replace(" ", "\n") + "\n"


def test_levels_start_again_and_lists_can_be_restarted(opened: Open) -> None:
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="{text}"/></w:lvl>'
        for level, text in enumerate(["%1.", "%1.%2."])
    )
    numbering = (
        f'<w:abstractNum w:abstractNumId="7">{levels}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="7"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    )

    def at(level: int, list_id: int, text: str) -> str:
        return paragraph(text, properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>')

    body = at(0, 1, "甲") + at(1, 1, "乙") + at(1, 1, "丙") + at(0, 1, "丁") + at(1, 1, "戊") + at(0, 2, "己")
    assert opened(word_file(body, numbering=numbering)).text.split() == [
        "1.甲",
        "1.1.乙",
        "1.2.丙",
        "2.丁",
        "2.1.戊",
        "5.己",
    ]


def test_a_style_numbers_its_paragraphs(opened: Open) -> None:
    styles = (
        '<w:style w:styleId="Base"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="Own"><w:basedOn w:val="Base"/></w:style>'
    )
    body = paragraph("甲", properties='<w:pStyle w:val="Own"/>') + paragraph(
        "乙", properties='<w:pStyle w:val="Own"/><w:numPr><w:numId w:val="0"/></w:numPr>'
    )
    assert opened(word_file(body, numbering=NUMBERING, styles=styles)).text == "一、甲\n乙\n"


def test_tables_know_their_cells_and_places(opened: Open) -> None:
    down, more = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    rows = [
        ["指标", cell("2021—2023年", properties='<w:gridSpan w:val="2"/>')],
        [cell("能源", properties=down), "9%", cell("市发改委", "市工信局")],
        [cell("", properties=more), "8%", ""],
    ]
    document = opened(word_file(paragraph("前。") + table(rows) + paragraph("后。")))
    assert document.text == "前。\n指标\t2021—2023年\n能源\t9%\t市发改委 市工信局\n\t8%\t\n后。\n"
    (found,) = document.tables
    assert [[one.text for one in row] for row in found.rows] == [
        ["指标", "2021—2023年", "2021—2023年"],
        ["能源", "9%", "市发改委 市工信局"],
        ["能源", "8%", ""],
    ]
    assert all(document.text[one.start : one.end] == one.text for row in found.rows for one in row)
    assert document.text[found.start : found.end].startswith("指标")


@given(st.text(alphabet="甲乙，。（）12 \t", max_size=40))
def test_pasted_text_keeps_every_character_but_spaces(text: str) -> None:
    if text.strip():
        assert "".join(pasted_document(text).text.split()) == "".join(text.split())


# --- What cannot be read --------------------------------------------------------------------------------------------


def archive(**files: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in files.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return stream.getvalue()


def ole(stream: str) -> bytes:
    head = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0"))
    head[30:32] = (9).to_bytes(2, "little")
    return bytes(head) + stream.encode("utf-16-le").ljust(512, b"\0")


WHOLE = word_file(paragraph("一、任务"))
ENTITIES = archive(
    word__document_xml='<!DOCTYPE x [<!ENTITY a "哈哈哈哈"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>',
)
REFUSED = {
    "empty": (b"", "是空文件"),
    "blank": (b"\xef\xbb\xbf \r\n", "是空文件"),
    "password": (ole("EncryptedPackage"), "设了打开密码"),
    "doc": (ole("WordDocument"), "旧格式的 Word 文档"),
    "xls": (ole("Workbook"), "Excel 工作簿"),
    "xlsx": (archive(xl__workbook_xml="<x/>"), "Excel 工作簿"),
    "pptx": (archive(ppt__presentation_xml="<x/>"), "演示文稿"),
    "zip": (archive(some_xml="<x/>"), "压缩包"),
    "pdf": (b"%PDF-1.7\n...", "PDF"),
    "png": (b"\x89PNG\r\n\x1a\n...", "图片"),
    "rtf": (b"{\\rtf1 ...}", "RTF"),
    "html": (b"<!DOCTYPE html><p>...", "网页"),
    "pictures only": (word_file(paragraph("<w:r><w:drawing/></w:r>")), "没有文字"),
    "cut off": (WHOLE[: len(WHOLE) // 2], "已损坏"),
    "no xml": (archive(word__document_xml="<w:document"), "已损坏"),
    "deep": (archive(word__document_xml="<a>" * 100_000), "已损坏"),
    "entities": (ENTITIES, "实体声明"),
    "binary": (b"\x00\x01\x02\xff\xfe\x00" * 50, "不是文字"),
    "other coding": ("標準".encode("big5") + b"\xff\xff", "不是文字"),
    "long": (("方案" * 400_000).encode(), "文字太多"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_every_file_that_cannot_be_read_gets_a_sentence(opened: Open, name: str) -> None:
    content, sentence = REFUSED[name]
    with pytest.raises(DataProblem, match=sentence) as refused:
        opened(content)
    assert refused.value.advice.endswith("。")
    assert "方案.docx" in refused.value.message


# In the last 22 bytes: a directory said to begin later than it does puts every part before the file's own beginning.
DIRECTORY = len(WHOLE) - 22 + 16


@settings(max_examples=300, deadline=None)
@example(place=DIRECTORY + 1, value=8)
@given(place=st.integers(0, len(WHOLE) - 1), value=st.integers(0, 255))
def test_a_damaged_file_is_read_or_refused(place: int, value: int) -> None:
    content = bytearray(WHOLE)
    content[place] = value
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "方案.docx"
        path.write_bytes(bytes(content))
        with suppress(DataProblem):
            assert open_document(path).text


def test_pasting_nothing_or_too_much_gets_a_sentence() -> None:
    with pytest.raises(DataProblem, match="没有粘贴文字"):
        pasted_document(" \n\t")
    with pytest.raises(DataProblem, match="文字太多"):
        pasted_document("方" * 600_000)
    with pytest.raises(DataProblem, match="有一段超过"):
        pasted_document("一、任务\n" + "（" * 60_000)


MEMORY = """
import sys, time
from pathlib import Path
from db.core.errors import DataProblem
from db.plan.reading.read import read_file
begin = time.monotonic()
try:
    read_file(Path(sys.argv[1]))
except DataProblem as problem:
    print(problem)
assert time.monotonic() - begin < 20
# getrusage would count what the process that started this one held.
status = Path("/proc/self/status").read_text()
print(int(status.partition("VmHWM:")[2].split()[0]) // 1024)
"""


def big_text(file: Path) -> None:
    file.write_bytes("到2023年，压减煤炭3万吨。\n".encode() * 1_500_000)


def bomb(file: Path) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made, made.open("word/document.xml", "w") as part:
        part.write(b"<w:document>")
        for _ in range(400):
            part.write(b" " * (1 << 20))


def many_paragraphs(file: Path) -> None:
    file.write_bytes(word_file("<w:p/>" * 3_000_000))


def many_entries(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as made:
        for number in range(20_000):
            made.writestr(str(number), b"")


HEAPS = ("1", "1%", "1万吨", "翻一番", "一是", "十", "建设", "（", "——", "Ab-", "比2020年下降1%、", "（牵头", "第一条")


@pytest.mark.parametrize("heap", HEAPS)
def test_a_heap_of_one_thing_in_one_paragraph_takes_no_time(heap: str) -> None:
    text = "某市三年行动方案\n一、总体要求\n（一）目标。" + heap * (30_000 // len(heap))
    begin = time.process_time()
    reading = read_plan(pasted_document(text), departments=())
    assert time.process_time() - begin < 5
    if heap[0] in "1翻":
        assert reading.leftovers[-1].end == len(reading.document.text)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read where Linux tells it")
@pytest.mark.parametrize("make", [big_text, bomb, many_paragraphs, many_entries])
def test_hostile_files_take_neither_time_nor_memory(tmp_path: Path, make: Callable[[Path], None]) -> None:
    file = tmp_path / "方案.docx"
    make(file)
    result = subprocess.run([sys.executable, "-c", MEMORY, str(file)], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    *sentence, memory = result.stdout.split("\n")[:-1]
    assert "文字太多" in "".join(sentence)
    assert int(memory) < 300
