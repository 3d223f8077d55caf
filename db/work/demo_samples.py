"""Sample rows for any register, made from its definition alone: every register of the demo has something in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain
from types import MappingProxyType

from db.core.fields import Field, TableSchema, is_relevant, row_problems
from db.core.units import decimals_of
from db.core.values import Cell

_FIRST_DAY = date(2021, 4, 1)
_COORDINATES = {"longitude": Decimal("118.80"), "latitude": Decimal("36.88")}
_TRIES = 12


def sample_row(
    schema: TableSchema, common: Mapping[str, Cell], number: int, wanted: Mapping[str, Cell] = MappingProxyType({})
) -> dict[str, Cell]:
    """Return the `number`th sample: `common` as given, every other field that is asked for with a value it allows.

    Of these fields `wanted` are the values to be preferred.
    """
    title = f"演示：{schema.title}{number}"
    row = {**common, schema.initials_of: title, "content": f"{title}，内容和数字均为虚构。"}
    for place, field in enumerate(schema.fields):
        if field.name in row or field.ref or field.computed is not None or not is_relevant(field, row):
            continue
        first = [wanted[field.name]] if field.name in wanted else []
        for value in chain(first, _values(field, number, place), [None]):
            row[field.name] = value
            if value is None or field.name not in row_problems(schema, row):
                break
    return row


def _values(field: Field, number: int, place: int) -> Iterator[Cell]:
    """Yield values for the field, the most plausible first."""
    seed = number * 53 + place * 37
    if field.enum:
        yield from (field.enum[(number + place + each) % len(field.enum)] for each in range(len(field.enum)))
    elif field.type == "boolean":
        yield from (seed % 4 != 0, seed % 4 == 0)
    elif field.type == "year":
        yield Decimal(2021 + number % 2)
        yield Decimal(2010)
    elif field.type == "date":
        yield from (_FIRST_DAY + timedelta(days=seed % 300 + 100 * each) for each in range(_TRIES))
    elif field.is_number:
        amount = _COORDINATES.get(field.name, Decimal(seed % 400 + 20))
        step = Decimal(1).scaleb(-min(field.decimals, decimals_of(field.unit) if field.unit else 2))
        yield from ((amount / 2**each).quantize(step) for each in range(_TRIES))
        yield Decimal(0)
    elif field.pattern:
        yield from (word for word in re.findall(r"[0-9A-Za-z-]+", field.help) if re.fullmatch(field.pattern, word))
    elif field.check == "":
        # Numbered, since many of these texts (number plates, names of equipment) may be there only once.
        yield f"演示{field.title}{number}"[: field.max_length]
