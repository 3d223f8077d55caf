"""A file of another kind is called by its name wherever a file is chosen; files are made by what makes them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

import resources
from db.core.errors import DataProblem
from db.core.file_kinds import Kind, kind_of_file
from db.exchange.answers import RETURNED, Answer, answer_text, read_answer
from db.exchange.cells.read import read_sheets
from db.exchange.ledger.file import Ledger
from db.exchange.package_verify import verify_package
from db.exchange.part.giveback import write_return
from db.exchange.part.scope import part_scope
from db.exchange.part.write import identity_in, open_part, write_part
from db.exchange.plain_lines import read_lines
from db.exchange.register_file import read_register
from db.exchange.rule_settings_file import FORMAT, VERSION, read_settings_file
from db.plan.catalogue import load_catalogue
from db.plan.reading.document import open_document
from db.store.backup_file import describe, write_backup
from db.work.opening import open_county
from tests.db.exchange.packages import small_county, small_package
from tests.db.plan.reading.word_files import paragraph, run, word_file


def answer() -> Answer:
    ids = [str(uuid.uuid4()) for _ in range(2)]
    name = "370783-monthly-2022-03-v1"
    return Answer(
        ids[0], RETURNED, ids[1], name, "0" * 64, "1" * 64, "370783", "monthly", "2022-03", 1, "李强",
        "2022-04-06T09:30:00", "请核对",
    )  # fmt: skip


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[Kind, Path]:
    """One file of each kind."""
    folder = tmp_path_factory.mktemp("kinds")
    for name in ("package", "county"):
        (folder / name).mkdir()
    found = {Kind.PACKAGE: small_package(folder / "package")}
    with small_county(folder / "county") as county, county.reading() as conn:
        write_backup(county.folder, folder / "备份.zip", inside=False)
        scope = part_scope(conn, load_catalogue(), registers=["key_project"])
        part = write_part(county, scope, folder / "out").file
        found[Kind.COUNTY] = county.path
    open_part(part, folder / "colleague")
    with open_county(folder / "colleague", author="同事") as county:
        found[Kind.RETURNED_PART] = write_return(county, folder / "back").file
    Ledger.create(folder / "台账.db", author="李强").close()
    made = {
        Kind.ANSWER: ("回执.json", answer_text(answer()).encode()),
        Kind.RULES: ("规则.json", json.dumps({"format": FORMAT, "version": VERSION, "rules": []}).encode()),
        Kind.REGISTER: ("清单.json", resources.text("registers/coal_boiler.json").encode()),
        Kind.DOCUMENT: ("方案.docx", word_file(paragraph(run("三年行动方案")))),
        Kind.PDF: ("扫描件.pdf", b"%PDF-1.7\n"),
        Kind.PICTURE: ("照片.png", b"\x89PNG\r\n\x1a\n"),
        Kind.TEXT: ("说明.txt", "请查收".encode()),
        Kind.OTHER_JSON: ("别的.json", b'{"a": 1}'),
        Kind.EMPTY: ("空.xlsx", b""),
    }
    for kind, (name, content) in made.items():
        found[kind] = folder / name
        found[kind].write_bytes(content)
    book = folder / "月报.xlsx"
    Workbook().save(book)
    more = {Kind.BACKUP: folder / "备份.zip", Kind.PART: part, Kind.LEDGER: folder / "台账.db", Kind.WORKBOOK: book}
    return found | more


def test_each_file_is_known_by_its_content(files: dict[Kind, Path], tmp_path: Path) -> None:
    assert {kind: kind_of_file(file) for kind, file in files.items()} == {kind: kind for kind in files}
    renamed = tmp_path / "随便什么.dat"
    renamed.write_bytes(files[Kind.PACKAGE].read_bytes())
    assert kind_of_file(renamed) is Kind.PACKAGE
    assert kind_of_file(tmp_path) is None and kind_of_file(tmp_path / "没有") is None


def verified(path: Path) -> None:
    problems = verify_package(path).problems
    if problems:
        raise DataProblem(problems[0].message, advice=problems[0].advice, code=problems[0].code)


def opened_ledger(path: Path) -> None:
    Ledger.open(path, author="李强").close()


READERS: dict[Kind, Callable[[Path], object]] = {
    Kind.ANSWER: read_answer,
    Kind.PACKAGE: verified,
    Kind.BACKUP: describe,
    Kind.PART: identity_in,
    Kind.RULES: read_settings_file,
    Kind.REGISTER: read_register,
    Kind.LEDGER: opened_ledger,
    Kind.WORKBOOK: read_sheets,
    Kind.DOCUMENT: open_document,
}
ALSO = {
    Kind.BACKUP: {Kind.PART},  # a work package is restored like a backup
    Kind.RULES: {Kind.WORKBOOK},
    Kind.REGISTER: {Kind.WORKBOOK},
    Kind.WORKBOOK: {Kind.DOCUMENT},  # told in the reader's own words
}
OURS = [kind for kind in Kind if kind.value.ours]


@pytest.mark.parametrize("wanted", READERS)
@pytest.mark.parametrize("given", OURS, ids=lambda kind: kind.name)
def test_a_file_of_another_kind_is_called_by_its_name(files: dict[Kind, Path], wanted: Kind, given: Kind) -> None:
    if given is wanted or given in ALSO.get(wanted, ()):
        return
    with pytest.raises(DataProblem) as told:
        READERS[wanted](files[given])
    assert f"是{given.value.title}，不是{wanted.value.title}" in told.value.message
    assert wanted.value.choose in told.value.advice and given.value.belongs in told.value.advice


@pytest.mark.parametrize("wanted", [kind for kind in READERS if kind not in (Kind.RULES, Kind.REGISTER)])
def test_the_right_file_is_still_read(files: dict[Kind, Path], wanted: Kind) -> None:
    READERS[wanted](files[wanted])


@pytest.mark.parametrize("given", [Kind.PDF, Kind.PICTURE, Kind.TEXT, Kind.EMPTY])
def test_a_strangers_file_is_no_answer(files: dict[Kind, Path], given: Kind) -> None:
    with pytest.raises(DataProblem, match=f"是{given.value.title.split('（')[0]}") as told:
        read_answer(files[given])
    assert "JSON" not in told.value.message and Kind.ANSWER.value.choose in told.value.advice


def test_an_answer_that_is_cut_off_is_still_called_one(files: dict[Kind, Path], tmp_path: Path) -> None:
    cut = tmp_path / "半个-return.json"
    cut.write_bytes(files[Kind.ANSWER].read_bytes()[:200])
    with pytest.raises(DataProblem, match="不是可用的回执或退回"):
        read_answer(cut)


def test_other_tables_refuse_packages_too(files: dict[Kind, Path]) -> None:
    with pytest.raises(DataProblem, match="是上报包，不是Excel 工作簿"):
        read_lines(files[Kind.PACKAGE])
