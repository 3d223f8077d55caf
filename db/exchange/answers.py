"""What the city answers to a package: a receipt or a return, with remarks at its cells. One file for both sides.

answer_text(answer) -> str       read_answer(path) -> Answer

The file is JSON (`370783-monthly-2022-03-v1-return.json`) and comes on a stick like the package: nothing in it is
trusted. How long a text may be, and which words a status has, is what the county's tables say that keep it.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from db.core.errors import DataProblem, Problem
from db.core.field import Field
from db.core.fields import load_schema
from db.core.file_kinds import Kind, meant
from db.core.text import quote
from db.exchange.package_kinds import PackageName
from db.exchange.strict_json import JsonFault, strict_json
from db.exchange.verdict import Findings
from db.store.files import explained
from db.work.remarks import NEW, Reply
from db.work.setup import SAMPLE_WORD

FORMAT, VERSION = "sijian-answer", 1
ACCEPTED, RETURNED = "accepted", "returned"
LARGEST = 8 << 20
"""Bytes that the file of an answer may have."""
MOST_REMARKS, MOST_REPLIES = 5_000, 200

_T = TypeVar("_T")
_UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_SHA256 = "[0-9a-f]{64}"
_TITLES = {ACCEPTED: "回执", RETURNED: "退回"}
_SUFFIXES = {ACCEPTED: "receipt", RETURNED: "return"}
_ADVICE = "请对方用本程序重新导出。"


@dataclass(frozen=True)
class Remark:
    """A remark of the city. `table` is the table's name in the county file (`attachment`, not attachments).

    Without `field` it is about the row, without `row_id` about the table, without `table` about the package. `value` is
    what the cell said, as CSV spells it.
    """

    id: str
    text: str
    table: str = ""
    row_id: str = ""
    field: str = ""
    value: str = ""
    status: str = NEW
    author: str = ""
    written_at: str = ""
    replies: tuple[Reply, ...] = ()


@dataclass(frozen=True)
class Answer:
    """A receipt (`verdict` accepted) or a return of one package. `sha256` is the package file's own hash.

    `sample` is 演示 where the city's ledger is one to practise with; real answers do not name it at all.
    """

    answer_id: str
    verdict: str
    package_id: str
    package: str
    sha256: str
    data_sha256: str
    county: str
    kind: str
    period: str
    sequence: int
    author: str
    written_at: str
    note: str = ""
    remarks: tuple[Remark, ...] = ()
    sample: str = ""

    @property
    def title(self) -> str:
        """Return what it is: 回执 or 退回, and whether it is one to practise with."""
        return _TITLES[self.verdict] + (f"（{self.sample}）" if self.sample else "")

    @property
    def file_name(self) -> str:
        """Return what its file is called."""
        return f"{self.package}-{_SUFFIXES[self.verdict]}.json"


class AnswerFault(DataProblem):
    """The file is no answer that can be used; `problems` are all the reasons, each with its place."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        lines = "\n".join(problem.sentence() for problem in problems)
        super().__init__(f"“{file}”不是可用的回执或退回：\n{lines}\n", advice=_ADVICE, code="answer")
        self.problems = problems


def answer_text(answer: Answer) -> str:
    """Return the content of the answer's file; the same answer gives the same text."""
    content = {"format": FORMAT, "version": VERSION, **asdict(answer)}
    if not answer.sample:
        del content["sample"]
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def read_answer(path: Path) -> Answer:
    """Return the answer in the file; AnswerFault lists everything that is wrong with it.

    DataProblem for another kind of file. EnvironmentProblem when the file cannot be read at all.
    """
    with meant(path, Kind.ANSWER):
        return _read(path)


def _read(path: Path) -> Answer:
    with explained("读取回执", path), path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise AnswerFault(path.name, [Problem("answer.size", f"文件超过{LARGEST >> 20}MB。")])
    try:
        raw = strict_json(content.removeprefix(b"\xef\xbb\xbf"))
    except JsonFault as fault:
        raise AnswerFault(path.name, [Problem("answer.json", f"内容不完整，或被别的程序改过（{fault}）。")]) from fault
    reading = _Reading()
    answer = reading.answer(raw)
    problems = reading.findings.all()
    if problems:
        raise AnswerFault(path.name, problems)
    return answer


@cache
def _answer_fields() -> dict[str, Field]:
    sent = load_schema("submission").by_name
    made = {
        "answer_id": replace(sent["answer_id"], required=True, pattern=_UUID),
        "verdict": Field("verdict", "结论", required=True, enum=tuple(_TITLES)),
        "package_id": replace(sent["package_id"], pattern=_UUID),
        "package": Field("package", "上报包", required=True),
        "sha256": replace(sent["sha256"], required=True, pattern=_SHA256),
        "data_sha256": replace(sent["data_sha256"], required=True, pattern=_SHA256),
        "county": Field("county", "填报单位", required=True, max_length=32),
        "author": replace(sent["answered_by"], required=True),
        "written_at": replace(sent["answered_at"], required=True),
        "note": sent["answer_note"],
        "sample": Field("sample", "性质", enum=(SAMPLE_WORD,)),
    }
    return made | {name: sent[name] for name in ("kind", "period")}


