"""Faults that a rule sees across sentences: repeated words, dates before the plan, one target with two figures."""

from __future__ import annotations

import pytest

from db.plan.catalogue import load_catalogue
from db.plan.reading.document import pasted_document
from db.plan.reading.read import read_plan
from db.plan.vocabulary import FaultKind

HEAD = "某县行动方案（2024—2026年）\n一、主要任务\n"
KINDS = (FaultKind.REPEATED, FaultKind.PAST_DATE, FaultKind.INCONSISTENT)


def faults(*lines: str) -> list[tuple[str, str]]:
    reading = read_plan(pasted_document(HEAD + "\n".join(lines)), departments=load_catalogue().departments)
    text = reading.document.text
    found = [fault for fault in reading.catalogue.faults if fault.kind in KINDS]
    assert all(text[fault.start : fault.end] == fault.quote for fault in found)
    return [(str(fault.kind), fault.quote) for fault in found]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ("（一）监管。加强企业日常环境监督管理工作。（县环保局负责）",
                "（二）执法。加强企业日常环境监督管理工作。（县环保局负责）"),
            [("repeated", "加强企业日常环境监督管理工作")],
        ),
        (("（一）淘汰。2023年年底前完成12台锅炉淘汰。（县工信局负责）",), [("past_date", "2023年年底前")]),
        (("（一）矿山。治理2017年年底前关闭的矿山。（县自然资源局负责）",), []),
        (
            (
                "（一）目标。到2026年，清洁取暖率达到90%。（县住建局负责）",
                "（二）取暖。到2026年，清洁取暖率达到92%。（县住建局负责）",
            ),
            [("inconsistent", "到2026年，清洁取暖率达到92%")],
        ),
        (
            (
                "（一）目标。到2025年，清洁取暖率达到90%。（县住建局负责）",
                "（二）取暖。到2026年，清洁取暖率达到92%。（县住建局负责）",
            ),
            [],
        ),
    ],
)  # fmt: skip
def test_what_is_shown(lines: tuple[str, ...], expected: list[tuple[str, str]]) -> None:
    assert faults(*lines) == expected
