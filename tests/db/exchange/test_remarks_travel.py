"""What the city remarked and the county replied goes with the next package."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest

from db.exchange.package_verify import verify_package
from db.work.remarks import reply
from tests.db.exchange.answered import answer_to, export, file, remark_on, take
from tests.db.work.desk import Desk


def said_in(package: Path) -> list[dict[str, str]]:
    with zipfile.ZipFile(package) as archive:
        text = archive.read(f"{package.stem}/data/remarks.csv").decode()
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.usefixtures("qapp")
def test_remarks_and_replies_go_with_the_next_package(desk: Desk, tmp_path: Path) -> None:
    row = file(desk, 300)
    remark = remark_on(row, "300")
    first = export(desk, tmp_path)
    assert said_in(first.path) == []
    take(desk, answer_to(first, remarks=[remark]))
    with desk.county.operation("回复意见") as op:
        reply(op, remark.id, "已按验收单更正为320户", solved=True)
    file(desk, 320)
    second = export(desk, tmp_path)
    assert verify_package(second.path).ok
    theirs, ours = said_in(second.path)
    assert (theirs["id"], theirs["remark_id"], theirs["side"], theirs["status"]) == (
        remark.id,
        remark.id,
        "city",
        "拟解决",
    )
    assert (theirs["table_name"], theirs["row_id"], theirs["field"], theirs["value"]) == (
        "progress",
        row,
        "amount",
        "300",
    )
    assert (ours["remark_id"], ours["side"], ours["text"], ours["status"]) == (
        remark.id,
        "county",
        "已按验收单更正为320户",
        "拟解决",
    )
    other = export(desk, tmp_path, "registers", "2022")
    assert said_in(other.path) == []
