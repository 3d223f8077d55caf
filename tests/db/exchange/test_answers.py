from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.exchange import answers
from db.exchange.answers import Answer, AnswerFault, Remark, answer_text, read_answer
from db.work.remarks import Reply

STATUSES = ("新提出", "已回复", "拟解决", "已关闭")
ANSWER = Answer(
    answer_id="0b0e4f3a-0000-4000-8000-000000000001",
    verdict="returned",
    package_id="0b0e4f3a-0000-4000-8000-000000000002",
    package="370783-monthly-2022-03-v1",
    sha256="a" * 64,
    data_sha256="b" * 64,
    county="370783",
    kind="monthly",
    period="2022-03",
    sequence=1,
    author="李明",
    written_at="2022-04-08T10:00:00",
    note="请核对后重报。",
    remarks=(
        Remark(
            id="0b0e4f3a-0000-4000-8000-000000000003",
            text="比上月少了一半，请核实。",
            table="progress",
            row_id="r1",
            field="actual",
            value="12.5",
            author="李明",
            written_at="2022-04-08T09:00:00",
            replies=(Reply("county", "上月多报了。", "已回复", "王芳", "2022-04-09T09:00:00"),),
        ),
    ),
)

TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=30).filter(str.strip)
SHORT = st.just("") | TEXTS
TIMES = st.just("") | st.datetimes().map(lambda moment: moment.isoformat(timespec="seconds"))
UUIDS = st.uuids().map(str)
HASHES = st.binary(min_size=32, max_size=32).map(bytes.hex)
REPLIES = st.builds(
    Reply, st.sampled_from(["county", "city"]), TEXTS, st.sampled_from(["", *STATUSES]), author=SHORT, written_at=TIMES
)
PLACES = st.tuples(SHORT, SHORT, SHORT).map(lambda place: place if all(place) else ("", "", ""))
REMARKS = st.builds(
    lambda place, **rest: Remark(table=place[0], row_id=place[1], field=place[2], **rest),
    PLACES,
    id=UUIDS,
    text=TEXTS,
    value=SHORT,
    status=st.sampled_from(STATUSES),
    author=SHORT,
    written_at=TIMES,
    replies=st.lists(REPLIES, max_size=3).map(tuple),
)
ANSWERS = st.builds(
    replace,
    st.just(ANSWER),
    answer_id=UUIDS,
    verdict=st.sampled_from(["accepted", "returned"]),
    package_id=UUIDS,
    sha256=HASHES,
    data_sha256=HASHES,
    author=TEXTS,
    note=TEXTS,
    remarks=st.lists(REMARKS, max_size=4, unique_by=lambda remark: remark.id).map(tuple),
)


def read_text(folder: Path, text: str | bytes) -> Answer:
    file = folder / "answer.json"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_answer(file)


def faults_of(folder: Path, text: str | bytes) -> list[str]:
    with pytest.raises(AnswerFault) as caught:
        read_text(folder, text)
    assert "answer.json" in str(caught.value)
    return [problem.sentence() for problem in caught.value.problems]


def changed(**parts: Any) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(answer_text(ANSWER))
    return {**whole, **parts}


def remark(**parts: Any) -> dict[str, Any]:
    return {**asdict(ANSWER.remarks[0]), **parts}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANSWERS)
def test_an_answer_comes_back_as_it_was_written(tmp_path: Path, answer: Answer) -> None:
    assert read_text(tmp_path, answer_text(answer)) == answer


def test_a_mark_in_front_that_an_editor_left_is_no_fault(tmp_path: Path) -> None:
    assert read_text(tmp_path, b"\xef\xbb\xbf" + answer_text(ANSWER).encode()) == ANSWER


