"""Where a county file may lie: on this PC's own disk, not on a share and not where other software takes it away."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from db.core.errors import EnvironmentProblem
from db.store import location
from db.store.files import LONGEST_PATH
from db.store.location import Location, check_location, look_at


@pytest.mark.parametrize(
    ("folder", "title"),
    [
        ("OneDrive/文档/寿光市", "OneDrive"),
        ("onedrive - 寿光市政府/寿光市", "OneDrive"),
        ("我的坚果云/寿光市", "坚果云"),
        ("BaiduSyncdisk/寿光市", "百度网盘"),
        ("WPS Cloud Files/1234/寿光市", "WPS云盘"),
        ("微云同步助手(12345)/寿光市", "腾讯微云"),
    ],
)
def test_folders_of_sync_software_are_refused_by_name(folder: str, title: str, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match=title) as caught:
        check_location(tmp_path / folder)
    assert caught.value.code == "synced_folder" and "备份" in caught.value.advice


def test_a_documents_folder_that_was_moved_into_onedrive_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OneDrive", str(tmp_path / "云上的文件"))
    assert look_at(tmp_path / "云上的文件" / "文档" / "寿光市").synced_by == "OneDrive"
    check_location(tmp_path / "云上的文件（旧）" / "寿光市")


@pytest.mark.parametrize("folder", ["文档/四减四增/寿光市", "OneDriver/寿光市", "坚果云资料/寿光市", "U盘 一/寿光市"])
def test_other_folders_are_taken_whether_they_exist_or_not(folder: str, tmp_path: Path) -> None:
    check_location(tmp_path / folder)
    (tmp_path / folder).mkdir(parents=True)
    check_location(tmp_path / folder)


def test_a_share_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(location, "file_system", lambda _folder: "cifs")
    with pytest.raises(EnvironmentProblem, match="网络共享") as caught:
        check_location(tmp_path / "寿光市")
    assert caught.value.code == "network_share"


def test_what_a_report_tells_of_a_disk(tmp_path: Path) -> None:
    found = look_at(tmp_path)
    assert found.file_system
    assert found == Location(found.file_system)


@pytest.mark.skipif(os.name == "nt", reason="Windows is asked in another way")
def test_the_file_system_is_that_of_the_deepest_mount(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = f"/dev/a / ext4 rw 0 0\n/dev/b {str(tmp_path.resolve()).replace(' ', chr(92) + '040')} VFAT rw 0 0\njunk\n"
    monkeypatch.setattr(Path, "read_text", lambda *_, **__: mounts)
    assert location.file_system(tmp_path / "sub") == "vfat"
    assert location.file_system(Path("/")) == "ext4"


def test_a_path_that_windows_could_not_hold_the_attachments_of_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "很长的名称" / ("寿" * (LONGEST_PATH - len(str(tmp_path))))
    monkeypatch.setattr(location, "_ON_WINDOWS", False)
    check_location(folder)
    monkeypatch.setattr(location, "_ON_WINDOWS", True)
    monkeypatch.setattr(location, "_drive_type", lambda _folder: 3)
    monkeypatch.setattr(location, "file_system", lambda _folder: "ntfs")
    with pytest.raises(EnvironmentProblem, match="太长") as caught:
        check_location(folder)
    assert caught.value.code == "name_too_long"
    longest = folder / "backups/attachments/ab" / f"{'0' * 64}.xlsx"
    assert len(str(longest)) - len(str(folder)) < location._WITHIN
