"""A part on its way out or back: targets that refuse, a cancel midway, and nothing private where it should not lie."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from db.core.errors import Cancelled, EnvironmentProblem
from db.exchange.part.giveback import write_return
from db.exchange.part.scope import PartScope, given_already, part_scope
from db.exchange.part.write import write_part
from db.store.files import remove_leftovers
from db.work.handouts import parts_out, sent_books
from tests.db.exchange.part.colleague import Office
from tests.db.work.desk import Desk

TOWN = "370783001"
SECRET = "别的镇的企业"


class Watching:
    """A progress that looks, at every step, at what lies in the target, and cancels at one of them."""

    def __init__(self, folder: Path, stop_at: int = -1) -> None:
        self.folder, self.stop_at, self.steps = folder, stop_at, 0
        self.seen: list[bytes] = []

    def step(self, done: int, total: int, text: str = "") -> None:
        self.steps += 1
        self.seen += [file.read_bytes() for file in self.folder.rglob("*") if file.is_file()]
        if self.steps == self.stop_at:
            raise Cancelled


def scope(desk: Desk, **chosen: list[str]) -> PartScope:
    return part_scope(desk.conn, desk.plan, **(chosen or {"towns": [TOWN]}))


def things(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.rglob("*") if each.name != "county.db-journal")


def test_nothing_of_the_rest_ever_lies_where_the_part_goes(office: Office, tmp_path: Path) -> None:
    desk, stick = office.desk, tmp_path / "U盘"
    desk.enterprise(SECRET, town_id=desk.towns[1])
    watching = Watching(stick)
    before = things(desk.county.folder)
    write_part(desk.county, scope(desk), stick, watching)
    assert watching.seen and not any(SECRET.encode() in content for content in watching.seen)
    assert len(things(stick)) == 1 and things(desk.county.folder) == before


@pytest.mark.parametrize("stop_at", [1, 2, 3])
def test_cancelled_midway_nothing_is_left_and_nothing_is_said_to_be_out(
    office: Office, tmp_path: Path, stop_at: int
) -> None:
    desk, stick = office.desk, tmp_path / "U盘"
    before = things(desk.county.folder)
    with pytest.raises(Cancelled):
        write_part(desk.county, scope(desk), stick, Watching(stick, stop_at))
    assert things(stick) == [] and things(desk.county.folder) == before and not parts_out(desk.conn)


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "full")


def protected(*_: object) -> None:
    raise OSError(errno.EROFS, "read-only")


@pytest.mark.parametrize(("fault", "words"), [(full, "磁盘空间已满"), (protected, "写保护")])
def test_a_target_that_takes_nothing_is_told_and_left_clean(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Callable[..., None], words: str
) -> None:
    desk, stick = office.desk, tmp_path / "U盘"
    place = office.hand_out(towns=[TOWN])
    with monkeypatch.context() as broken:
        broken.setattr("db.store.backup_file.publish", fault)
        with pytest.raises(EnvironmentProblem, match=words):
            write_part(desk.county, scope(desk), stick)
    with office.colleague(place) as theirs, monkeypatch.context() as broken:
        broken.setattr("db.store.files.publish", fault)
        with pytest.raises(EnvironmentProblem, match=words):
            write_return(theirs.county, stick)
    assert things(stick) == [] and len(parts_out(desk.conn)) == 1


def test_a_folder_that_cannot_be_made_is_told(office: Office, tmp_path: Path) -> None:
    (tmp_path / "文件").write_text("x")
    with pytest.raises(EnvironmentProblem):
        write_part(office.desk.county, scope(office.desk), tmp_path / "文件" / "里面")


def test_what_a_kill_left_aside_goes_at_the_next_start(tmp_path: Path) -> None:
    aside = tmp_path / ".0123456789ab.part"
    aside.mkdir()
    (aside / "county.db").write_bytes(SECRET.encode())
    (tmp_path / ".abcdef012345.part").write_bytes(b"x")
    (tmp_path / "留着.part").write_bytes(b"x")
    remove_leftovers(tmp_path)
    assert things(tmp_path) == ["留着.part"]


def test_who_has_what_since_when_stands_in_the_records(office: Office) -> None:
    desk = office.desk
    desk.share("08-06-1", 2022, "1200")
    place = office.hand_out(towns=[TOWN])
    (book,) = sent_books(desk.conn)
    assert (book.unit_name, book.kinds, book.tables, book.state.status) == ("圣城街道", ("part",), (), "sent")
    assert sent_books(desk.conn, ("town", desk.towns[0])) == [book]
    office.take(office.read(office.give_back(place)))
    (book,) = sent_books(desk.conn)
    assert book.state.status == "stored" and book.state.received_name.endswith("-return.sijian-part")
    assert not parts_out(desk.conn)


def test_what_is_out_already_is_pointed_out_until_it_comes_back(office: Office) -> None:
    desk = office.desk
    place = office.hand_out(clauses=["08-06", "09-01"])
    (told,) = given_already(desk.conn, desk.plan, scope(desk, clauses=["08-06", "04-03"]))
    title = desk.plan.clause("08-06").title
    assert told.startswith(f"08-06 {title}在") and "还没有收回" in told
    assert not given_already(desk.conn, desk.plan, scope(desk, clauses=["04-03"]))
    office.hand_out(towns=[TOWN])
    (told,) = given_already(desk.conn, desk.plan, scope(desk))
    assert told.startswith("圣城街道在")
    office.take(office.read(office.give_back(place)))
    assert not given_already(desk.conn, desk.plan, scope(desk, clauses=["08-06"]))
