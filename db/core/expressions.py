"""The small language of conditions on one row: `x-relevant`, `x-constraint`, `x-computed` and what rows count.

    planned > 0 and (stage = '未启动' or not selected(disposal, '关停', '转移'))

Names of fields (also `${name}`; `.` is the field the condition belongs to), numbers, texts in quotes, `true`, `false`;
`= != < <= > >=`, `and or not`, `+ - * /`, brackets, `selected(field, 'a', 'b')`, `empty(field)`. `field = ''` is
`empty(field)`. There is nothing else: no call, no pattern, no loop, so a condition from outside can do no harm.

    parse(text, itself="") -> Node        DataProblem says at which character it goes wrong
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import NoReturn

from db.core.errors import DataProblem

LONGEST, DEEPEST = 1000, 40

COMPARISONS = ("=", "!=", "<=", ">=", "<", ">")
SUMS, PRODUCTS = ("+", "-"), ("*", "/")


@dataclass(frozen=True)
class Name:
    """The value of a field of the row."""

    name: str


@dataclass(frozen=True)
class Literal:
    """A number, a text, or a yes or no."""

    value: Decimal | str | bool


@dataclass(frozen=True)
class Binary:
    """`left` and `right` joined by a comparison, an arithmetical sign, `and` or `or`."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Not:
    """The opposite of a condition."""

    inner: Node


@dataclass(frozen=True)
class Selected:
    """Whether the field holds one of the texts; a field that holds nothing holds none of them."""

    name: str
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Empty:
    """Whether the field holds nothing (未报); a state is an answer."""

    name: str


Node = Name | Literal | Binary | Not | Selected | Empty

_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]{1,15}(?:\.[0-9]{1,6})?)"
    r"|(?P<text>'[^'\x00-\x1f]*'|\"[^\"\x00-\x1f]*\")"
    r"|(?P<name>\$\{\s*[a-z][a-z0-9_]*\s*\}|[a-z][a-z0-9_]*)"
    r"|(?P<sign><=|>=|!=|[=<>+\-*/(),.]))"
)
_WORDS = ("and", "or", "not", "true", "false")


@lru_cache(maxsize=1024)
def parse(text: str, itself: str = "") -> Node:
    """Return what `text` says; `.` stands for the field `itself`. DataProblem names the place of the fault."""
    if len(text) > LONGEST:
        raise DataProblem(f"条件有{len(text)}个字，最多{LONGEST}个字。", advice="请缩短。", code="expression.length")
    return _Parser(text, itself).whole()


def names(node: Node) -> Iterator[str]:
    """Yield the name of every field that the node asks for."""
    match node:
        case Name(name) | Selected(name) | Empty(name):
            yield name
        case Binary(_, left, right):
            yield from names(left)
            yield from names(right)
        case Not(inner):
            yield from names(inner)


def spell(node: Node) -> str:
    """Return the node as text that `parse` reads as the same node."""
    match node:
        case Name(name):
            return name
        case Literal(value):
            if isinstance(value, bool):
                return "true" if value else "false"
            return f"{value:f}" if isinstance(value, Decimal) else _spelt(value)
        case Binary(sign, left, right):
            return f"({spell(left)} {sign} {spell(right)})"
        case Not(inner):
            return f"not({spell(inner)})"
        case Selected(name, choices):
            return f"selected({', '.join((name, *map(_spelt, choices)))})"
        case Empty(name):
            return f"empty({name})"


def _spelt(text: str) -> str:
    return f'"{text}"' if "'" in text else f"'{text}'"