def test_the_file_is_called_after_the_package_and_what_it_is() -> None:
    assert ANSWER.file_name == "370783-monthly-2022-03-v1-return.json" and ANSWER.title == "退回"
    accepted = replace(ANSWER, verdict="accepted")
    assert accepted.file_name == "370783-monthly-2022-03-v1-receipt.json" and accepted.title == "回执"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"format": "sijian-ans', "内容不完整"),
        (b"\xff", "不是 UTF-8"),
        (b'{"format": 1, "format": 1}', "键名重复"),
        (b'{"sequence": NaN}', "NaN"),
        (b"[" * 200_000, "嵌套太深"),
        (b'{"a":' * 200_000, "嵌套太深"),
        (b"[]", "不是本程序写的回执或退回"),
        (b"{}", "不是本程序写的回执或退回"),
        (b'"x"', "不是本程序写的回执或退回"),
        (b'{"format": "sijian-answer", "version": 2}', "更新版本"),
    ],
)
def test_what_is_no_answer_at_all_is_one_finding(tmp_path: Path, content: bytes, words: str) -> None:
    (found,) = faults_of(tmp_path, content)
    assert words in found


def test_a_file_that_is_too_long_is_not_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "LARGEST", 1 << 20)
    assert faults_of(tmp_path, b" " * ((1 << 20) + 1)) == ["文件超过1MB。"]


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"verdict": "maybe"}, "「结论」"),
        ({"package_id": "x"}, "「上报包编号」"),
        ({"sha256": "A" * 64}, "「文件摘要」"),
        ({"data_sha256": ""}, "「数据摘要」没有填写"),
        ({"author": 7}, "「答复人」不是文字"),
        ({"author": "李\u0007明"}, "看不见的控制字符"),
        ({"note": "a\ud800"}, "看不见的控制字符"),
        ({"note": "长" * 2001}, "最多2000个字"),
        ({"written_at": "昨天"}, "不是时间"),
        ({"sequence": True}, "「次数」"),
        ({"sequence": 0}, "「次数」"),
        ({"sequence": 10**30}, "「次数」"),
        ({"period": "2022-04"}, "不一致"),
        ({"remarks": {}}, "没有列出意见"),
        ({"remarks": [7]}, "意见1：不是一个 JSON 对象"),
        ({"remarks": [remark(id="1")]}, "意见1：「意见编号」"),
        ({"remarks": [remark(text=" ")]}, "意见1：「意见」没有填写"),
        ({"remarks": [remark(status="完成")]}, "意见1：「状态」"),
        ({"remarks": [remark(), remark()]}, "意见2：「意见编号」与前面的意见重复"),
        ({"remarks": [remark(table="")]}, "意见1：写了行没有写表"),
        ({"remarks": [remark(replies=None)]}, "意见1：没有列出回复"),
        ({"remarks": [remark(replies=[{"side": "province", "text": "x"}])]}, "意见1回复1：「哪一方」"),
        ({"remarks": [], "note": " "}, "退回没有写明原因"),
        ({"also": 1}, "不认识的内容“also”"),
    ],
)
def test_each_fault_is_told_with_its_place(tmp_path: Path, parts: dict[str, Any], words: str) -> None:
    found = faults_of(tmp_path, json.dumps(changed(**parts)))
    assert [sentence for sentence in found if words in sentence]


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    wrong = changed(author="", sha256="x", remarks=[remark(text=""), remark(status="")])
    assert len(faults_of(tmp_path, json.dumps(wrong))) == 5  # the second remark repeats the id of the first


def test_of_too_many_remarks_none_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "MOST_REMARKS", 1)
    assert "意见超过1条。" in faults_of(tmp_path, json.dumps(changed(remarks=[remark(), remark()])))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([*changed(), "also"]), JSON, st.sampled_from([*remark(), "also"]), JSON)
def test_whatever_stands_anywhere_is_read_or_told(tmp_path: Path, key: str, value: Any, below: str, inner: Any) -> None:
    raw = {**changed(remarks=[remark(**{below: inner})]), key: value}
    try:
        answer = read_text(tmp_path, json.dumps(raw))
    except AnswerFault:
        return
    assert read_text(tmp_path, answer_text(answer)) == answer
    assert answer_text(answer).encode()  # no half of a character anywhere
