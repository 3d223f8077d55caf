"""What counts as a reason, and what only fills the line."""

from __future__ import annotations

import pytest

from db.core.errors import DataProblem
from db.core.reasons import checked_reason, fault_of, reason_rules

EXAMPLE = "市里退回，要求更正清洁取暖户数"


@pytest.mark.parametrize(
    "text",
    [
        EXAMPLE,
        "清单还有两个项目没有登记",
        "经核实，两台锅炉已于9月拆除",
        "市里退回更正",
        "  原件丢失，正在补办  ",
        "3台机组停机检修",
        "该企业8月停产",
    ],
)
def test_reasons_pass(text: str) -> None:
    assert fault_of(text) == ""
    assert checked_reason(text, "重新打开", EXAMPLE) == text.strip()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "还没有写理由。"),
        ("　 \n", "还没有写理由。"),
        ("————……", "还没有写理由。"),
        ("x", "“x”没有说明原因。"),
        ("核实无误", "“核实无误”没有说明原因。"),
        ("经核实，情况属实，数据无误。", "“经核实，情况属实，数据无误。”没有说明原因。"),
        ("数据已经核对，没有问题", "“数据已经核对，没有问题”没有说明原因。"),
        ("情 况 属 实，核 实 无 误", "“情 况 属 实，核 实 无 误”没有说明原因。"),
        ("啊啊啊啊啊啊啊", "“啊啊啊啊啊啊啊”没有说明原因。"),
        ("111111111", "“111111111”没有说明原因。"),
        ("asdfghjk", "“asdfghjk”没有说明原因。"),
        ("无", "“无”没有说明原因。"),
        ("清单漏登", "理由只有4个字，太短了。"),
        ("停产，检修", "理由只有4个字，太短了。"),
    ],
)
def test_what_only_fills_the_line_is_refused(text: str, fault: str) -> None:
    assert fault_of(text) == fault


def test_who_is_refused_learns_what_for_and_how() -> None:
    with pytest.raises(DataProblem, match="重新打开2022年3月要写明理由：理由只有4个字，太短了。") as caught:
        checked_reason("清单漏登", "重新打开2022年3月", EXAMPLE)
    assert caught.value.advice == f"请用6个字以上写清是什么原因，例如：{EXAMPLE}。"


def test_every_empty_word_is_empty() -> None:
    words = reason_rules().empty.pattern.split("|")
    assert len(words) == len(set(words))
    assert fault_of("".join(words)).endswith("没有说明原因。")


def test_a_reason_holds_nothing_that_a_package_cannot() -> None:
    assert checked_reason("机组检修\t停运两个月，\n发电量少", "说明", "例") == "机组检修 停运两个月，\n发电量少"
