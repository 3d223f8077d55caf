"""Who is responsible: what a parenthesis (（市工信局牵头，市发改委等部门配合）) or a line (责任单位：…) says."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from db.plan.reading.offices import WORDS, Offices, alternatives, split_names
from db.plan.vocabulary import Mode

Role = Literal["lead", "duty", "cooperate"]

_ROLES: dict[str, Role] = {word: role for role in ("lead", "duty", "cooperate") for word in WORDS["roles"][role]}
_LABELS: dict[str, Role] = {word: role for role in ("lead", "duty", "cooperate") for word in WORDS["labels"][role]}
_ROLE = re.compile(alternatives(_ROLES))
DEADLINE = re.compile(f"{alternatives(WORDS['labels']['deadline'])}(?:为|是)?[：:]")
LABEL = re.compile(f"(?P<label>{alternatives(_LABELS)})(?:为|是)?[：:]")
_GOVERNED = f"(?:(?:、|和|及|以及|与)?{alternatives(WORDS['counties']['governed_by'])})*"
COUNTIES = re.compile(f"(?:全市)?各(?:有关|相关)?{alternatives(WORDS['counties']['names'])}(?![局委办级直]){_GOVERNED}")
_ALL = "[县市州区镇]|部门|单位"
_RULE = re.compile(f"(?:(?<=[，；])|^)(?:以下|下列|具体|各项|其他)[^，；。]{{0,10}}均[^，；。]*(?:{_ALL})[^。]*")
_WHEN = re.compile("(?:到|于)?(?:[0-9]{4}年|[0-9]{1,2}月|年底|每[年季月]|全年|长期|持续|常态|即时)")
_OPENING = re.compile("^(?:[一二三四五六七八九十]是)?(?:(?:以上|上述|本条)[^，、]{0,6}?)?(?:由|请)(?=.{3})")
_FOLDED = str.maketrans("(,:;[]［］〔〕【】﹙﹚)", "（，：；（）（）（）（）（））")
_PAIRS = {"（": "）)", "(": ")）", "〔": "〕", "[": "]］", "［": "］]", "【": "】"}
_CLOSING = "）)〕]］】"
_MARK = re.compile(f"[{re.escape(''.join(_PAIRS) + _CLOSING)}]")
_LONGEST = 600
_LONGEST_LINE = 200
_PARTED = re.compile("(?<=[局委办部心司行厅会院所府站队])[ \u3000]+(?=[\u4e00-\u9fff])(?!牵头|负责|配合|按|等|和|及)")
_LEADER = re.compile("（(?:总?牵头|主办|主责)(?:单位|部门)?）$")
_TOGETHER = re.compile("会同|联合")


@dataclass(frozen=True)
class Responsibility:
    """Who is responsible for a clause; `rule` is a sentence about all clauses, `unread` what was not understood."""

    mode: Mode
    leads: tuple[str, ...]
    cooperators: tuple[str, ...]
    counties_named: bool
    list_open: bool
    rule: str
    unread: tuple[str, ...]


@dataclass
class _Reader:
    """Reads phrase by phrase; names without a word of their own wait for the one that follows."""

    offices: Offices
    groups: dict[Role, list[str]] = field(default_factory=lambda: {"lead": [], "duty": [], "cooperate": []})
    waiting: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    label: Role | None = None
    counties: bool = False
    open_list: bool = False
    explicit: bool = False
    by_duty: bool = False
    by_when: bool = False

    def phrase(self, phrase: str) -> None:
        if DEADLINE.match(phrase) or _WHEN.match(phrase):
            self._give("duty")
            self.by_when = DEADLINE.match(phrase) is not None
            return
        if found := LABEL.match(phrase):
            self._give("duty")
            self.label, self.explicit, self.by_when = _LABELS[found["label"]], True, False
            phrase = phrase[found.end() :]
        if self.by_when:
            return
        phrase = _OPENING.sub("", phrase)
        place = 0
        for role in _ROLE.finditer(phrase):
            if role.start() < place or _within_brackets(phrase, role.start()):
                continue
            self._names(phrase[place : role.start()])
            self.explicit = True
            self.by_duty |= "分工" in role[0] or "各自" in role[0]
            if self.waiting or not self.counties:
                self._give(_ROLES[role[0]])
            place = role.end()
        self._names(phrase[place:])
        if self.label is not None:
            self._give(self.label)

    def _names(self, text: str) -> None:
        before, text = text, COUNTIES.sub("、", text)
        self.counties |= before != text
        text = re.sub("(?:以及|及|和|与)、|、(?:以及|及|和|与)", "、", text)
        if together := _TOGETHER.search(text):
            self._names(text[: together.start()])
            self._give("lead")
            self._names(text[together.end() :])
            self._give("cooperate")
            return
        names, is_open = split_names(text)
        self.open_list |= is_open
        for name in names:
            leader = _LEADER.search(name)
            bare = name[: leader.start()] if leader else name
            known = self.offices.name_of(bare, places=True, anything=self.label is not None)
            if known is None:
                self.unread.append(name)
            elif leader:
                self.groups["lead"].append(known)
            else:
                self.waiting.append(known)

    def _give(self, role: Role) -> None:
        self.groups[role] += [name for name in self.waiting if name not in self.groups[role]]
        self.waiting = []

    def result(self, rule: str) -> Responsibility | None:
        bare = bool(self.waiting)
        self._give("duty")
        lead, duty, cooperate = (tuple(self.groups[role]) for role in ("lead", "duty", "cooperate"))
        if not (lead or duty or cooperate or self.counties):
            return None
        if not self.explicit and (self.unread or not bare):
            return None
        if (
            self.label is None
            and sum(map(len, self.unread)) > sum(map(len, (*lead, *duty, *cooperate))) + 8 * self.counties
        ):
            return None
        if lead:
            cooperate = tuple(name for name in dict.fromkeys(duty + cooperate) if name not in lead)
        else:
            lead = duty
        by_duty = not self.groups["lead"] and (self.by_duty or len(lead) != 1 or lead[0].startswith("各"))
        mode = _mode(bool(lead), bool(cooperate), by_duty)
        return Responsibility(mode, lead, cooperate, self.counties, self.open_list, rule, tuple(self.unread))


def _mode(leads: bool, cooperators: bool, by_duty: bool) -> Mode:
    if cooperators:
        return Mode.BY_DUTY_AND_COOPERATE if by_duty else Mode.LEAD_AND_COOPERATE
    if leads:
        return Mode.BY_DUTY if by_duty else Mode.LEAD
    return Mode.COUNTIES


def read_responsibility(text: str, offices: Offices) -> Responsibility | None:
    """Return what `text` says about who is responsible; None when it is about something else.

    `text` is a parenthesis with its brackets, several side by side, or a line such as 牵头单位：…；配合单位：….
    """
    folded = re.sub("[ \t\u3000\u00a0]", "", _PARTED.sub("、", text)).translate(_FOLDED).rstrip("。；，.\n")
    folded = folded.replace("）（", "，")
    while "（" in folded and _closing(folded, 0, len(folded)) == len(folded) - 1:
        folded = folded[1:-1]
    found = _RULE.search(folded.replace("。", "，"))
    body, rule = (folded[: found.start()], folded[found.start() :].rstrip("。")) if found else (folded, "")
    body = body.replace("。", "，")
    reader = _Reader(offices)
    for phrase in _phrases(body):
        reader.phrase(phrase)
    return reader.result(rule)


def is_responsibility(text: str) -> bool:
    """Return whether `text` as a whole says who is responsible, in whatever city."""
    if len(text) > _LONGEST_LINE:
        return False
    found = read_responsibility(text, Offices())
    return found is not None and not found.unread and len(text) > 3


def _phrases(body: str) -> list[str]:
    """Split at commas, semicolons and line ends outside brackets, and before every label."""
    pieces, depth = [""], 0
    for character in body:
        depth += (character == "（") - (character == "）")
        if character in "，；\n" and depth <= 0:
            pieces.append("")
        else:
            pieces[-1] += character
    return [phrase for piece in pieces for phrase in _before_labels(piece) if phrase]


def _before_labels(piece: str) -> list[str]:
    starts = [0, *(found.start() for found in LABEL.finditer(piece) if found.start()), len(piece)]
    return [piece[start:end] for start, end in pairwise(starts)]


def _within_brackets(text: str, place: int) -> bool:
    return text.count("（", 0, place) > text.count("）", 0, place)


def _closing(text: str, start: int, end: int) -> int:
    """Return where the bracket that opens at `start` closes, -1 when nothing opens or it stays open."""
    if text[start] not in _PAIRS:
        return -1
    depth = 0
    for mark in _MARK.finditer(text, start, min(end, start + _LONGEST)):
        depth += 1 if mark[0] in _PAIRS else -1
        if depth <= 0:
            return mark.start() if mark.start() > start else -1
    return -1


def brackets(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the places of the outermost parentheses between `start` and `end`, of whatever kind and width."""
    opened: list[int] = []
    pairs: list[tuple[int, int]] = []
    for mark in _MARK.finditer(text, start, end):
        if mark[0] in _PAIRS:
            opened.append(mark.start())
        elif opened and (begin := opened.pop()) + _LONGEST > mark.start():
            while pairs and pairs[-1][0] > begin:
                pairs.pop()
            pairs.append((begin, mark.end()))
    return pairs
