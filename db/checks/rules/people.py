"""Who is responsible, and whether they can be called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from db.checks.context import Context
from db.checks.row_rules import RowCheck, Test
from db.checks.rulebook import Rule
from db.core.fields import TableSchema
from db.store.filters import column

_MOBILE = "1[3-9]" + "[0-9]" * 9


def wrong_phone(ctx: Context, rule: Rule, schema: TableSchema) -> Iterator[Test]:
    """A telephone number that cannot be one (`db.core.coercion.phone_from`)."""
    for field in schema.fields:
        if field.check == "phone":
            own = column(field)
            # Most are mobile numbers, and asking for the others alone is much faster.
            sql = f"{own} IS NOT NULL AND {own} NOT GLOB '{_MOBILE}' AND NOT sijian_phone({own})"
            yield Test(rule, sql, field.name, found=f"{{{field.name}}}")


def wrong_credit_code(ctx: Context, rule: Rule, schema: TableSchema) -> Iterable[Test]:
    """A credit code whose length, characters or check digit are wrong (GB 32100)."""
    if schema.name != "enterprise":
        return []
    return [Test(rule, "t.credit_code IS NOT NULL AND NOT sijian_credit_code(t.credit_code)", rule.field)]


ROWS: dict[str, RowCheck] = {"W01": wrong_phone, "W07": wrong_credit_code}
