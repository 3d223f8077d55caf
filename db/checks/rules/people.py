"""Who is responsible, and whether they can be called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from db.checks.context import NOTHING, Context
from db.checks.model import Issue
from db.checks.row_rules import RowCheck, Test
from db.checks.rulebook import Rule
from db.core.fields import TableSchema
from db.store.filters import column

_MOBILE = "1[3-9]" + "[0-9]" * 9
_HAS_TASKS = (
    "EXISTS (SELECT 1 FROM assignment a WHERE a.assignee_id = t.id AND a.deleted_at IS NULL AND a.{missing} IS NULL)"
)
_COUNTY = {"leader": "分管负责人", "clerk": "经办人", "clerk_phone": "经办人电话"}


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
    if schema.name not in rule.tables:
        return []
    return [Test(rule, "t.credit_code IS NOT NULL AND NOT sijian_credit_code(t.credit_code)", rule.field)]


def _nobody(missing: str) -> RowCheck:
    def check(ctx: Context, rule: Rule, schema: TableSchema) -> Iterable[Test]:
        if schema.name not in rule.tables:
            return []
        own = column(schema.field(rule.field))
        return [Test(rule, f"coalesce(trim({own}), '') = '' AND {_HAS_TASKS.format(missing=missing)}", rule.field)]

    return check


def county_contacts(ctx: Context, rule: Rule) -> Iterator[Issue]:
    """Who answers in the county office: what the letter is signed with."""
    lacking = [title for name, title in _COUNTY.items() if not ctx.county.contacts[name].strip()]
    if lacking:
        found = f"{'、'.join(lacking)}是{NOTHING}的"
        yield ctx.issue(rule, "setting", "contacts", found=found, expected=rule.expected, place=ctx.county.name)


ROWS: dict[str, RowCheck] = {
    "W01": wrong_phone,
    "W04": _nobody("responsible"),
    "W06": _nobody("phone"),
    "W07": wrong_credit_code,
}
WHOLE: dict[str, Callable[[Context, Rule], Iterator[Issue]]] = {"W09": county_contacts}
