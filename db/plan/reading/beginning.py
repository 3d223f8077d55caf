"""Where the plan begins: its title, behind whatever notice, covering letter and table of contents come before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from db.plan.reading.markers import Form, marker_of

_BRACKETS = "(?:[（(〔\\[][^（()）〔〕\\[\\]]*[)）〕\\]])*"
_PLAN = re.compile(
    f"(?:方案|计划|要点|规划|意见|办法|措施|规定|细则|纲要|安排|行动|任务书|工作任务|(?:任务|责任|重点工作)?(?:分解|分工)(?:方案|表)?|任务清单){_BRACKETS}$"
)
_NOTICE = re.compile(f"(?:通知|通告|公告|公示|函|批复|启事|说明|报告|请示|简报){_BRACKETS}$")
_BRACKET_LINE = re.compile("[（(][^（()）]*[)）]")
_DATE = re.compile(
    "[（(]?(?:[0-9]{4}|[〇○零一二三四五六七八九]{4})年[0-9一二三四五六七八九十]{1,2}月[0-9一二三四五六七八九十]{1,3}日[)）]?(?:印发)?"
)
_NUMBER_OF_PAPER = re.compile(".{0,12}[〔\\[（(［][0-9]{4}[〕\\])）］]\\s*第?[0-9]{1,4}号")
_OF_PAGE = re.compile("当前位置|首页|来源：|浏览次数|发布时间|字体：|打印|索引号|>")
_LONGEST = 60
_MOST_LINES = 4


@dataclass(frozen=True)
class Line:
    """A line of the document without the white space around it."""

    start: int
    end: int
    text: str
    after_blank: bool


@dataclass(frozen=True)
class Beginning:
    """The plan's title ("" when none was found) with its place, and the index of the first line after it."""

    title: str
    title_start: int
    title_end: int
    body: int


def lines_of(text: str) -> list[Line]:
    """Return the lines that hold more than white space."""
    found: list[Line] = []
    place, blank = 0, True
    for raw in text.split("\n"):
        body = raw.strip()
        if body:
            start = place + raw.index(body)
            found.append(Line(start, start + len(body), body, blank))
        blank = not body
        place += len(raw) + 1
    return found


def find_beginning(lines: Sequence[Line]) -> Beginning:
    """Return where the plan begins: at the first title of a plan that headings follow.

    Headings of the notice do not count: a notice's own title ends with 通知, 通告, 函 and the like.
    """
    titles = _titles(lines)
    plans = [title for title in titles if _PLAN.search(title.title) and not _NOTICE.search(title.title)]
    ends = [*(title.body for title in plans), len(lines)][1:]
    weights = [_headings(lines[title.body : end]) for title, end in zip(plans, ends, strict=False)]
    for title, weight in zip(plans, weights, strict=True):
        if weight >= 2:
            return title
    if plans:
        return plans[weights.index(max(weights))]
    if titles:
        return Beginning(_named(titles[0].title), titles[0].title_start, titles[0].title_end, titles[0].body)
    return Beginning("", 0, 0, 0)


def is_date(line: str) -> bool:
    """Return whether the line is nothing but the day a paper was signed or printed."""
    return _DATE.fullmatch(re.sub(r"\s", "", line)) is not None


def is_number_of_paper(line: str) -> bool:
    """Return whether the line is nothing but a document number (潍政办字〔2022〕5号)."""
    return _NUMBER_OF_PAPER.fullmatch(line) is not None


def _titles(lines: Sequence[Line]) -> list[Beginning]:
    """Return every run of short lines that reads like the title of a paper."""
    found: list[Beginning] = []
    index = 0
    while index < len(lines):
        title = _title_from(lines, index)
        if title is None:
            index += 1
        else:
            found.append(title)
            index = title.body
    return found


def _title_from(lines: Sequence[Line], index: int) -> Beginning | None:
    first = lines[index]
    if not _may_be_title(first.text):
        return None
    best: Beginning | None = None
    text = ""
    for at in range(index, min(index + _MOST_LINES, len(lines))):
        line = lines[at]
        bracket = _BRACKET_LINE.fullmatch(line.text) is not None and not is_date(line.text)
        if at > index and ((line.after_blank and not bracket) or not (_may_be_title(line.text) or bracket)):
            break
        text += line.text
        if len(text) > 2 * _LONGEST:
            break
        if _PLAN.search(text) or _NOTICE.search(text):
            best = Beginning(text, first.start, line.end, at + 1)
    return best


def _may_be_title(line: str) -> bool:
    return (
        len(line) <= _LONGEST
        and line[-1] not in "。；：:;!！"
        and not line.startswith(("附件", "附：", "附表", "抄送", "（此件", "（此页"))
        and "。" not in line
        and "\t" not in line
        and marker_of(line) is None
        and not is_date(line)
        and not is_number_of_paper(line)
        and not _OF_PAGE.search(line)
    )


def _headings(lines: Sequence[Line]) -> int:
    found = [marker for line in lines if (marker := marker_of(line.text)) is not None]
    return sum(1 for marker in found if marker.form <= Form.FIGURE)


def _named(notice: str) -> str:
    """Return the plan that a notice hands out (关于印发《…》的通知), the notice's own title when it names none."""
    named = re.search("《(.+)》", notice)
    return named[1] if named else notice
