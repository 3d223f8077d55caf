"""Packages that somebody tampered with: `sijian verify` finds each fault, names it, and ends with 1."""

from __future__ import annotations

import hashlib
import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from db.exchange.package_verify import verify_package
from db.work.demo import build_demo
from db.work.opening import open_county
from desktop import cli
from desktop.export_job import export_package

Files = dict[str, bytes]
ROOT = "370783-plan-2022-v1"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A good package of the demo county."""
    folder = tmp_path_factory.mktemp("hostile")
    build_demo(folder / "demo")
    with open_county(folder / "demo", author="王芳") as county:
        return export_package(county, kind="plan", period="2022", out=folder / "out").path


def unpacked(package: Path) -> Files:
    with zipfile.ZipFile(package) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: Files, path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def reseal(files: Files) -> None:
    """Make the manifests agree with the files again, as somebody who knows the format would."""
    payload = sorted(name for name in files if name.startswith(f"{ROOT}/data/"))
    lines = [f"{hashlib.sha256(files[name]).hexdigest()}  {name.removeprefix(ROOT + '/')}\n" for name in payload]
    files[f"{ROOT}/manifest-sha256.txt"] = "".join(lines).encode()
    size = sum(len(files[name]) for name in payload)
    info = files[f"{ROOT}/bag-info.txt"].decode().splitlines()
    info = [f"Payload-Oxum: {size}.{len(payload)}" if line.startswith("Payload-Oxum") else line for line in info]
    files[f"{ROOT}/bag-info.txt"] = ("\n".join(info) + "\n").encode()
    tags = ["bagit.txt", "bag-info.txt", "manifest-sha256.txt"]
    sealed = [f"{hashlib.sha256(files[f'{ROOT}/{tag}']).hexdigest()}  {tag}\n" for tag in tags]
    files[f"{ROOT}/tagmanifest-sha256.txt"] = "".join(sealed).encode()


def told(path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what `sijian verify` says of a package in which it must find something."""
    capsys.readouterr()
    assert cli.main(["verify", str(path)]) == cli.FOUND_PROBLEMS
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    return said.err


def test_the_good_package_is_good(package: Path) -> None:
    assert cli.main(["verify", str(package)]) == cli.GOOD


def test_it_stays_good_when_it_is_only_packed_again(package: Path, tmp_path: Path) -> None:
    files = unpacked(package)
    reseal(files)
    assert verify_package(packed(files, tmp_path / package.name)).ok


TOWNS = f"{ROOT}/data/tables/town.csv"


def _change_a_byte(files: Files) -> str:
    content = bytearray(files[TOWNS])
    content[-3] ^= 1
    files[TOWNS] = bytes(content)
    return "tables/town.csv"


def _lose_a_file(files: Files) -> str:
    del files[TOWNS]
    return "tables/town.csv"


def _add_a_file(files: Files) -> str:
    files[f"{ROOT}/data/surprise.exe"] = b"MZ"
    return "surprise.exe"


def _climb_out(files: Files) -> str:
    files[f"{ROOT}/data/../../evil.txt"] = b"x"
    return "evil.txt"


def _absolute(files: Files) -> str:
    files["/etc/evil.txt"] = b"x"
    return "evil.txt"


def _drive_letter(files: Files) -> str:
    files["C:\\evil.txt"] = b"x"
    return "evil.txt"


def _device_name(files: Files) -> str:
    files[f"{ROOT}/data/CON.txt"] = b"x"
    return "CON"


def _case_collision(files: Files) -> str:
    files[f"{ROOT}/data/tables/TOWN.csv"] = files[TOWNS]
    return "TOWN.csv"


def _fetch(files: Files) -> str:
    files[f"{ROOT}/fetch.txt"] = b"http://example.invalid/ 1 data/x\n"
    return "fetch.txt"


def _no_letter(files: Files) -> str:
    del files[f"{ROOT}/data/letter.pdf"]
    reseal(files)
    return "letter.pdf"


@pytest.mark.parametrize(
    "tamper",
    [
        *(_change_a_byte, _lose_a_file, _add_a_file, _climb_out, _absolute, _drive_letter),
        *(_device_name, _case_collision, _fetch, _no_letter),
    ],
)
def test_tampering_is_found_and_named(
    tamper: Callable[[Files], str], package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = unpacked(package)
    named = tamper(files)
    assert named in told(packed(files, tmp_path / package.name), capsys)


def test_a_duplicate_name_is_found(package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = packed(unpacked(package), tmp_path / package.name)
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(path, "a") as archive:
        archive.writestr(TOWNS, b"id\n")
    said = told(path, capsys)
    assert "town.csv" in said and "不止一次" in said


def test_a_symlink_is_found(package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = packed(unpacked(package), tmp_path / package.name)
    link = zipfile.ZipInfo(f"{ROOT}/data/link")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    assert "link" in told(path, capsys)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(
    package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = unpacked(package)
    files[f"{ROOT}/data/attachments/{'0' * 64}.bin"] = bytes(200 * 1024 * 1024)
    said = told(packed(files, tmp_path / package.name), capsys)
    assert "压缩" in said


def test_a_newer_format_is_refused_with_a_sentence(
    package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = unpacked(package)
    info = files[f"{ROOT}/bag-info.txt"].decode()
    assert "Schema-Version: 2\n" in info
    files[f"{ROOT}/bag-info.txt"] = info.replace("Schema-Version: 2\n", "Schema-Version: 99\n").encode()
    reseal(files)
    assert "99" in told(packed(files, tmp_path / package.name), capsys)


def test_rows_that_do_not_add_up_with_a_new_manifest_are_found(
    package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = unpacked(package)
    lines = files[TOWNS].splitlines(keepends=True)
    files[TOWNS] = b"".join(lines[:-1])
    reseal(files)
    assert "town.csv" in told(packed(files, tmp_path / package.name), capsys)


def test_a_cell_of_the_wrong_type_is_named_with_its_place(
    package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = unpacked(package)
    quota = f"{ROOT}/data/tables/quota.csv"
    content = files[quota].replace(b"19200", b"many!", 1)
    assert content != files[quota]
    files[quota] = content
    descriptor = json.loads(files[f"{ROOT}/data/datapackage.json"])
    for resource in descriptor["resources"]:
        if resource["path"] == "tables/quota.csv":
            resource["hash"] = f"sha256:{hashlib.sha256(content).hexdigest()}"
            resource["bytes"] = len(content)
    files[f"{ROOT}/data/datapackage.json"] = json.dumps(descriptor, ensure_ascii=False).encode()
    reseal(files)
    said = told(packed(files, tmp_path / package.name), capsys)
    assert "many!" in said and "县级目标" in said


@pytest.mark.parametrize(
    "content",
    [b"", b"not a zip", b"PK\x03\x04", b"PK\x05\x06" + bytes(18)],
    ids=["empty", "text", "stub", "no entries"],
)
def test_what_is_no_package_gets_a_sentence(content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    assert told(path, capsys).strip()


def test_a_truncated_download_gets_a_sentence(
    package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / package.name
    path.write_bytes(package.read_bytes()[:-500])
    assert told(path, capsys).strip()
