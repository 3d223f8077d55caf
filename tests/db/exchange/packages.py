"""A small county with something in every kind of column, and its packages."""

from __future__ import annotations

import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

from db.checks.explanations import explain
from db.checks.runner import run
from db.core.fields import load_schema
from db.core.period import Period
from db.core.values import Cell, State
from db.exchange.sending import send
from db.exchange.submissions import PackageResult
from db.plan.editions import county_catalogue
from db.reports.letter import LetterFacts
from db.store import attachments, records
from db.store.county import County
from db.work.county_settings import save_contacts
from db.work.setup import new_county, town_id

PERIODS = {"plan": "2022", "registers": "2022", "monthly": "2022-03", "annual": "2022", "final": "2024"}
"""Every kind of package, with a period it can have."""

REGISTER = load_schema("key_project")
PLACED: dict[str, Cell] = {"town_id": town_id("370783001"), "category": "产业结构"}
PAPERS = {"验收单.pdf": b"%PDF-1.4\n" + bytes(range(256)) * 8, "台账.txt": "第一行\r\n第二行\r\n".encode() * 40}


def letter(facts: LetterFacts) -> bytes:
    """Return something for a letter; the real one is drawn by Qt."""
    return b"%PDF-1.7\n" + facts.data_sha256.encode()


def small_county(folder: Path) -> County:
    """Return a new county with an enterprise, three projects and two proof files."""
    county = new_county(folder / "county", county="370783", author="王芳")
    with county.operation("填报") as op:
        enterprise = {"name": "寿光市某某公司", "town_id": town_id("370783001")}
        firm = records.insert(op, load_schema("enterprise"), enterprise)
        ids = records.insert_many(
            op,
            REGISTER,
            [
                {
                    "name": '改造"一期", =1+1',
                    **PLACED,
                    "enterprise_id": firm,
                    "content": "第一行\n第二行",
                    "two_high": True,
                    "total_investment": Decimal("1200.5"),
                    "started_on": date(2021, 3, 15),
                },
                {**PLACED, "name": "改造二期", "total_investment": Decimal(0), "coal_saving": State.NO_DATA},
                {**PLACED, "name": "𠮷镇管网<扩建>&改造", "sulfur_dioxide": State.NOT_APPLICABLE, "two_high": False},
            ],
        )
        for name, content in PAPERS.items():
            source = folder / name
            source.write_bytes(content)
            attachments.add(op, county, REGISTER.table, ids[0], source, "佐证")
            source.unlink()
    return county


CONTACTS = {"leader": "刘强", "clerk": "王芳", "clerk_phone": "0536-5221234"}


def make_ready(county: County, kind: str, period: str, today: date) -> None:
    """Fill in the county's contacts and explain every issue that an explanation settles, so that a package may go.

    Undo passes by both, as by the export that follows.
    """
    with county.operation("联系信息", record=True) as op:
        save_contacts(op, CONTACTS)
    with county.reading() as conn:
        plan = county_catalogue(conn)
        left = run(conn, plan, kind=kind, period=Period.parse(period), today=today)
    with county.operation("审核说明", record=True) as op:
        for issue in left.unexplained:
            explain(op, issue, reason="市里已经同意暂缓，另行报送说明", approved_by="刘强")


def export(county: County, out: Path, kind: str = "registers", password: str = "") -> PackageResult:
    """Write the next package into `out` and record it."""
    return send(county, kind=kind, period=PERIODS[kind], out=out, letter=letter, password=password)


def small_package(folder: Path, kind: str = "registers", password: str = "") -> Path:
    """Return a good package of the small county."""
    with small_county(folder) as county:
        return export(county, folder / "out", kind, password).path


def unpacked(package: Path) -> dict[str, bytes]:
    """Return the contents by name."""
    with zipfile.ZipFile(package) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(files: dict[str, bytes], path: Path) -> Path:
    """Write the contents into a zip at `path`."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path
