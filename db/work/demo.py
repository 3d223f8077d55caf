"""The demo county: 寿光市 with the real plan and towns, and sample enterprises, quotas, breakdown and projects.

Everything invented is labelled 演示 where people see it. The amounts are a fixed share of the city's own, so that they
have the right size; nothing in them is a real assignment.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from db.core.credit_code import check_digit, organisation_check_digit
from db.core.fields import load_schema
from db.core.values import Cell
from db.plan.catalogue import load_catalogue
from db.store import attachments, records
from db.store.county import County
from db.store.operation import Operation
from db.work.county_settings import save_contacts
from db.work.demo_breakdown import DemoPlaces, break_down, give_responsibility, set_demo_quotas, towns_by_register
from db.work.demo_facts import HOME, Facts, demo_facts
from db.work.demo_projects import project_rows
from db.work.setup import new_county, town_id

_CONTACTS = {"leader": "演示负责人", "clerk": "演示经办人", "clerk_phone": "0536-9000001"}


def build_demo(folder: Path, county: str = HOME) -> None:
    """Make the demo county in the new folder `folder`; EnvironmentProblem when there is a county already.

    `county` is the key of one of the counties that `demo.json` has.
    """
    facts = demo_facts(county)
    catalogue = load_catalogue()
    with new_county(folder, county=county, author=facts["author"], sample=True) as made:
        with made.operation("填入演示联系人") as op:
            save_contacts(op, _CONTACTS)
        with made.operation("填入演示企业") as op:
            places = _add_enterprises(op, facts)
        with made.operation("填入演示县级目标") as op:
            set_demo_quotas(op, catalogue, facts)
        with made.operation("填入演示任务分解") as op:
            break_down(op, catalogue, facts, places)
            give_responsibility(op, catalogue, facts, places)
        with made.operation("填入演示项目") as op:
            done: dict[str, list[str]] = {}
            homes = towns_by_register(catalogue, facts, places)
            for register, rows in project_rows(facts, places, homes):
                ids = records.insert_many(op, load_schema(register), rows)
                done[register] = [row_id for row_id, row in zip(ids, rows, strict=True) if row.get("completed_on")]
        with made.operation("添加演示佐证") as op:
            _add_evidence(op, made, done)


def _add_evidence(op: Operation, county: County, done: dict[str, list[str]]) -> None:
    """Give every project that is finished a proof file that says what it is, all but one of the key projects."""
    with TemporaryDirectory() as folder:
        for register, row_ids in (done | {"key_project": done["key_project"][1:]}).items():
            schema = load_schema(register)
            file = Path(folder) / f"演示佐证（{schema.title}）.txt"
            file.write_text(f"演示佐证：{schema.title}。内容为虚构，只供试用。\n", encoding="utf-8")
            for row_id in row_ids:
                attachments.add(op, county, schema.table, row_id, file, "演示：完成情况")


def demo_credit_code(number: int, county: str = HOME) -> str:
    """Return a code that passes the check of GB 32100 but whose organisation part, 0000…, was given to nobody."""
    body = f"{number:08d}"
    first = f"91{county}{body}{organisation_check_digit(body)}"
    return first + check_digit(first)


def _add_enterprises(op: Operation, facts: Facts) -> DemoPlaces:
    schema = load_schema("enterprise")
    rows: list[dict[str, Cell]] = []
    for number, entry in enumerate(facts["enterprises"], 1):
        rows.append(
            {
                "credit_code": demo_credit_code(number, facts["county"]),
                "name": entry["name"],
                "town_id": town_id(entry["town"]),
                "industry": entry["industry"],
                "contact": f"演示联系人{number:02d}",
                "phone": f"0536-9000{number:03d}",
                "note": "演示数据，不是真实企业。",
            }
        )
    ids = records.insert_many(op, schema, rows)
    industries: dict[str, list[str]] = {}
    firms: dict[str, str] = {}
    for row_id, entry in zip(ids, facts["enterprises"], strict=True):
        industries.setdefault(entry["industry"], []).append(row_id)
        firms.setdefault(town_id(entry["town"]), row_id)
    return DemoPlaces(
        towns=dict(op.conn.execute("SELECT code, id FROM town WHERE deleted_at IS NULL ORDER BY code").fetchall()),
        enterprises={entry["name"]: row_id for row_id, entry in zip(ids, facts["enterprises"], strict=True)},
        departments=dict(op.conn.execute("SELECT city_name, id FROM department WHERE deleted_at IS NULL").fetchall()),
        industries=industries,
        firms=firms,
    )
