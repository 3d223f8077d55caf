"""Packages kept beside the ledger, and the proof files that are taken out of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from db.core.errors import Cancelled, DataProblem, EnvironmentProblem
from db.exchange.ledger.consolidate import consolidate
from db.exchange.ledger.file import Ledger
from db.exchange.ledger.originals import Proof, keep, originals_of, place_of, proofs, take_out
from db.exchange.ledger.outcomes import Outcome
from db.exchange.zip_read import NO_PASSWORD
from db.work.demo_facts import demo_day
from db.work.evidence import Evidence, file_name
from tests.db.exchange.ledger.city import TODAY
from tests.db.exchange.packages import PAPERS, small_package, unpacked, zipped


def taken(folder: Path, package: Path, *passwords: str) -> Ledger:
    ledger = Ledger.create(folder / "核收.db", author="李明")
    assert consolidate(ledger, [package], on=TODAY, passwords=passwords).ok
    return ledger


def listed(ledger: Ledger) -> list[Proof]:
    with ledger.reading() as conn:
        return proofs(conn, 1)


def opened(ledger: Ledger, item: Evidence, into: Path, password: str = "") -> Path:
    copy = into / file_name(item)
    with ledger.reading() as conn:
        take_out(conn, ledger.path, 1, item, copy, password)
    return copy


def kept(ledger: Path) -> list[Path]:
    return [path for path in originals_of(ledger).rglob("*") if path.is_file()]


def test_the_city_opens_what_a_county_sent_as_proof(tmp_path: Path) -> None:
    package = small_package(tmp_path)
    with taken(tmp_path, package) as ledger:
        found = listed(ledger)
        assert {proof.item.name for proof in found} == set(PAPERS)
        assert {proof.table for proof in found} == {"register_key_project"}
        (original,) = kept(ledger.path)
        assert original.read_bytes() == package.read_bytes()
        package.unlink()
        for proof in found:
            copy = opened(ledger, proof.item, tmp_path / "看")
            assert copy.name == proof.item.name and copy.read_bytes() == PAPERS[proof.item.name]
            assert not copy.stat().st_mode & 0o222
            assert opened(ledger, proof.item, tmp_path / "看") == copy


def test_a_package_is_kept_once_and_comes_back_when_it_is_lost(tmp_path: Path) -> None:
    package = small_package(tmp_path)
    with taken(tmp_path, package) as ledger:
        (original,) = kept(ledger.path)
        item = listed(ledger)[0].item
        assert keep(ledger.path, package, original.stem) is None
        for harm in (Path.unlink, lambda path: path.write_bytes(b"PK")):
            harm(original)
            with pytest.raises((DataProblem, EnvironmentProblem)):
                opened(ledger, item, tmp_path / "看")
            (again,) = consolidate(ledger, [package], on=TODAY).received
            assert again.outcome is Outcome.SAME and kept(ledger.path) == [original]
        assert opened(ledger, item, tmp_path / "看").read_bytes() == PAPERS[item.name]


def test_the_same_content_in_another_file_is_no_second_original(tmp_path: Path) -> None:
    package = small_package(tmp_path)
    (tmp_path / "again").mkdir()
    other = zipped(unpacked(package), tmp_path / "again" / package.name)
    with taken(tmp_path, package) as ledger:
        before = kept(ledger.path)
        (again,) = consolidate(ledger, [other], on=TODAY).received
        assert again.outcome is Outcome.SAME and kept(ledger.path) == before


def test_a_ledger_to_practise_with_lives_on_the_demos_day(tmp_path: Path) -> None:
    for name, sample in (("演示.db", True), ("核收.db", False)):
        with Ledger.create(tmp_path / name, author="李明", sample=sample) as ledger:
            assert (ledger.today() == demo_day()) is sample


def test_refused_and_cancelled_packages_are_not_kept(tmp_path: Path) -> None:
    package = small_package(tmp_path)
    broken = tmp_path / "broken.zip"
    broken.write_bytes(package.read_bytes()[:-40])

    class Impatient:
        def step(self, done: int, total: int, text: str = "") -> None:
            if text == "正在保存":
                raise Cancelled

    with Ledger.create(tmp_path / "核收.db", author="李明") as ledger:
        assert not consolidate(ledger, [broken], on=TODAY).ok
        with pytest.raises(Cancelled):
            consolidate(ledger, [package], on=TODAY, progress=Impatient())
        assert kept(ledger.path) == []
        assert consolidate(ledger, [package], on=TODAY, keeping=False).ok
        assert kept(ledger.path) == []


def test_a_file_that_changes_while_it_is_kept_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"other")
    with pytest.raises(DataProblem, match="被改动"):
        keep(tmp_path / "核收.db", tmp_path / "a.zip", "ab" * 32)
    assert not place_of(tmp_path / "核收.db", "ab" * 32).exists() and kept(tmp_path / "核收.db") == []


def test_a_package_under_a_password_asks_for_it_again(tmp_path: Path) -> None:
    secret = "granary lantern oxcart"
    with taken(tmp_path, small_package(tmp_path, password=secret), secret) as ledger:
        item = listed(ledger)[0].item
        with pytest.raises(DataProblem) as caught:
            opened(ledger, item, tmp_path / "看")
        assert caught.value.code == NO_PASSWORD
        assert opened(ledger, item, tmp_path / "看", secret).read_bytes() == PAPERS[item.name]


@pytest.mark.parametrize("name", ["验收.pdf.exe", "点我.bat", "说明.lnk"])
def test_programs_are_not_opened(tmp_path: Path, name: str) -> None:
    with taken(tmp_path, small_package(tmp_path)) as ledger:
        item = listed(ledger)[0].item
        disguised = Evidence(item.id, name, item.sha256, item.size, item.media_type, "", None)
        with pytest.raises(DataProblem, match="是程序或脚本"):
            opened(ledger, disguised, tmp_path / "看")
        assert not [path for path in (tmp_path / "看").rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", ["../../外.txt", "C:\\x.txt", "CON.txt", "a" * 255, ""])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    with taken(tmp_path, small_package(tmp_path)) as ledger:
        item = next(proof.item for proof in listed(ledger) if proof.item.name.endswith(".txt"))
        renamed = Evidence(item.id, name, item.sha256, item.size, item.media_type, "", None)
        copy = opened(ledger, renamed, tmp_path / "看")
        assert os.path.commonpath([copy.resolve(), tmp_path / "看"]) == str(tmp_path / "看")
