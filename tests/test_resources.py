"""The one accessor: what it gives, what it refuses, and that every data file can be read."""

from __future__ import annotations

from pathlib import Path

import pytest

import resources


def test_reads_each_kind_of_file() -> None:
    assert resources.path("units.toml").is_file()
    assert resources.load_toml("units.toml")["family"]
    rows = resources.load_csv("divisions/weifang.csv")
    assert rows[0] == {"code": "370700", "name": "潍坊市", "level": "city", "parent_code": "370000"}
    assert "\r" not in resources.text("divisions/weifang.csv")
    assert not resources.text("divisions/weifang.csv").startswith("\ufeff")


def test_names_lists_files_of_one_folder() -> None:
    assert resources.names("divisions") == ["reporting_units.csv", "weifang.csv"]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "..",
        "../pyproject.toml",
        "plan/../../README.md",
        "/etc/passwd",
        "C:/x",
        "c:x",
        "a\\b",
        "a//b",
        "./units.toml",
    ],
)
def test_unlawful_names_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not a resource name"):
        resources.path(name)


def test_missing_file_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"缺少 plan/nothing\.json"):
        resources.load_json("plan/nothing.json")
    with pytest.raises(FileNotFoundError, match="缺少文件夹 nowhere"):
        resources.names("nowhere")
    with pytest.raises(FileNotFoundError, match="缺少 divisions"):
        resources.path("divisions")


def test_uneven_csv_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bad.csv").write_text("a,b\n1\n", encoding="utf-8")
    monkeypatch.setattr(resources, "_ROOT", tmp_path)
    with pytest.raises(ValueError, match="1 cells where the heading has 2"):
        resources.load_csv("bad.csv")
