"""What a target is called and where it holds: words of the text, shortened for the plan tree."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache
from itertools import pairwise, takewhile

from db.core.units import family_of
from db.plan.reading import duties
from db.plan.reading.drafts import Draft
from db.plan.reading.phrases import beginning, ending, phrases, table
from db.plan.reading.sentences import sheltered_in
from db.plan.reading.times import Time
from db.plan.vocabulary import Nature

LONGEST = 20
_CHANGED = re.compile("(下降|降低|减少|提升|提高|增长)(?:了|率)?$")
_UNSAID = re.compile("(?:达到|较|比|完成|实现|淘汰|关停|新增|建成|剩余|力争|全部|[0-9]{4}年|提高|减少|下降|增长|增加)+")
_LONGEST_SCOPE = 40
_EARSHOT = 200
_PARENTHESES = re.compile("（[^（）]*）|\\([^()]*\\)")
_LIST_FIRST = re.compile("^(?:[对在以][^，、（）的]+|[^，、（）的]{1,6})(?:、[^，、（）]+)+等(?=[^，、]{4,})")
_WHOLE_IN = re.compile(
    "([^，、。]{2,30}?(?:园区|地区|区域|区|车辆|项目|企业)(?:（[^（）]*）)?)[中内](?=.*(?:占|比例|比重|率))"
)
_DONE = re.compile("^((?:关停|退出|淘汰|整治|治理|改造|压减|削减|拆除|更新|接纳|安装|整合)+)(?![并和及、])(.+)$")
_MEASURED_BY = re.compile("(?:重点工程|新能源|清洁能源)?[^、]{0,2}(?:量|率|比例|占比|比重|浓度|面积|强度)$")
_MADE = re.compile("^((?:新增|新建|新培育|培育|完成|建成|建设|打造|创建|推广|累计|认定|引进|实施|发展)+)$")


def name_of(draft: Draft, text: str, times: list[Time]) -> str:
    """Return the indicator of the target in its clause's `text`: 2 to 20 characters."""
    if draft.nature in (Nature.CRITERION, Nature.REFERENCE):
        name = _kind_name(draft, text)
    elif draft.amount is not None:
        name = _amount_name(draft, text, times)
    else:
        name = _duty_name(draft, text, times)
    return shortened(name if len(name) >= 2 else text[draft.start : draft.end])


def goes_on_from(draft: Draft, name: str, before: Draft | None, its_name: str) -> bool:
    """Return whether a target with this name only says how much, of what the target before it is (达到260万吨)."""
    if draft.amount is None or before is None or before.amount is None or draft.nature is not before.nature:
        return False
    noun = _noun(draft.amount.unit)
    bare = _UNSAID.sub("", name.removesuffix(noun) if noun else name)
    if re.fullmatch("[0-9.]*|幅|降幅|增幅", bare.removesuffix(draft.amount.unit)) is None:
        return False
    share = ("%", "个百分点")
    same = draft.amount.unit == before.amount.unit or draft.amount.unit in share or before.amount.unit in share
    return same and ending("naming", "measured").search(its_name) is not None


def scope_of(draft: Draft, text: str, times: list[Time]) -> str:
    """Return where or for whom the target holds: its topic, the place in front of it, or the whole city."""
    return _scope(draft, text, times) or str(table("naming", "everywhere"))


def _scope(draft: Draft, text: str, times: list[Time]) -> str:
    if draft.nature is Nature.CRITERION:
        start = draft.amount.last if draft.amount else draft.start
        return shortened(text[start : draft.end].removeprefix("的"), _LONGEST_SCOPE)
    if draft.county:
        return str(table("naming", "counties"))
    pieces = _pieces(_without_times(min(draft.start, draft.opens), draft.end, text, times))
    amount = draft.amount
    if draft.named and amount is not None:
        before = text[max(0, amount.start - _EARSHOT) : amount.start]
        if ending("amounts", "owners").search(before):
            return _stripped(_without_times(draft.start, amount.start, text, times))
    if len(pieces) > 1 and _opens(pieces[0]) and not duties.is_manner(pieces[0]):
        topic = _actor(pieces[0]) or re.sub("^对|^确保|中$", "", pieces[0])
        return shortened(_PARENTHESES.sub("", topic), _LONGEST_SCOPE)
    predicate = pieces[0] if pieces else ""
    place = place_of(predicate) or _within(predicate)
    if not place and (draft.amount is None or draft.start > draft.opens):
        place = _actor(predicate)
    return place or place_of(predicate[duties.duty_end(predicate) :])


