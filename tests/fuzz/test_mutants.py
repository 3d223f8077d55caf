"""A few hundred mutants of a real package with fixed numbers; `python -m tests.fuzz` tries thousands."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.db.exchange.packages import small_package
from tests.fuzz.mutations import Mutant, Package
from tests.fuzz.trial import trial, watched


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    return Package(small_package(tmp_path_factory.mktemp("fuzz")).read_bytes())


def test_the_original_is_good_and_a_change_would_be_seen(package: Package, tmp_path: Path) -> None:
    """The judge itself must be able to find fault."""
    path = tmp_path / f"{package.root.strip('/')}.zip"
    assert trial(package, Mutant("as it is", package.content), path) == ""
    other = Package(package.content)
    other.files = {**package.files, f"{package.root}data/letter.pdf": b"another"}
    assert "letter.pdf" in trial(other, Mutant("as it is", package.content), path)


def test_writing_is_noticed(tmp_path: Path) -> None:
    with watched() as written:
        (tmp_path / "x").touch()
    assert len(written) == 1


@pytest.mark.parametrize("block", range(10))
def test_no_mutant_is_misjudged(block: int, package: Package, tmp_path: Path) -> None:
    path = tmp_path / f"{package.root.strip('/')}.zip"
    for seed in range(block * 40, block * 40 + 40):
        mutant = package.mutant(seed)
        assert (seed, trial(package, mutant, path)) == (seed, "")