@cache
def _remark_fields() -> dict[str, Field]:
    kept = load_schema("remark").by_name
    same = {name: kept[name] for name in ("row_id", "field", "value", "text", "status", "author", "written_at")}
    return {"id": Field("id", "意见编号", required=True, pattern=_UUID), "table": kept["table_name"], **same}


@cache
def _reply_fields() -> dict[str, Field]:
    kept = load_schema("remark_reply").by_name
    return {name: kept[name] for name in ("side", "text", "status", "author", "written_at")}


class _Reading:
    """Takes a JSON value apart; whatever is not as it should be goes to `findings`, with its place."""

    def __init__(self) -> None:
        self.findings = Findings()
        self._ids: set[str] = set()

    def answer(self, raw: Any) -> Answer:
        """Return the answer, of use only when nothing was found."""
        if not isinstance(raw, dict) or raw.get("format") != FORMAT:
            self._say("", "不是本程序写的回执或退回。")
            raw = {}
        elif raw.get("version") != VERSION:
            self._say("", "由更新版本的程序写成。", advice="请升级本程序后再导入。")
            raw = {}
        if not raw:
            return self._made({}, 0, ())
        texts = self._texts(raw, _answer_fields(), "", {"format", "version", "sequence", "remarks"})
        sequence = raw.get("sequence")
        if not isinstance(sequence, int) or isinstance(sequence, bool) or not 1 <= sequence <= 999_999:
            self._say("", "「次数」不是1到999999的整数。")
            sequence = 0
        remarks = self._list(raw.get("remarks"), "", "意见", MOST_REMARKS, self._remark)
        answer = self._made(texts, sequence, remarks)
        if str(PackageName(answer.county, answer.kind, answer.period, answer.sequence)) != answer.package:
            self._say("", f"「上报包」{quote(answer.package)}与填报单位、种类、期、次数不一致。")
        if answer.verdict == RETURNED and not answer.remarks and not answer.note.strip():
            self._say("", "退回没有写明原因：既没有意见，也没有说明。")
        return answer

    def _made(self, texts: Mapping[str, str], sequence: int, remarks: tuple[Remark, ...]) -> Answer:
        return Answer(**{name: texts.get(name, "") for name in _answer_fields()}, sequence=sequence, remarks=remarks)

    def _remark(self, raw: Mapping[str, Any], place: str) -> Remark:
        texts = self._texts(raw, _remark_fields(), place, {"replies"})
        if texts["id"] in self._ids:
            self._say(place, "「意见编号」与前面的意见重复。")
        self._ids.add(texts["id"])
        if (texts["row_id"] and not texts["table"]) or (texts["field"] and not texts["row_id"]):
            self._say(place, "写了行没有写表，或写了字段没有写行。")
        return Remark(**texts, replies=self._list(raw.get("replies"), place, "回复", MOST_REPLIES, self._reply))

    def _reply(self, raw: Mapping[str, Any], place: str) -> Reply:
        return Reply(**self._texts(raw, _reply_fields(), place, set()))

    def _list(
        self, raw: Any, place: str, what: str, most: int, read: Callable[[Mapping[str, Any], str], _T]
    ) -> tuple[_T, ...]:
        if not isinstance(raw, list):
            self._say(place, f"没有列出{what}。")
            return ()
        if len(raw) > most:
            self._say(place, f"{what}超过{most:,}条。")
            return ()
        found = []
        for number, entry in enumerate(raw, start=1):
            here = f"{place}{what}{number}"
            if isinstance(entry, dict):
                found.append(read(entry, here))
            else:
                self._say(here, "不是一个 JSON 对象。")
        return tuple(found)

    def _texts(
        self, raw: Mapping[str, Any], fields: Mapping[str, Field], place: str, others: set[str]
    ) -> dict[str, str]:
        found = {name: self._text(raw.get(name, ""), field, place) for name, field in fields.items()}
        for name in sorted(raw.keys() - fields.keys() - others):
            self._say(place, f"有不认识的内容{quote(name)}。")
        return found

    def _text(self, raw: Any, field: Field, place: str) -> str:
        fault = ""
        if not isinstance(raw, str):
            fault, raw = f"「{field.title}」不是文字。", ""
        elif not raw.strip():
            fault = f"「{field.title}」没有填写。" if field.required else ""
        elif not _visible(raw, multiline=field.multiline):
            fault = f"「{field.title}」里有看不见的控制字符。"
        elif field.name.endswith("_at") and not _is_time(raw):
            fault = f"「{field.title}」{quote(raw)}不是时间。"
        elif problem := field.problem_with(raw):
            fault = problem.message
        if fault:
            self._say(place, fault)
        return str(raw)

    def _say(self, place: str, message: str, advice: str = "") -> None:
        self.findings.add("", Problem("answer", message, advice, place))


def _visible(text: str, *, multiline: bool) -> bool:
    return text.isprintable() or not any(
        unicodedata.category(character) in ("Cc", "Cs") and not (multiline and character == "\n") for character in text
    )


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
