"""Walking through a clause sentence by sentence: which stretches of text are targets, and what governs each.

A draft has the place of its quote, its nature, its amount and the time that governs it. How it is counted and what it
is called is decided afterwards.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice

from db.plan.reading import duties
from db.plan.reading.amounts import Amount, find_amounts
from db.plan.reading.duties import Duty
from db.plan.reading.number_words import number_words
from db.plan.reading.numbers import Number
from db.plan.reading.places import Places, between
from db.plan.reading.roles import Role, criterion_place, role_of, things_end
from db.plan.reading.sentences import Piece, sentences, sheltered_in, trimmed
from db.plan.reading.stretches import reference_place, split_places
from db.plan.reading.times import Role as TimeRole
from db.plan.reading.times import Time, find_times
from db.plan.vocabulary import Nature

# How far the words reach that tell what an amount is for, how many earlier figures one list has, and how far back a
# whole stands before its part: more than any plan has, so that a hostile text costs no more than an honest one.
_EARSHOT = 200
_CYCLE = re.compile("每(?:半?年|季度?|月|周)(?:度)?(?:[0-9]{1,2}月)?(?:[0-9]{1,2}日)?(?:底|末)?(?:之?前|以前)")
_HEADLINE = re.compile("(?:总体要求|主要目标|工作目标|总体目标|基本原则|工作要点|主要任务)(?:是|为)$")
_MOST_BASES = 20
_MOST_BACK = 100


@dataclass(eq=False)
class Draft:
    """A target in the making; places count from the start of the clause's text."""

    start: int
    end: int
    nature: Nature
    sentence: int
    amount: Amount | None = None
    baseline: Amount | None = None
    base_year: int | None = None
    time: Time | None = None
    soft: bool = False
    named: bool = False
    county: bool = False
    opens: int = 0
    whole: Draft | None = None
    place_in_list: int = 0
    list_length: int = 1


@dataclass
class Findings:
    """What was found in one clause."""

    drafts: list[Draft]
    times: list[Time]
    amounts: list[tuple[Amount, Role]]
    bare: list[Number]


@dataclass
class _Sentence:
    """Where the walk through one sentence stands."""

    start: int
    drafts: list[Draft] = field(default_factory=list)
    time: Time | None = None
    dated: bool = False
    soft: bool = False
    pending: int | None = None
    last: Draft | None = None
    skipped: Piece | None = None
    part: int = 0
    is_part: bool = False
    from_above: bool = False
    county: int | None = None
    cycle: Duty | None = None


def read_clause(text: str, *, begins: date, ends: date) -> Findings:
    """Return everything found in a clause's text."""
    times = find_times(text, begins=begins, ends=ends)
    words = [(start, end) for start, end, _ in number_words(text)]
    amounts, bare = find_amounts(text, [*((time.start, time.end) for time in times), *words])
    found = Findings([], times, [], bare)
    clause = _Clause(text, amounts, times, sheltered_in(text))
    for pieces in sentences(text):
        _Walk(clause, found, _Sentence(pieces[0].start)).through(pieces)
    found.drafts.sort(key=lambda draft: (draft.start, -draft.end))
    return found


class _Clause:
    """A clause's text with its amounts and times in their order, and what stands in quotation marks and brackets."""

    def __init__(self, text: str, amounts: Sequence[Amount], times: Sequence[Time], sheltered: Places[None]) -> None:
        self.text, self._amounts, self._times, self._sheltered = text, amounts, times, sheltered
        self._amount_starts = [amount.start for amount in amounts]
        self._time_starts = [time.start for time in times]

    def amounts(self, start: int, end: int) -> Sequence[Amount]:
        """Return the amounts that begin between two places."""
        return self._amounts[between(self._amount_starts, start, end)]

    def times(self, start: int, end: int) -> Sequence[Time]:
        """Return the times that begin between two places."""
        return self._times[between(self._time_starts, start, end)]

    def is_sheltered(self, start: int, end: int) -> bool:
        """Return whether a stretch stands in quotation marks, brackets or book title marks."""
        return self._sheltered.around(start, end) is not None


