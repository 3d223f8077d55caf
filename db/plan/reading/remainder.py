"""The numbers and times of a clause that no target took: with a reason, or to be shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from db.plan.model import Clause, LeftOut, NumberWord, Target
from db.plan.reading.drafts import Findings
from db.plan.reading.model import Leftover, LeftoverKind
from db.plan.reading.number_words import number_words
from db.plan.reading.numbers import Number, find_numbers
from db.plan.reading.phrases import table
from db.plan.reading.places import Places, bare
from db.plan.reading.roles import Role
from db.plan.reading.times import Role as TimeRole

Place = tuple[int, int]
_NEAR = 8
_LONGEST = 40
_TITLE = re.compile("《[^《》\n]*》|[〔\\[（(][0-9０-９]{4}[〕\\]）)][0-9０-９]*号?")
_NAME = re.compile("[A-Za-z][A-Za-z.\\-]{0,30}[0-9０-９][0-9０-９A-Za-z.]*|(?<![0-9.])[0-9]+[A-Z](?![A-Za-z])")
_MODEL_REASON = "物质、标准、道路或型号的名称，不是数量"
_TITLE_REASON = "文件的名称、编号，不是数量"
_QUOTED = re.compile("“[^“”0-9]{1,12}”")
_QUOTED_REASON = "引号里的名称，不是数量"
_BASE_REASON = "比较或说明用的年份、时期，不是期限"
_ORDER = re.compile("[（(][0-9一二三四五六七八九十]{1,3}[）)]|(?:^|(?<=[。；：\n]))[0-9]{1,2}[.．、](?![0-9])|[①-⑳]")


class Remainder:
    """What no target took in one clause, in the order of the text."""

    def __init__(self, clause: Clause, found: Findings, targets: Sequence[Target]) -> None:
        self._clause, self._text, self._found = clause, clause.text, found
        self._taken = bare((target.start, target.end) for target in targets)
        self._told = bare((target.start, target.end) for target in targets)
        self._times = bare((time.start, time.end) for time in found.times)
        self._amounts = Places((amount.start, amount.end, amount) for amount, _ in found.amounts)
        self._shown: set[int] = set()
        self.left_out: list[LeftOut] = []
        self.words: list[NumberWord] = []
        self.leftovers: list[Leftover] = []
        self._read()

    def _read(self) -> None:
        reasons = self._reasons()
        words = Places(number_words(self._text))
        for number in find_numbers(self._text):
            place = (number.start, number.end)
            if self._taken.around(*place):
                continue
            word = words.around(*place)
            if word is not None and not number.arabic:
                self.words.append(word[2])
                continue
            known = self._in_words(place) or reasons.around(*place)
            if known is not None:
                self._leave_out(*known, number)
            elif not self._times.around(*place):
                self._show(number)
        self._show_times(reasons)
        self.words += [
            word
            for start, end, word in number_words(self._clause.responsibility)
            if find_numbers(self._clause.responsibility[start:end])
        ]

    def _reasons(self) -> Places[str]:
        text = self._text
        found = [(hit.start(), hit.end(), _TITLE_REASON) for hit in _TITLE.finditer(text)]
        found += [(hit.start(), hit.end(), _MODEL_REASON) for hit in _NAME.finditer(text)]
        found += [(hit.start(), hit.end(), "列举的序号") for hit in _ORDER.finditer(text)]
        found += [(hit.start(), hit.end(), _QUOTED_REASON) for hit in _QUOTED.finditer(text)]
        for amount, role in self._found.amounts:
            if role is Role.DESCRIBING:
                start = _list_start(text, amount.start)
                found.append((start, amount.end, table("amounts", "describing")[amount.unit]))
        for time in self._found.times:
            if time.role is not TimeRole.DEADLINE:
                found.append((time.start, time.end, _BASE_REASON))
        return Places(found)

    def _in_words(self, place: Place) -> tuple[int, int, str] | None:
        """Return the words about a number in which it counts nothing, with the reason."""
        if place[1] - place[0] > _LONGEST:
            return None
        pattern, reasons = _patterns()
        for hit in pattern.finditer(self._text, max(0, place[0] - _NEAR), place[1] + _NEAR):
            if hit.start() <= place[0] and place[1] <= hit.end():
                return hit.start(), hit.end(), reasons[str(hit.lastgroup)]
        return None

    def _leave_out(self, start: int, end: int, reason: str, number: Number) -> None:
        """Leave a number out with the words about it, or alone where these reach into something told already."""
        if self._told.meets(start, end):
            start, end = number.start, number.end
        if not self._told.meets(start, end):
            self._told.add(start, end, None)
            self.left_out.append(LeftOut(self._clause.id, start, end, self._text[start:end], reason))

    def _show(self, number: Number) -> None:
        found = self._amounts.around(number.start, number.start + 1)
        self._add(LeftoverKind.NUMBER, *((found[2].first, found[2].last) if found else (number.start, number.end)))

    def _show_times(self, reasons: Places[str]) -> None:
        for time in self._found.times:
            place = (time.start, time.end)
            if time.role is TimeRole.DEADLINE and not (self._taken.around(*place) or reasons.around(*place)):
                self._add(LeftoverKind.DATE, *place)

    def _add(self, kind: LeftoverKind, start: int, end: int) -> None:
        offset = self._clause.start
        if start not in self._shown:
            self._shown.add(start)
            self.leftovers.append(Leftover(kind, self._clause.id, offset + start, offset + end, self._text[start:end]))


def _list_start(text: str, start: int) -> int:
    """Return where a figure begins that has another in front of it in the same list (110（35）千伏)."""
    begin = max(0, start - _LONGEST)
    hit = re.search("[0-9.]+[（(]$", text[begin:start])
    return begin + hit.start() if hit else start


@cache
def _patterns() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return the pattern of all texts in which a number counts nothing, and the reason of each of its groups."""
    number = "(?:[0-9０-９]+(?:/[0-9]+)?(?:[.．][0-9０-９]+)?|[零〇一二两三四五六七八九十百千万]+)"
    found = sorted(table("left_out").items(), key=lambda entry: -len(entry[0]))
    spelled = [f"(?P<r{place}>{re.escape(words)})" for place, (words, _) in enumerate(found)]
    reasons = {f"r{place}": str(reason) for place, (_, reason) in enumerate(found)}
    return re.compile("|".join(spelled).replace(r"\#", number)), reasons
