"""Names of departments and other bodies: the city's own by its list, those of any other place by how names end."""

from __future__ import annotations

import re
from collections.abc import Iterable

import resources
from db.plan.model import Department

WORDS = resources.load_toml("plan/responsibility.toml")
_NAME = re.compile("[\u4e00-\u9fff×ⅹ*＊0-9A-Za-z“”·—-]{1,26}")
_LONGEST = 40
_BRACKETS = re.compile("（[^（）]*）")
_OPEN_LIST = re.compile("等(?:[^、，；]{0,6}(?:部门|单位|企业|机构))?$")
_JOINED = re.compile("(?<=[局委办部心司行厅会院所区镇街])(?:以及|和|及|与)(?=.)")


def alternatives(words: Iterable[str]) -> str:
    """Return a pattern that matches any of `words`, the longest first."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"


_OFFICE = re.compile(alternatives(WORDS["offices"]["endings"]) + "$")
_PLACE = re.compile(alternatives(WORDS["offices"]["places"]) + "$")
_SENTENCE = re.compile(alternatives(WORDS["offices"]["not_in_names"]))


class Offices:
    """The bodies a plan may name. Names are returned as the catalogue has them, unknown ones as they stand."""

    def __init__(self, departments: Iterable[Department] = ()) -> None:
        self._known: dict[str, str] = {}
        self._faulty: dict[str, str] = {}
        for department in departments:
            self._known |= dict.fromkeys((department.name, department.full_name), department.name)
            self._faulty |= dict.fromkeys(department.spellings, department.name)

    @property
    def faulty(self) -> dict[str, str]:
        """Return the right name by each faulty spelling."""
        return self._faulty

    def name_of(self, text: str, *, places: bool, anything: bool = False) -> str | None:
        """Return the name of the body that `text` names; None when it names none.

        `places` takes towns and counties too; `anything`, behind 责任单位：, whatever is short enough to be a name.
        """
        if found := self._known.get(text) or self._faulty.get(text):
            return found
        bare = _BRACKETS.sub("", text)
        if not _NAME.fullmatch(bare) or len(text) > _LONGEST or _SENTENCE.search(text):
            return None
        if len(bare) > 1 and (_OFFICE.search(bare) or (places and _PLACE.search(bare)) or anything):
            return text
        return None


def split_names(text: str) -> tuple[list[str], bool]:
    """Return the names in a list (市发改委、市工信局和市财政局等部门), and whether it goes on with 等."""
    open_list = _OPEN_LIST.search(text)
    if open_list:
        text = text[: open_list.start()]
    names = [name for piece in _outside_brackets(text) for name in _JOINED.split(piece)]
    return [name for name in names if name], open_list is not None


def _outside_brackets(text: str) -> list[str]:
    """Split at 、 and / and spaces, but not within brackets: 各镇（街道、区）."""
    pieces, depth = [""], 0
    for character in text:
        depth += (character == "（") - (character == "）")
        if character in "、/／ \n\t" and depth <= 0:
            pieces.append("")
        else:
            pieces[-1] += character
    return pieces
