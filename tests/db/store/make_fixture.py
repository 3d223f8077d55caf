"""Makes `tests/fixtures/schema-<n>/county.db`, the file that a program of schema n leaves behind.

Run once per schema version, before its release: python -m tests.db.store.make_fixture
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from db.plan.catalogue import load_catalogue
from db.plan.catalogue_file import catalogue_text
from db.store import journal
from db.store.connection import SCHEMA_VERSION
from db.store.county import County
from tests.db.store import counties

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


def file_of(version: int) -> Path:
    """Return the fixture of schema `version`."""
    return FIXTURES / f"schema-{version}" / "county.db"


def main() -> None:
    """Write the fixture of the present schema; an existing one is never overwritten."""
    target = file_of(SCHEMA_VERSION)
    if target.exists():
        raise SystemExit(f"{target} exists: a released schema does not change")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder)
        target.parent.mkdir(parents=True)
        shutil.copyfile(folder / "county.db", target)


def make(folder: Path) -> None:
    """Make a county with some of everything in `folder`."""
    with County.create(
        folder, county_code="370783", county_name="寿光市", plan_version="2021-2023", author="张三"
    ) as county:
        with county.operation("新建清单", undoable=False) as op:
            op.conn.execute(
                "CREATE TABLE register_sample (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT,"
                " investment INTEGER, states TEXT NOT NULL DEFAULT '{}', created_at TEXT NOT NULL DEFAULT '',"
                " deleted_at TEXT) STRICT"
            )
            journal.install(op.conn, "register_sample")
            op.conn.execute(
                "INSERT INTO register_definition (id, name, edition, title, descriptor)"
                " VALUES ('definition', 'sample', 1, '样例清单', '{\"name\": \"sample\"}')"
            )
        with county.operation("新增镇街") as op:
            op.conn.execute("INSERT INTO reporting_unit (id, code, name) VALUES ('unit', '370783', '寿光市')")
            op.conn.executemany(
                "INSERT INTO town (id, code, name, unit_id, population) VALUES (?, ?, ?, 'unit', ?)",
                [("t1", "370783001", "圣城街道", 120_000_000_000), ("t2", "370783110", "羊口镇", None)],
            )
            op.conn.execute("INSERT INTO department (id, name, city_name) VALUES ('d', '寿光市发改局', '市发改委')")
            op.conn.execute("INSERT INTO enterprise (id, name, town_id) VALUES ('e', '样例企业', 't2')")
        with county.operation("下达县级目标") as op:
            op.conn.execute("INSERT INTO task_scope (id, task_id, applies) VALUES ('ts', '08-06', '涉及')")
            op.conn.execute(
                "INSERT INTO quota (id, target_id, year, amount, unit, document_number)"
                " VALUES ('q', '08-06-1', 2022, 1500000, '万户', '潍四减四增〔2022〕1号')"
            )
            op.conn.executemany(
                "INSERT INTO assignment (id, task_id, year, assignee_kind, assignee_id, amount, states)"
                " VALUES (?, '08-06-1', 2022, 'town', ?, ?, ?)",
                [("a1", "t1", 500000, "{}"), ("a2", "t2", None, '{"amount": "不涉及"}')],
            )
            op.conn.execute(
                "INSERT INTO responsibility (id, clause_id, lead_id, plan_status) VALUES ('r', '08-06', 'd', '未印发')"
            )
            op.conn.execute(
                "INSERT INTO plan_edition (id, number, version, title, catalogue, catalogue_sha256, corrections, homes)"
                " VALUES ('pe', 1, '2021-2023', '样例方案', ?, ?, '{\"corrections\": []}', '{}')",
                (plan := _small_plan(), hashlib.sha256(plan.encode()).hexdigest()),
            )
            op.conn.execute(
                "INSERT INTO plan_draft (id, name, sha256, document, tables, corrections)"
                " VALUES ('pd', '样例方案.txt', ?, '一、总体要求', '[]', '{\"corrections\": []}')",
                ("0" * 64,),
            )
            op.conn.execute("UPDATE assignment SET confirmation = '有异议', opinion = '数偏大' WHERE id = 'a1'")
        _file_a_month(county)
        _send_it(county)
        with county.operation("登记项目") as op:
            op.conn.execute("INSERT INTO register_sample (id, name, investment) VALUES ('p', '样例项目', 12340000)")
            op.conn.execute(
                "INSERT INTO attachment (id, table_name, row_id, sha256, name, size)"
                " VALUES ('f', 'register_sample', 'p', ?, '证明.pdf', 3)",
                ("0" * 64,),
            )
        with county.operation("删除企业") as op:
            op.conn.execute("UPDATE enterprise SET deleted_at = '2022-03-15T08:00:00' WHERE id = 'e'")
        with county.operation("改镇街名称") as op:
            op.conn.execute("UPDATE town SET name = '羊口' WHERE id = 't2'")
        county.undo()
    counties.edit_from_outside(folder, "UPDATE department SET phone = '0536-5221234'")


def _file_a_month(county: County) -> None:
    """Put one row into every table of a month."""
    with county.operation("填报2022年3月") as op:
        op.conn.execute("INSERT INTO month (id, period, status) VALUES ('m', '2022-03', 'open')")
        op.conn.executemany(
            "INSERT INTO progress (id, task_id, assignee_kind, assignee_id, period, amount, unit, source, states)"
            " VALUES (?, '08-06-1', 'town', ?, '2022-03', ?, '户', 'typed', ?)",
            [("pr1", "t1", 120_000_000, "{}"), ("pr2", "t2", None, '{"amount": "暂无数据"}')],
        )
        op.conn.execute(
            "INSERT INTO project_report (id, register, row_id, period, completed_investment, stage)"
            " VALUES ('rep', 'sample', 'p', '2022-03', 5000000, '实施中')"
        )
        op.conn.execute(
            "INSERT INTO monthly_curve (id, target_id, year, month, share) VALUES ('mc', '08-06-1', 2022, 3, 10000000)"
        )
        op.conn.execute(
            "INSERT INTO measure_taken (id, assignee_kind, assignee_id, task_id, kind, taken_on)"
            " VALUES ('mt', 'town', 't2', '08-06-1', '提醒', '2022-04-06')"
        )
        op.conn.execute("INSERT INTO holiday (id, day, kind, name) VALUES ('h', '2022-04-05', '休', '清明节')")
        op.conn.execute(
            "INSERT INTO evaluation (id, task_id, period, value, completion) VALUES ('ev', '08-06-1', '2022', 1, 2)"
        )
        op.conn.execute(
            "INSERT INTO handout (id, book_id, unit_kind, unit_id, kinds, period, tables, base_seq, status, outcomes)"
            " VALUES ('ho', 'book', 'town', 't1', 'monthly', '2022-03', 'progress', 40, 'faulty',"
            ' \'{"progress": ["faulty", 1]}\')'
        )
        op.conn.execute(
            "INSERT INTO received_file (id, sha256, name, size, book_id) VALUES ('rf', ?, '圣城街道.xlsx', 3, 'book')",
            ("1" * 64,),
        )


def _send_it(county: County) -> None:
    """Put one row into every table of checking, sending and answering."""
    with county.operation("报送2022年3月") as op:
        op.conn.execute(
            "INSERT INTO submission (id, kind, period, sequence, package_id, status, review, base_seq)"
            " VALUES ('su', 'monthly', '2022-03', 1, 'package', '已导出', '退回', 12)"
        )
        op.conn.execute(
            "INSERT INTO explanation (id, rule, table_name, row_id, field, period, value, reason, author)"
            " VALUES ('ex', 'T101', 'progress', 'pr1', 'amount', '2022-03', '120 → 0', '三月停工检修', '张三')"
        )
        op.conn.execute(
            "INSERT INTO rule_setting (id, rule, level, threshold, document_number)"
            " VALUES ('rs', 'T101', 'hint', 5000000, '潍四减四增〔2022〕9号')"
        )
        op.conn.execute(
            "INSERT INTO remark (id, answer_id, package_id, kind, period, table_name, row_id, field, text, status)"
            " VALUES ('re', 'answer', 'package', 'monthly', '2022-03', 'progress', 'pr1', 'amount', '请核实', '已回复')"
        )
        op.conn.execute(
            "INSERT INTO remark_reply (id, remark_id, side, text, status)"
            " VALUES ('rr', 're', 'county', '已核实', '已回复')"
        )


def _small_plan() -> str:
    """Return a catalogue with nothing in it but its head."""
    lists: dict[str, Any] = dict.fromkeys(
        ("parts", "articles", "clauses", "targets", "left_out", "number_words", "faults", "departments"), ()
    )
    return catalogue_text(replace(load_catalogue(), **lists))


if __name__ == "__main__":
    main()
