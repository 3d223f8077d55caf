"""A condition on one row (`db.core.expressions`) as SQL, for counting rows and for computed columns.

Amounts are whole micro-units there, so sums and differences are exact; products and quotients are refused. The SQL
holds no parameters: a computed column could not have any.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from db.core.coercion import YES
from db.core.dates import parse_date
from db.core.errors import DataProblem
from db.core.expressions import COMPARISONS, Binary, Empty, Literal, Name, Node, Not, Selected
from db.core.fields import Field, TableSchema
from db.core.values import to_micro
from db.store.connection import quoted

Column = Callable[[Field], str]
_YEAR_TO_MICRO = 1_000_000


def expression_sql(node: Node, schema: TableSchema, column: Column) -> str:
    """Return the SQL; `column` spells a field's column. DataProblem for a product or quotient of amounts."""
    return _Writer(schema, column).sql(node)


def own_column(field: Field) -> str:
    """Return the column of `field` as its own table names it."""
    return quoted(field.name)


class _Writer:
    def __init__(self, schema: TableSchema, column: Column) -> None:
        self._schema, self._column = schema, column

    def sql(self, node: Node) -> str:
        match node:
            case Name(name):
                field = self._schema.field(name)
                return f"({self._column(field)} * {_YEAR_TO_MICRO})" if field.type == "year" else self._column(field)
            case Literal(value):
                return _literal(value)
            case Empty(name):
                return self._empty(self._schema.field(name))
            case Selected(name, choices):
                return self._selected(self._schema.field(name), choices)
            case Not(inner):
                return f"(NOT {self.sql(inner)})"
            case Binary("and" | "or" as word, left, right):
                return f"({self.sql(left)} {word.upper()} {self.sql(right)})"
            case Binary(sign, left, right) if sign in COMPARISONS:
                return f"({self._side(left, right)} {'<>' if sign == '!=' else sign} {self._side(right, left)})"
            case Binary("+" | "-" as sign, left, right):
                return f"({self.sql(left)} {sign} {self.sql(right)})"
        raise DataProblem("这里只能用加和减。", advice="请去掉乘号和除号。", code="expression.product")

    def _side(self, node: Node, other: Node) -> str:
        """Return one side of a comparison, a text as the date or the yes or no that it is compared with."""
        if isinstance(node, Literal) and isinstance(node.value, str) and isinstance(other, Name):
            field = self._schema.field(other.name)
            if field.type == "date":
                return _literal(parse_date(node.value).isoformat())
            if field.type == "boolean":
                return _literal(node.value == YES)
        return self.sql(node)

    def _empty(self, field: Field) -> str:
        states = self._column(field).removesuffix(quoted(field.name)) + "states"
        path = _literal(f'$."{field.name}"')
        return f"({self._column(field)} IS NULL AND json_extract({states}, {path}) IS NULL)"

    def _selected(self, field: Field, choices: tuple[str, ...]) -> str:
        listed: list[str | bool] = [c == YES for c in choices] if field.type == "boolean" else list(choices)
        return f"({self._column(field)} IS NOT NULL AND {self._column(field)} IN ({', '.join(map(_literal, listed))}))"


def _literal(value: Decimal | str | bool) -> str:
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, Decimal):
        return str(to_micro(value))
    return "'" + value.replace("'", "''") + "'"