def place_of(text: str) -> str:
    """Return the place or kind of place that `text` begins with, "" for none; 我市 is 全市."""
    hit = beginning("naming", "scopes").match(_stripped(text))
    return str(table("naming", "ours").get(hit[0], hit[0])) if hit else ""


def _within(text: str) -> str:
    """Return the whole of which the text measures a part (在用车辆中…占比, 化工园区内…比重), "" for none."""
    hit = _WHOLE_IN.match(text)
    return _PARENTHESES.sub("", hit[1]) if hit else ""


def _actor(text: str) -> str:
    """Return who is to act or what is acted on: what stands before the first verb of duty, when it is a thing."""
    bare = _PARENTHESES.sub("", text)
    hits = [hit.start() for hit in (phrases("naming", "acts").search(bare, 2), duties.OUGHT.search(bare, 2)) if hit]
    before = bare[: min(hits)].removeprefix("对") if hits else ""
    if not before or len(before) > _LONGEST_SCOPE or not ending("sentence", "topic_nouns").search(before):
        return ""
    new = before.startswith(("新建", "新增"))
    return "" if not new and beginning("sentence", "verbs_first").match(before) else before


def shortened(text: str, longest: int = LONGEST) -> str:
    """Return `text` in at most `longest` characters: without parentheses and lists, then with … for what is missing."""
    if len(text) > longest:
        text = _PARENTHESES.sub("", text)
    if len(text) > longest:
        text = _LIST_FIRST.sub("", text)
    if len(text) > longest:
        text = _pieces(text)[0] if _pieces(text) else text
    if len(text) <= longest:
        return text
    duty = phrases("duties", "standing").match(text) or phrases("duties", "prohibition").match(text)
    tail = re.split("[的等]", text)[-1]
    if duty and 4 <= len(tail) <= longest - len(duty[0]) - 1:
        return f"{duty[0]}…{tail}"
    tail = text.rpartition("的")[2]
    if not duty and 6 <= len(tail) <= longest:
        return tail
    return text[: longest - 1] + "…"


def _amount_name(draft: Draft, text: str, times: list[Time]) -> str:
    amount = draft.amount
    assert amount is not None
    end = draft.baseline.start if draft.baseline else amount.first
    before = _without_times(draft.start, end, text, times)
    before = "，".join(_pieces(before)[-1:]) or before
    others = rf"(?:[0-9.]+{re.escape(amount.unit)}[、和及]?)+$"
    if draft.list_length > 1:
        before = re.sub(others, "", _of_list(before, draft))
    whole = _stripped(before)
    subject = _bare(_without_scope(whole))
    behind = text[amount.last : draft.end]
    if draft.list_length > 1:
        behind = re.sub(rf"^(?:[、和及][0-9.]+{re.escape(amount.unit)})+(?:及?以[上下内]|左右)?", "", behind)
    behind = _thing_behind(behind)
    change = _CHANGED.search(whole)
    if change and not ending("naming", "measured").search(subject):
        if amount.unit not in ("%", "个百分点"):
            subject += change[1]
        elif subject and not behind:
            return subject + ("降幅" if change[1] in table("amounts.change", "down") else "增幅")
    if draft.named:
        owner = phrases("amounts", "owners").search(subject)
        return _worked(behind if owner else subject + behind)
    if not subject:
        return behind or _noun(amount.unit)
    if _MADE.match(subject):
        return subject + (behind or _noun(amount.unit))
    if behind:
        return f"{subject}{behind}{'率' if amount.unit == '%' and len(behind) <= 4 else ''}"
    done = _DONE.match(subject)
    if done and not ending("naming", "measured").search(subject):
        subject = done[2] + done[1]
    subject = re.sub("(新增|新建)完成", r"\1", subject)
    return subject if ending("naming", "measured").search(subject) else subject + _noun(amount.unit)


def _of_list(before: str, draft: Draft) -> str:
    """Return the one of 甲、乙、丙分别 that the amount belongs to."""
    subjects = re.split("、|以及|和", re.split("分别", before)[0])
    if len(subjects) < draft.list_length:
        return before
    subject = subjects[len(subjects) - draft.list_length + draft.place_in_list]
    shared = _MEASURED_BY.search(subjects[-1])
    return subject if shared is None or ending("naming", "measured").search(subject) else subject + shared[0]


def _thing_behind(behind: str) -> str:
    found = re.split("[，；。]|、(?=[0-9])|的“", behind)[0].removeprefix("的")
    return "" if len(found) < 2 else _PARENTHESES.sub("", found)


