"""A few hundred mutants of real packages of every kind with fixed numbers; `python -m tests.fuzz` tries thousands."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.mutations import Mutant, Package, good_packages
from tests.fuzz.trial import trial, watched


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> list[Package]:
    return good_packages(tmp_path_factory.mktemp("fuzz"))


def place(package: Package, folder: Path) -> Path:
    return folder / f"{package.root.strip('/')}.zip"


def test_the_originals_are_good_and_a_change_would_be_seen(packages: list[Package], tmp_path: Path) -> None:
    """The judge itself must be able to find fault."""
    assert len({package.root for package in packages}) == 5
    for package in packages:
        assert trial(package, Mutant("as it is", package.content), place(package, tmp_path)) == ""
    other = Package(packages[0].content)
    other.files = {**other.files, f"{other.root}data/letter.pdf": b"another"}
    assert "letter.pdf" in trial(other, Mutant("as it is", other.content), place(other, tmp_path))


def test_writing_is_noticed(tmp_path: Path) -> None:
    with watched() as written:
        (tmp_path / "x").touch()
    assert len(written) == 1


@pytest.mark.parametrize("block", range(12))
def test_no_mutant_is_misjudged(block: int, packages: list[Package], tmp_path: Path) -> None:
    for seed in range(block * 40, block * 40 + 40):
        package = packages[seed % len(packages)]
        mutant = package.mutant(seed)
        assert (seed, trial(package, mutant, place(package, tmp_path))) == (seed, "")
