"""The numbers that Word puts before the paragraphs of an automatic list; they are not in the text of the file."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from db.plan.reading.numerals import CIRCLED, DIGITS, numeral
from db.plan.reading.ooxml import WordFile

_LEVELS = 9
_CHINESE = ("chineseCounting", "chineseCountingThousand", "ideographTraditional", "taiwaneseCountingThousand",
            "japaneseCounting", "koreanCounting", "taiwaneseCounting")  # fmt: skip


@dataclass(frozen=True)
class Level:
    """How one level of a list counts (`form` is Word's word for it) and what it writes: `（%1）`."""

    first: int = 1
    form: str = "decimal"
    pattern: str = ""


@dataclass
class Lists:
    """The lists of a document; `number` is to be asked once per paragraph, from the top."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    """levels of each abstract list, by its id"""
    abstract: dict[str, str] = field(default_factory=dict)
    """the abstract list of each list"""
    overrides: dict[str, dict[int, Level]] = field(default_factory=dict)
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)
    """list and level that a paragraph style brings with it"""
    _counts: dict[str, list[int | None]] = field(default_factory=dict)
    _begun: set[str] = field(default_factory=set)

    def number(self, style: str, list_id: str | None, level: int | None) -> str:
        """Return what Word shows before the paragraph ("（一）"), "" for nothing or a bullet."""
        of_style = self.styles.get(style, ("", 0))
        list_id = of_style[0] if list_id is None else list_id
        level = min(of_style[1] if level is None else level, _LEVELS - 1)
        name = self.abstract.get(list_id)
        if name is None:
            return ""
        own = self.overrides.get(list_id, {})
        counts = self._counts.setdefault(name, [None] * _LEVELS)
        if list_id not in self._begun:
            self._begun.add(list_id)
            for restarted in own:
                counts[restarted] = None
        levels = {**self.levels.get(name, {}), **own}
        before = counts[level]
        counts[level] = levels.get(level, Level()).first if before is None else before + 1
        counts[level + 1 :] = [None] * (_LEVELS - level - 1)
        return _written(levels, counts, level)


def _written(levels: dict[int, Level], counts: list[int | None], level: int) -> str:
    here = levels.get(level, Level())
    if here.form in ("bullet", "none"):
        return ""

    def count(place: re.Match[str]) -> str:
        index = int(place[1]) - 1
        at = levels.get(index, Level())
        value = counts[index]
        return _count(at.form, at.first if value is None else value)

    text = re.sub("%([1-9])", count, here.pattern)
    return text + "\u3000" if text[-1:].isdecimal() else text


def _count(form: str, value: int) -> str:
    if form in _CHINESE and 0 < value < 1000:
        return numeral(value)
    if form == "ideographDigital":
        return "".join(DIGITS[int(digit)] for digit in str(value))
    if form.startswith("decimalEnclosedCircle") and 0 < value <= len(CIRCLED):
        return CIRCLED[value - 1]
    if form == "decimalEnclosedParen":
        return f"（{value}）"
    if form in ("upperLetter", "lowerLetter") and 0 < value <= 26:
        return chr((65 if form == "upperLetter" else 97) + value - 1)
    return str(value)


def read_lists(word: WordFile) -> Lists:
    """Return the lists of a document, and the styles that number their paragraphs."""
    numbering, styles = _Numbering(), _Styles()
    word.parse("word/numbering.xml", numbering)
    word.parse("word/styles.xml", styles)
    of_styles = styles.resolved(numbering.style_levels)
    lists = Lists(numbering.levels, numbering.abstract, numbering.overrides, of_styles)
    for linked, abstract in list(lists.levels.items()):
        if not abstract and (style := numbering.links.get(linked)) is not None:
            lists.levels[linked] = next(
                (lists.levels[other] for other, named in numbering.named.items() if named == style), abstract
            )
    return lists


class _Numbering:
    """numbering.xml: abstract lists with their levels, and the lists that use them."""

    def __init__(self) -> None:
        self.levels: dict[str, dict[int, Level]] = {}
        self.abstract: dict[str, str] = {}
        self.overrides: dict[str, dict[int, Level]] = {}
        self.links: dict[str, str] = {}
        self.named: dict[str, str] = {}
        self.style_levels: dict[str, int] = {}
        self._abstract_id = ""
        self._list_id = ""
        self._at: int | None = None
        self._level: Level | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        value = attributes.get("w:val", "")
        match name:
            case "w:abstractNum":
                self._abstract_id, self._list_id = attributes.get("w:abstractNumId", ""), ""
                self.levels[self._abstract_id] = {}
            case "w:num":
                self._list_id = attributes.get("w:numId", "")
            case "w:abstractNumId" if self._list_id:
                self.abstract[self._list_id] = value
            case "w:numStyleLink":
                self.links[self._abstract_id] = value
            case "w:styleLink":
                self.named[self._abstract_id] = value
            case "w:lvlOverride" | "w:lvl":
                self._at = _small(attributes.get("w:ilvl"))
                self._level = Level()
            case _ if self._level is not None:
                self._detail(name, value)

    def _detail(self, name: str, value: str) -> None:
        assert self._level is not None
        if name == "w:start":
            self._level = replace(self._level, first=_small(value) or 0)
        elif name == "w:startOverride":
            base = self.levels.get(self.abstract.get(self._list_id, ""), {}).get(self._at or 0, Level())
            self._level = replace(base, first=_small(value) or 0)
        elif name == "w:pStyle":
            self.style_levels[value] = self._at or 0
        elif name == "w:numFmt":
            self._level = replace(self._level, form=value)
        elif name == "w:lvlText":
            self._level = replace(self._level, pattern=value)

    def end(self, name: str) -> None:
        if name in ("w:lvl", "w:lvlOverride") and self._level is not None and self._at is not None:
            place = self.overrides.setdefault(self._list_id, {}) if self._list_id else self.levels[self._abstract_id]
            place[self._at] = self._level
            self._level = None

    def data(self, text: str) -> None:
        """Nothing in this file is text."""


class _Styles:
    """styles.xml: which paragraph styles number their paragraphs, directly or by the style they are based on."""

    def __init__(self) -> None:
        self._own: dict[str, tuple[str | None, int | None]] = {}
        self._base: dict[str, str] = {}
        self._style = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        value = attributes.get("w:val", "")
        if name == "w:style":
            self._style = attributes.get("w:styleId", "")
            self._own[self._style] = (None, None)
        elif self._style and name == "w:basedOn":
            self._base[self._style] = value
        elif self._style and name == "w:numId":
            self._own[self._style] = (value, self._own[self._style][1])
        elif self._style and name == "w:ilvl":
            self._own[self._style] = (self._own[self._style][0], _small(value))

    def end(self, name: str) -> None:
        if name == "w:style":
            self._style = ""

    def data(self, text: str) -> None:
        """Nothing in this file is text."""

    def resolved(self, levels: dict[str, int]) -> dict[str, tuple[str, int]]:
        """Return list and level by style; `levels` are those that a list itself gives to a style."""
        found: dict[str, tuple[str, int]] = {}
        for style in self._own:
            list_id = self._inherited(style, lambda own: own[0])
            if list_id is not None:
                own_level = self._inherited(style, lambda own: own[1])
                found[style] = (str(list_id), int(own_level or levels.get(style, 0)))
        return found

    def _inherited(
        self, style: str, pick: Callable[[tuple[str | None, int | None]], str | int | None]
    ) -> str | int | None:
        seen: set[str] = set()
        while style in self._own and style not in seen:
            if (found := pick(self._own[style])) is not None:
                return found
            seen.add(style)
            style = self._base.get(style, "")
        return None


def _small(value: str | None) -> int | None:
    return min(int(value), 999) if value is not None and value.isascii() and value.isdigit() else None