class _Walk:
    """One walk through the pieces of a sentence."""

    def __init__(self, clause: _Clause, found: Findings, state: _Sentence) -> None:
        self.text, self.clause, self.found, self.state = clause.text, clause, found, state

    def through(self, pieces: Sequence[Piece]) -> None:
        for piece in pieces:
            if piece.part != self.state.part:
                self.state.part = piece.part
                self.state.pending = self.state.last = self.state.skipped = None
                self.state.dated = self.state.soft = False
            self._piece(piece)
        self.found.drafts += self.state.drafts

    def _piece(self, piece: Piece) -> None:
        state = self.state
        roles = self._roles(piece)
        time = self._note_time(piece)
        if duties.is_final(piece.text):
            self._close(piece)
            return
        if self._only_opens(piece, time, roles):
            return
        wanted = [(amount, role) for amount, role in roles if role in (Role.WANTED, Role.NAMED)]
        begin = self._begin(piece, time)
        duty, skipped = duties.duty_of(piece.text) or state.cycle, None
        if state.county is not None or duty is Duty.COUNTY:
            self._county(piece, begin)
        elif wanted:
            self._amounts(piece, begin, roles, duty)
        elif self._goes_on(piece, duty):
            assert state.last is not None
            state.last.end = piece.end
        elif duty is not None or state.dated or state.from_above or duties.magnitude(piece.text):
            state.last = self._add(begin, piece.end, self._nature(duty, piece.text))
        else:
            state.last = None
            skipped = piece
        self._others(piece, begin, roles, time)
        state.pending, state.skipped, state.is_part, state.from_above = None, skipped, False, False
        state.cycle = None

    def _roles(self, piece: Piece) -> list[tuple[Amount, Role]]:
        roles = []
        for amount in self.clause.amounts(piece.start, piece.end):
            start, end = max(piece.start, amount.start - _EARSHOT), min(piece.end, amount.last + _EARSHOT)
            role = role_of(amount, self.text, start, end, self.clause.times(start, end))
            inside = self.clause.is_sheltered(amount.start, amount.end)
            roles.append((amount, Role.NONE if inside and role is not Role.DESCRIBING else role))
        roles = _listed(self.text, roles)
        self.found.amounts += roles
        return roles

    def _note_time(self, piece: Piece) -> Time | None:
        """Note the time that governs from this piece on, and return it when it stands in the piece."""
        for time in self.clause.times(piece.start, piece.end):
            if time.end > piece.end or time.role is not TimeRole.DEADLINE:
                continue
            if self.clause.is_sheltered(time.start, time.end):
                continue
            behind = self.text[time.end : time.end + 1]
            counts = bool(self.clause.amounts(time.end + 1, time.end + 2))
            if time.start > piece.start and behind in ("的", "度") and not counts:
                continue
            self.state.time, self.state.dated = time, True
            self.state.soft = duties.is_soft(self.text[piece.start : time.start])
            return time
        return None

    def _only_opens(self, piece: Piece, time: Time | None, roles: list[tuple[Amount, Role]]) -> bool:
        state = self.state
        begin = piece.start + duties.connective_end(piece.text)
        is_part = piece.text.startswith("其中")
        state.is_part = state.is_part or is_part
        rest = piece.text[duties.connective_end(piece.text) :]
        if time is not None:
            rest = (self.text[begin : time.start] + self.text[time.end : piece.end]).strip()
        if _CYCLE.fullmatch(rest) or _HEADLINE.search(rest):
            state.cycle = Duty.RECURRING if _CYCLE.fullmatch(rest) else None
            state.pending = begin if state.cycle else None
            return True
        bare = rest in ("", "至", "于", "在") or (time is not None and duties.is_soft(rest) and len(rest) <= 4)
        if not bare:
            if any(role in (Role.WANTED, Role.NAMED) for _, role in roles) or state.county is not None:
                return False
            duty = duties.duty_of(rest)
            manner = duties.is_manner(rest)
            if not (duties.is_bare_duty(rest) or (duties.is_topic(rest) and (duty is None or manner))):
                return False
            state.from_above = state.from_above or duty is Duty.FROM_ABOVE
            if manner and duty is not Duty.FROM_ABOVE and time is None:
                self._others(piece, piece.start, roles, time)
                return True
        elif time is None and not is_part:
            return True
        if state.pending is None:
            state.pending = piece.start if is_part or bare else begin
        self._others(piece, piece.start, roles, time)
        return True

    def _begin(self, piece: Piece, time: Time | None) -> int:
        state = self.state
        if state.pending is not None:
            return state.pending
        if piece.text.startswith("其中"):
            return piece.start
        if time is not None and time.start == piece.start and state.skipped is not None:
            work = state.skipped
            if duties.arrives(self.text[time.end : piece.end]):
                return work.start + duties.connective_end(work.text)
        return piece.start + duties.connective_end(piece.text)

    def _nature(self, duty: Duty | None, text: str) -> Nature:
        if duty is Duty.PROHIBITION:
            return Nature.PROHIBITION
        if duty is Duty.RECURRING:
            return Nature.RECURRING
        if duty is Duty.STANDING and (not self.state.dated or duties.is_always(text)):
            return Nature.STANDING_REQUIREMENT
        return Nature.TARGET

    def _goes_on(self, piece: Piece, duty: Duty | None) -> bool:
        last = self.state.last
        if last is None or duty in (Duty.PROHIBITION, Duty.RECURRING) or self.state.pending is not None:
            return False
        if duties.goes_on(piece.text, standing=last.nature is Nature.STANDING_REQUIREMENT):
            return True
        both_vague = duties.is_vague(self.text[last.start : last.end]) and duty is None
        return both_vague and last.amount is None and self.state.dated

    def _add(self, start: int, end: int, nature: Nature, **more: object) -> Draft:
        state = self.state
        start, end = trimmed(self.text, start, end)
        draft = Draft(start, end, nature, state.start, opens=start)
        if nature is Nature.TARGET:
            draft.time = state.time
        draft.soft = duties.is_soft(self.text[start:end]) or (state.soft and nature is Nature.TARGET)
        for name, value in more.items():
            setattr(draft, name, value)
        if nature is Nature.TARGET and (state.is_part or duties.is_part(self.text[start:end])):
            draft.whole = self._whole(draft)
        state.drafts.append(draft)
        return draft

    def _whole(self, draft: Draft) -> Draft | None:
        """Return the target that `draft` is a part of: the one before it in the clause, in the same unit."""
        nearest = chain(reversed(self.state.drafts), reversed(self.found.drafts))
        for other in islice(nearest, _MOST_BACK):
            if other.nature is not Nature.TARGET:
                continue
            if draft.amount is None or (other.amount is not None and other.amount.unit == draft.amount.unit):
                return other.whole or other
        return None

    def _amounts(self, piece: Piece, begin: int, roles: list[tuple[Amount, Role]], duty: Duty | None) -> None:
        wanted = [(amount, role) for amount, role in roles if role in (Role.WANTED, Role.NAMED)]
        nature = self._nature(_duty_of_amounts(duty, piece.text, wanted[0][0]), piece.text)
        places = split_places(self.text, begin, piece, [amount for amount, _ in wanted])
        if nature is Nature.STANDING_REQUIREMENT and len(wanted) > 1:
            places[0] = (begin + duties.duty_end(self.text[begin : wanted[0][0].start]), places[0][1])
        if nature is Nature.PROHIBITION and len(wanted) > 1:
            self.state.last = self._add(begin, piece.end, nature)
            return
        times = self._times_of_list(begin, wanted[0][0].start)
        sharing = Counter(places)
        bases = [one for one, kind in roles if kind is Role.BASELINE][:_MOST_BASES]
        for number, ((amount, role), (start, end)) in enumerate(zip(wanted, places, strict=True)):
            together = sharing[start, end]
            self.state.last = self._add(
                start,
                end,
                nature,
                amount=amount,
                named=role is Role.NAMED,
                opens=begin if number == 0 else start,
                baseline=next((one for one in bases if start <= one.start < amount.start), None),
                base_year=self._base_year(start, end),
                place_in_list=number if together > 1 else 0,
                list_length=together,
            )
            if nature is Nature.TARGET and len(times) == together > 1:
                self.state.last.time = times[number]

    def _times_of_list(self, start: int, end: int) -> list[Time]:
        """Return the times of a list of amounts that belong to them one by one (2022年、2023年分别)."""
        return [time for time in self.clause.times(start, end) if time.role is TimeRole.DEADLINE]

    def _base_year(self, start: int, end: int) -> int | None:
        for time in self.clause.times(start, end):
            if time.role is TimeRole.BASELINE and time.end <= end:
                return time.year
        return None

    def _county(self, piece: Piece, begin: int) -> None:
        """Take a duty laid on the counties to its end: one target up to each thing to hand over, one for the rest."""
        state = self.state
        if state.county is not None and state.last is not None and not duties.hands_over(self._quote(state.last)):
            state.last.end = piece.end
            return
        state.county = begin
        state.last = self._add(begin, piece.end, Nature.TARGET, county=True)

    def _close(self, piece: Piece) -> None:
        state = self.state
        named = [draft for draft in state.drafts if draft.nature is Nature.TARGET and draft.amount is None]
        for draft in named:
            draft.end = piece.end
        if state.pending is not None or not named:
            self._add(state.pending if state.pending is not None else piece.start, piece.end, Nature.TARGET)
        state.pending = state.last = None

    def _others(self, piece: Piece, begin: int, roles: list[tuple[Amount, Role]], time: Time | None) -> None:
        """Add what decides or describes: amounts that say which things are meant, and times before the plan."""
        for amount, role in roles:
            if role is Role.CRITERION:
                start, end = criterion_place(amount, self.text, piece.start, piece.end)
                if self.text[amount.last : piece.end] == "的":
                    start = begin
                self._add(start, end, Nature.CRITERION, amount=amount)
            elif role is Role.REFERENCE:
                start, end = reference_place(self.text, amount, begin, piece)
                self._add(start, end, Nature.REFERENCE, amount=amount)
        for other in self.clause.times(piece.start, piece.end):
            if other.role is TimeRole.OTHER and other.day is not None:
                end = things_end(self.text, other.end, piece.end)
                self._add(other.start, end, Nature.CRITERION)

    def _quote(self, draft: Draft) -> str:
        return self.text[draft.start : draft.end]


def _listed(text: str, roles: list[tuple[Amount, Role]]) -> list[tuple[Amount, Role]]:
    """Return the roles; what one list names beside an amount that is wanted is wanted too (甲9200户、乙12300户)."""
    for place in range(len(roles) - 2, -1, -1):
        (amount, role), (after, wanted) = roles[place], roles[place + 1]
        listed = amount.arabic and amount.unit == after.unit and text[amount.last : amount.last + 1] == "、"
        if role is Role.NONE and wanted is Role.WANTED and listed:
            roles[place] = (amount, wanted)
    return roles


def _duty_of_amounts(duty: Duty | None, text: str, first: Amount) -> Duty | None:
    """Return the duty that holds for amounts: so much a year and 确保…达到95% are targets all the same."""
    if duty is Duty.RECURRING and first.unit not in ("次", "场", "期"):
        return None
    return None if duty is Duty.STANDING and re.search("确保|(?:必须|应当|务必)达到", text) else duty