def _duty_name(draft: Draft, text: str, times: list[Time]) -> str:
    pieces = _pieces(_without_times(draft.start, draft.end, text, times))
    if not pieces:
        return text[draft.start : draft.end]
    closing = [piece for piece in pieces if duties.is_final(piece)]
    kept = [piece for piece in pieces if piece not in closing] or pieces
    opening = list(takewhile(_opens, kept[:-1]))
    named = next((piece for piece in kept if phrases("naming", "names_itself").search(piece)), "")
    chosen = named or (kept[len(opening)] if opening else kept[0])
    if re.match("重点围绕|围绕|以", chosen):
        chosen = kept[-1]
    if draft.nature in (Nature.PROHIBITION, Nature.STANDING_REQUIREMENT):
        return _with_topic(chosen, opening, draft.nature)
    if len(kept) > 1 and duties.arrives(kept[-1]):
        chosen = re.sub("(建设|工程)$", "", _cleared(kept[-2])) + kept[-1].removeprefix("实现")
    name = _without_scope(_cleared(chosen)) or chosen
    if draft.nature is Nature.RECURRING and re.match("末|于|[0-9]|前", name):
        return text[draft.start : draft.end]
    done = _DONE.match(name)
    if done and not duties.is_from_above(name) and len(name) <= LONGEST:
        name = done[2] + done[1]
    return _bare(name) if named else _worked(name)


def _with_topic(chosen: str, opening: list[str], nature: Nature) -> str:
    """Return a requirement with what it is about in front, a prohibition with it behind 严禁, where there is room."""
    if not opening:
        return chosen
    topic = _PARENTHESES.sub("", opening[-1])
    head = re.sub("^对", "", topic).rpartition("的")[2] or topic
    if nature is Nature.PROHIBITION and (hit := phrases("duties", "prohibition").match(chosen)):
        joined = f"{hit[0]}{head}{chosen[hit.end() :]}"
    else:
        joined = head + chosen
    return joined if len(joined) <= LONGEST else chosen


def _cleared(text: str) -> str:
    return _stripped(phrases("naming", "set_elsewhere").sub("", _stripped(text)))


def _worked(text: str) -> str:
    """Return the name without 完成 in front and 工作 behind it."""
    hit = ending("naming", "work").search(text)
    return text[: hit.start()] if hit and hit.start() >= 4 else text


def _kind_name(draft: Draft, text: str) -> str:
    amount = draft.amount
    if amount is None:
        return re.split("的|内", text[draft.start : draft.end])[-1]
    behind = re.split("以及|和", text[amount.last : draft.end].removeprefix("的"))[0]
    before = text[draft.start : amount.first]
    if draft.nature is Nature.REFERENCE:
        return behind or before if amount.first == draft.start else _pieces(text[draft.start : draft.end])[0]
    return f"{behind}{_bare(before) or _noun(amount.unit)}"


def _noun(unit: str) -> str:
    return str(table("naming", "nouns").get(family_of(unit) or "", "次数" if unit.endswith("次") else ""))


def _opens(text: str) -> bool:
    return duties.is_topic(text) or duties.is_bare_duty(text) or duties.is_manner(text)


def _without_times(start: int, end: int, text: str, times: list[Time]) -> str:
    kept, place = [], start
    for time in times[bisect_left(times, start, key=_begin) : bisect_left(times, end, key=_begin)]:
        if time.end <= end:
            kept.append(text[place : time.start])
            place = time.end
    kept.append(text[place:end])
    return re.sub("^其中，?|^，|(?<=，)，", "", "".join(kept)).strip("，、； ")


def _begin(time: Time) -> int:
    return time.start


def _pieces(text: str) -> list[str]:
    sheltered = sheltered_in(text)
    cuts = [hit.start() for hit in re.finditer("[，；]", text) if not sheltered.around(*hit.span())]
    edges = [-1, *cuts, len(text)]
    return [piece for a, b in pairwise(edges) if (piece := text[a + 1 : b].strip())]


def _without_scope(text: str) -> str:
    hit = beginning("naming", "wholes").match(text)
    return text[hit.end() :] if hit and len(text) - hit.end() >= 2 else text


def _stripped(text: str) -> str:
    while hit := beginning("naming", "empty_before").match(text):
        text = text[hit.end() :]
    return text


def _bare(text: str) -> str:
    while hit := _behind().search(text):
        text = text[: hit.start()]
    return text.strip("，、")


@cache
def _behind() -> re.Pattern[str]:
    return ending("naming", "empty_behind")
