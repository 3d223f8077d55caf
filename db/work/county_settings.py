"""What the county file knows of itself: which county, which plan, and who answers for what is reported.

county_facts(conn) -> CountyFacts
save_contacts(op, values) -> None             the fields of CONTACTS; others stay as they are
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from db.core.fields import Field
from db.store.operation import Operation

CONTACTS = (
    Field("office", "填报机构", max_length=80, help="报送材料上的落款，如“寿光市‘四减四增’专班办公室”。"),
    Field("leader", "分管负责人", max_length=40, help="对上报数据负责的领导。", personal=True),
    Field("leader_phone", "负责人电话", max_length=40, check="phone", personal=True),
    Field("clerk", "经办人", max_length=40, help="填报和报送的人；每一步操作都记在这个名字下。", personal=True),
    Field("clerk_phone", "经办人电话", max_length=40, check="phone", help="市里有疑问时打这个电话。", personal=True),
    Field("address", "办公地址", max_length=200),
)
"""The fields that a clerk fills in, in order; each is a setting of its own."""

_BY_NAME = {field.name: field for field in CONTACTS}


@dataclass(frozen=True)
class CountyFacts:
    """The county's key (a division code, or a name where it has none), its name, the plan's edition, the contacts."""

    code: str
    name: str
    plan_version: str
    contacts: dict[str, str]

    @property
    def office(self) -> str:
        """Return who signs what the county writes: the office that was filled in, else the one the plan asks for."""
        return self.contacts["office"] or f"{self.name}“四减四增”工作专班办公室"


def county_facts(conn: sqlite3.Connection) -> CountyFacts:
    """Return what the file says of itself; a contact that was never filled in is ""."""
    found = dict(conn.execute("SELECT id, coalesce(value, '') FROM setting WHERE deleted_at IS NULL"))
    return CountyFacts(
        code=found.get("county_code", ""),
        name=found.get("county_name", ""),
        plan_version=found.get("plan_version", ""),
        contacts={field.name: found.get(field.name, "") for field in CONTACTS},
    )


def save_contacts(op: Operation, values: Mapping[str, str]) -> None:
    """Keep the given contacts, read as typed; DataProblem for an impossible one, KeyError for an unknown field."""
    for name, text in values.items():
        field = _BY_NAME[name]
        kept = field.csv(field.parse(text)) or None
        op.conn.execute(
            "INSERT INTO setting (id, value, created_at) VALUES (?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET value = excluded.value, deleted_at = NULL",
            (name, kept, op.at),
        )
