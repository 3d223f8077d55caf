"""What a piece of text commits to by its words, and how pieces belong together."""

from __future__ import annotations

import re
from enum import Enum
from functools import cache

from db.plan.reading import places
from db.plan.reading.phrases import any_of, beginning, ending, phrases, table

_MAGNITUDE = re.compile("(?:建设|打造|建成|布局).{0,80}[千百万亿](?:千瓦|吨|平方米|亩|元|辆|台|立方米)级")
# 要 and 应 as verbs: not those of 重要, 要求, 供应 and 应用.
OUGHT = re.compile("(?<![重主需必])要(?![求点素])|(?<![供响适])应(?![用急])")
_PARENTHESES = re.compile("（[^（）]*）|\\([^()]*\\)")


class Duty(Enum):
    """The kind of duty that words make."""

    PROHIBITION = "prohibition"
    RECURRING = "recurring"
    COUNTY = "county"
    ONCE = "once"
    FROM_ABOVE = "from_above"
    STANDING = "standing"


def duty_of(text: str) -> Duty | None:
    """Return the duty that the words of a piece of text make, None for none."""
    if not _any_duty().search(text):
        return None
    spans = [hit.span() for hit in phrases("duties", "no_duty").finditer(text)]
    not_meant = places.bare(spans) if spans else None
    for duty in Duty:
        hits = phrases("duties", duty.value).finditer(text)
        if any(not_meant is None or not not_meant.around(hit.start(), hit.start() + 1) for hit in hits):
            return duty
    return None


def is_always(text: str) -> bool:
    """Return whether the duty holds for ever, whatever date the sentence names (一律停产)."""
    return phrases("duties", "always").search(text) is not None


def duty_end(text: str) -> int:
    """Return where the word of standing duty in a piece of text ends, 0 when it has none."""
    hit = phrases("duties", "standing").search(text)
    return hit.end() if hit else 0


def is_from_above(text: str) -> bool:
    """Return whether the text leaves the task to a higher office (省下达, 省定, 国家、省部署)."""
    return phrases("duties", "from_above").search(text) is not None


def is_soft(text: str) -> bool:
    """Return whether the text only strives for it (力争)."""
    hit = phrases("duties", "soft").search(text)
    return hit is not None and phrases("duties", "not_soft").search(text) is None


def is_part(text: str) -> bool:
    """Return whether the text tells of a part of what was said before (其中), or of an exception to it."""
    return phrases("duties", "part").search(text) is not None


def is_manner(text: str) -> bool:
    """Return whether a piece of text opens with the manner of what follows (根据…部署)."""
    thing = ending("sentence", "topic_nouns").search(text) is not None
    return not thing and beginning("sentence", "manners").match(text) is not None


def is_final(text: str) -> bool:
    """Return whether the text closes all that its sentence named before (最终按照…执行)."""
    return phrases("duties", "final").search(text) is not None


def is_vague(text: str) -> bool:
    """Return whether the text wishes for something nobody can check (明显优化, 持续改善)."""
    return phrases("sentence", "vague").search(text) is not None


def arrives(text: str) -> bool:
    """Return whether the text is the bare end of some work (建成通车, 实现全线复航)."""
    return _arriving().fullmatch(text) is not None


def hands_over(text: str) -> bool:
    """Return whether the text ends with a thing to hand over (方案, 清单)."""
    return ending("sentence", "deliverables").search(text) is not None


def goes_on(text: str, *, standing: bool) -> bool:
    """Return whether the text goes on with the duty before it, which is a `standing` requirement or not."""
    if beginning("sentence", "continuations").match(text):
        return True
    return standing and beginning("sentence", "standing_continuations").match(text) is not None


def connective_end(text: str) -> int:
    """Return where the connectives at the start of the text end."""
    end = 0
    while hit := beginning("sentence", "connectives").match(text, end):
        end = hit.end()
    return end


def is_topic(text: str) -> bool:
    """Return whether a piece of text only says what the next one is about (重大项目建设, 对…车辆, 已建成…的)."""
    bare = _PARENTHESES.sub("", text)
    if ending("sentence", "topic_endings").search(bare) and not bare.endswith("目的"):
        return True
    if bare.startswith("对"):
        return phrases("sentence", "predicates").search(bare.rpartition("的")[2]) is None
    first = beginning("sentence", "verbs_first").match(bare)
    if first or not ending("sentence", "topic_nouns").search(bare):
        return False
    behind = bare.rpartition("的")[2]
    noun = ending("sentence", "topic_nouns").search(behind)
    assert noun is not None
    return phrases("sentence", "predicates").search(behind[: noun.start()]) is None


def is_bare_duty(text: str) -> bool:
    """Return whether only a word of duty stands before a topic (确保财政资金购买的车辆): its verb comes behind it."""
    return text.startswith("确保") and is_topic(text.removeprefix("确保"))


def has_words(text: str, section: str, key: str) -> bool:
    """Return whether any phrase of a list stands in the text."""
    return phrases(section, key).search(text) is not None


@cache
def _any_duty() -> re.Pattern[str]:
    return any_of(tuple(word for duty in Duty for word in table("duties", duty.value)))


@cache
def _arriving() -> re.Pattern[str]:
    words = "|".join(table("duties", "arriving"))
    return re.compile(f"(?:{words}){{1,4}}|实现[^，]{{2,6}}")


def magnitude(text: str) -> bool:
    """Return whether the text builds something of a certain magnitude (千万千瓦级基地)."""
    return _MAGNITUDE.search(text) is not None
