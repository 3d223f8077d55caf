"""The plan in force in a county: the shipped one, or its own."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from db.core.errors import DataProblem
from db.plan.catalogue import Catalogue, load_catalogue
from db.plan.corrections import About, Correction, CorrectionKind, anchor_of
from db.plan.editions import (
    add_edition,
    county_catalogue,
    edition_catalogue,
    edition_corrections,
    edition_document,
    editions,
    former_id,
    homes_of_shipped,
    split_former,
)
from db.work import registers
from db.work.county_settings import county_facts
from db.work.quotas import quotas
from db.work.target_figures import target_figures
from tests.db.work.desk import Desk

SHIPPED = load_catalogue()


def renumbered(article: str = "08", last: str = "09") -> Catalogue:
    """Return the plan with the clauses of an article numbered one further, its last one as the first."""

    def name(task_id: str) -> str:
        if not task_id.startswith(f"{article}-"):
            return task_id
        number = "01" if task_id[3:5] == last else f"{int(task_id[3:5]) + 1:02d}"
        return f"{article}-{number}{task_id[5:]}"

    clauses = sorted((replace(c, id=name(c.id)) for c in SHIPPED.clauses), key=lambda c: c.id)
    return replace(
        SHIPPED,
        version="next",
        clauses=tuple(clauses),
        targets=tuple(
            replace(t, id=name(t.id), clause=name(t.clause), part_of=t.part_of and name(t.part_of))
            for t in SHIPPED.targets
        ),
        left_out=tuple(replace(entry, clause=name(entry.clause)) for entry in SHIPPED.left_out),
        faults=tuple(replace(fault, clause=name(fault.clause)) for fault in SHIPPED.faults),
    )


def adopt(desk: Desk, catalogue: Catalogue, **more: object) -> None:
    with desk.county.operation("采用方案") as op:
        add_edition(op, catalogue, homes={}, **more)  # type: ignore[arg-type]


def test_a_county_without_a_plan_of_its_own_uses_the_shipped_one(desk: Desk) -> None:
    assert county_catalogue(desk.conn) is SHIPPED
    assert editions(desk.conn) == [] and homes_of_shipped(desk.conn) is None


def test_its_own_plan_is_in_force_until_it_is_undone(desk: Desk) -> None:
    adopt(desk, replace(SHIPPED, version="own", title="落实方案"))
    found = county_catalogue(desk.conn)
    assert found == replace(SHIPPED, version="own", title="落实方案")
    assert county_catalogue(desk.conn) is found
    assert county_facts(desk.conn).plan_version == "own"
    adopt(desk, SHIPPED)
    assert county_catalogue(desk.conn) is SHIPPED
    assert [edition.number for edition in editions(desk.conn)] == [2, 1]
    assert edition_catalogue(desk.conn, 1) is found
    desk.county.undo()
    assert county_catalogue(desk.conn) is found
    desk.county.undo()
    assert county_catalogue(desk.conn) is SHIPPED and editions(desk.conn) == []
    assert county_facts(desk.conn).plan_version == SHIPPED.version
    desk.county.redo()
    assert county_catalogue(desk.conn) is found


def test_document_and_corrections_are_kept_with_it(desk: Desk) -> None:
    at = anchor_of(SHIPPED, SHIPPED.target("08-06-1"))
    correction = Correction(CorrectionKind.ACCEPT, About.TARGET, (at,), by="张三")
    adopt(desk, SHIPPED, document="方案\n正文", document_name="方案.docx", corrections=[correction])
    assert edition_document(desk.conn, 1) == "方案\n正文"
    assert edition_corrections(desk.conn, 1) == (correction,)
    assert editions(desk.conn)[0].document_name == "方案.docx"
    with pytest.raises(DataProblem, match="第9版"):
        edition_document(desk.conn, 9)


def test_work_is_done_by_the_plan_in_force(desk: Desk) -> None:
    own = replace(SHIPPED, version="own", targets=tuple(t for t in SHIPPED.targets if t.id != "08-06-1"))
    adopt(desk, own)
    with pytest.raises(DataProblem, match="08-06-1"):
        desk.quota("08-06-1", 2022, "10")
    with pytest.raises(DataProblem, match="08-06-1"):
        desk.share("08-06-1", 2022, "10")
    with pytest.raises(DataProblem, match="08-06-1"):
        desk.answer("08-06-1", "待定")


def test_amounts_are_read_in_the_units_of_the_plan_in_force(desk: Desk) -> None:
    desk.quota("08-06-1", 2022, "1", "万户")
    assert quotas(desk.conn)["08-06-1"][2022].in_unit == Decimal(10000)
    targets = tuple(replace(t, county_unit="万户") if t.id == "08-06-1" else t for t in SHIPPED.targets)
    adopt(desk, replace(SHIPPED, version="own", targets=targets))
    assert quotas(desk.conn)["08-06-1"][2022].in_unit == Decimal(1)


def test_registers_count_towards_the_targets_where_they_are_now(desk: Desk) -> None:
    desk.project("rural_heating", completed_households=Decimal(5))
    catalogue = renumbered()
    with desk.county.operation("采用方案") as op:
        add_edition(op, catalogue, homes={"08-06": "08-07", "08-06-1": "08-07-1"})
    heating = registers.register(desk.conn, "rural_heating")
    assert heating.clauses == ("08-07",) and [m["target"] for m in heating.counts_towards] == ["08-07-1"]
    assert [f.target_id for f in target_figures(desk.conn, catalogue) if f.rows] == ["08-07-1"]
    assert not registers.outdated(desk.conn)


def test_a_former_id_says_which_plan_it_was_in() -> None:
    assert split_former(former_id("08-06-1", 2)) == ("08-06-1", 2)
    assert split_former("08-06-1") is None


def test_a_plan_that_could_not_be_read_again_is_not_kept(desk: Desk) -> None:
    torn = replace(SHIPPED, clauses=())
    with pytest.raises(DataProblem, match="读不了"):
        adopt(desk, torn)
    assert county_catalogue(desk.conn) is SHIPPED