class _Parser:
    """Goes through the text once, from left to right."""

    def __init__(self, text: str, itself: str) -> None:
        self._text, self._itself = text, itself
        self._place = self._start = 0
        self._depth = 0
        self._kind = self._token = ""
        self._next()

    def whole(self) -> Node:
        node = self._or()
        if self._kind:
            self._fail("这里多出了内容")
        return node

    def _next(self) -> None:
        found = _TOKEN.match(self._text, self._place)
        self._start = self._place
        if found is None:
            if self._text[self._place :].strip():
                self._start = self._place + len(self._text[self._place :]) - len(self._text[self._place :].lstrip())
                self._fail("这里不认得")
            self._kind = self._token = ""
            return
        self._kind = found.lastgroup or ""
        self._token = found.group(self._kind)
        self._start, self._place = found.start(self._kind), found.end()
        if self._kind == "name":
            self._token = self._token.strip("${} ")
            if self._token in _WORDS and "$" not in found.group("name"):
                self._kind = "word"

    def _fail(self, what: str) -> NoReturn:
        raise DataProblem(
            f"条件“{self._text}”第{self._start + 1}个字：{what}。",
            advice="请对照填写说明修改。",
            code="expression",
        )

    def _take(self, kind: str, *tokens: str) -> str:
        """Return the token and go on when it is one of these, else ""."""
        if self._kind == kind and self._token in tokens:
            token = self._token
            self._next()
            return token
        return ""

    def _expect(self, sign: str) -> None:
        if not self._take("sign", sign):
            self._fail(f"这里应是“{sign}”")

    def _or(self) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            self._fail("括号套得太多")
        node = self._and()
        while self._take("word", "or"):
            node = Binary("or", node, self._and())
        self._depth -= 1
        return node

    def _and(self) -> Node:
        node = self._not()
        while self._take("word", "and"):
            node = Binary("and", node, self._not())
        return node

    def _not(self) -> Node:
        turns = 0
        while self._take("word", "not"):
            turns += 1
            if turns > DEEPEST:
                self._fail("not 太多")
        node = self._comparison()
        for _ in range(turns):
            node = Not(node)
        return node

    def _comparison(self) -> Node:
        left = self._sum()
        sign = self._take("sign", *COMPARISONS)
        if not sign:
            return left
        right = self._sum()
        if isinstance(left, Name) and right == Literal("") and sign in ("=", "!="):
            return Empty(left.name) if sign == "=" else Not(Empty(left.name))
        return Binary(sign, left, right)

    def _sum(self) -> Node:
        node = self._product()
        while sign := self._take("sign", *SUMS):
            node = Binary(sign, node, self._product())
        return node

    def _product(self) -> Node:
        node = self._primary()
        while sign := self._take("sign", *PRODUCTS):
            node = Binary(sign, node, self._primary())
        return node

    def _primary(self) -> Node:
        kind, token = self._kind, self._token
        if kind == "number":
            self._next()
            return Literal(Decimal(token))
        if kind == "text":
            self._next()
            return Literal(token[1:-1])
        if self._take("word", "true", "false"):
            return Literal(token == "true")
        if self._take("sign", "."):
            if not self._itself:
                self._fail("这里不能用“.”")
            return Name(self._itself)
        if self._take("sign", "("):
            node = self._or()
            self._expect(")")
            return node
        if kind != "name":
            self._fail("这里应是字段名、数、文字或括号" if kind else "条件没有写完")
        self._next()
        return self._call(token) if self._kind == "sign" and self._token == "(" else Name(token)

    def _call(self, function: str) -> Node:
        if function not in ("selected", "empty"):
            self._fail(f"没有“{function}”这个函数，只有 selected 和 empty")
        self._expect("(")
        name = self._itself if self._kind == "sign" and self._token == "." else self._token
        if self._kind != "name" and not (name and self._token == "."):
            self._fail("这里应是字段名")
        self._next()
        choices: list[str] = []
        while function == "selected" and self._take("sign", ","):
            if self._kind != "text":
                self._fail("这里应是引号中的选项")
            choices.append(self._token[1:-1])
            self._next()
        self._expect(")")
        if function == "selected" and not choices:
            self._fail("selected 要写出选项")
        return Selected(name, tuple(choices)) if function == "selected" else Empty(name)
