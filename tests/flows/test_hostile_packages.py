"""Packages of every kind that somebody tampered with: `sijian verify` finds each fault, names it, and ends with 1."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from db.core.period import Period
from db.exchange.package_verify import verify_package
from db.work.demo import build_demo
from db.work.demo_months import fill_months
from db.work.opening import open_county
from desktop import cli
from desktop.export_job import export_package
from tests.db.exchange.packages import PERIODS

Files = dict[str, bytes]
ROOT = "370783-plan-2022-v1"


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Good packages of the demo county, by kind."""
    folder = tmp_path_factory.mktemp("hostile")
    build_demo(folder / "demo")
    with open_county(folder / "demo", author="王芳") as county:
        fill_months(county, Period(2022, 3), Period(2022, 3))
        return {
            kind: export_package(county, kind=kind, period=period, out=folder / "out").path
            for kind, period in PERIODS.items()
        }


@pytest.fixture
def package(packages: dict[str, Path]) -> Path:
    """The good package of the breakdown, for what is the same in all kinds."""
    return packages["plan"]


@pytest.fixture(params=PERIODS)
def each(request: pytest.FixtureRequest, packages: dict[str, Path]) -> Path:
    """A good package of each kind in turn."""
    return packages[request.param]


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
    (root,) = {name.split("/")[0] for name in files}
    payload = sorted(name for name in files if name.startswith(f"{root}/data/"))
    lines = [f"{hashlib.sha256(files[name]).hexdigest()}  {name.removeprefix(root + '/')}\n" for name in payload]
    files[f"{root}/manifest-sha256.txt"] = "".join(lines).encode()
    size = sum(len(files[name]) for name in payload)
    info = files[f"{root}/bag-info.txt"].decode().splitlines()
    info = [f"Payload-Oxum: {size}.{len(payload)}" if line.startswith("Payload-Oxum") else line for line in info]
    files[f"{root}/bag-info.txt"] = ("\n".join(info) + "\n").encode()
    tags = ["bagit.txt", "bag-info.txt", "manifest-sha256.txt"]
    sealed = [f"{hashlib.sha256(files[f'{root}/{tag}']).hexdigest()}  {tag}\n" for tag in tags]
    files[f"{root}/tagmanifest-sha256.txt"] = "".join(sealed).encode()


def told(path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what `sijian verify` says of a package in which it must find something."""
    capsys.readouterr()
    assert cli.main(["verify", str(path)]) == cli.FOUND_PROBLEMS
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    return said.err


def test_the_good_package_is_good(each: Path) -> None:
    assert cli.main(["verify", str(each)]) == cli.GOOD


def test_it_stays_good_when_it_is_only_packed_again(each: Path, tmp_path: Path) -> None:
    files = unpacked(each)
    reseal(files)
    assert verify_package(packed(files, tmp_path / each.name)).ok


TOWNS = f"{ROOT}/data/tables/town.csv"


def _change_a_byte(files: Files) -> str:
    content = bytearray(files[TOWNS])
    content[-3] ^= 1
    files[TOWNS] = bytes(content)
    return "tables/town.csv"


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
        *(_change_a_byte, _climb_out, _absolute, _drive_letter),
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


def inside(files: Files, name: str) -> str:
    """Return the whole name of a file of the bag."""
    (found,) = [each for each in files if each.endswith(f"/{name}")]
    return found


Harm = Callable[[Files], str]


def _other_town(files: Files) -> str:
    towns = inside(files, "data/tables/town.csv")
    files[towns] = files[towns].replace("圣城".encode(), "圣诚".encode())
    return "tables/town.csv"


def _no_towns(files: Files) -> str:
    del files[inside(files, "data/tables/town.csv")]
    return "tables/town.csv"


def _surprise(files: Files) -> str:
    files[inside(files, "data/letter.pdf").replace("letter.pdf", "surprise.exe")] = b"MZ"
    return "surprise.exe"


def _no_explanations(files: Files) -> str:
    del files[inside(files, "data/explanations.csv")]
    return "explanations.csv"


def _no_changes(files: Files) -> str:
    del files[inside(files, "data/changes.csv")]
    return "changes.csv"


def _no_report(files: Files) -> str:
    del files[inside(files, "data/report.xlsx")]
    return "report.xlsx"


@pytest.mark.parametrize("sealed", [False, True], ids=["as it is", "with new manifests"])
@pytest.mark.parametrize("harm", [_other_town, _no_towns, _surprise, _no_explanations, _no_changes, _no_report])
def test_every_kind_is_held_against_what_it_says(
    harm: Harm, sealed: bool, each: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = unpacked(each)
    named = harm(files)
    if sealed:
        reseal(files)
    assert named in told(packed(files, tmp_path / each.name), capsys)


def test_a_newer_format_is_refused_with_a_sentence(
    each: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = unpacked(each)
    facts = inside(files, "bag-info.txt")
    info = files[facts].decode()
    assert "Schema-Version: 2\n" in info
    files[facts] = info.replace("Schema-Version: 2\n", "Schema-Version: 99\n").encode()
    reseal(files)
    assert "99" in told(packed(files, tmp_path / each.name), capsys)


def test_another_kind_than_it_is_called_is_found(
    each: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = unpacked(each)
    facts = inside(files, "bag-info.txt")
    kind = each.name.split("-")[1]
    other = "annual" if kind != "annual" else "final"
    files[facts] = files[facts].replace(f"Submission-Kind: {kind}".encode(), f"Submission-Kind: {other}".encode())
    reseal(files)
    assert "不一致" in told(packed(files, tmp_path / each.name), capsys)


def test_rows_that_do_not_add_up_with_a_new_manifest_are_found(
    each: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = unpacked(each)
    towns = inside(files, "data/tables/town.csv")
    files[towns] = b"".join(files[towns].splitlines(keepends=True)[:-1])
    reseal(files)
    assert "town.csv" in told(packed(files, tmp_path / each.name), capsys)


def test_a_cell_of_the_wrong_type_is_named_with_its_place(
    each: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = unpacked(each)
    descriptor_name = inside(files, "data/datapackage.json")
    descriptor = json.loads(files[descriptor_name])
    resource, field = next(
        (resource, name)
        for resource in descriptor["resources"]
        for name, total in resource.get("x-totals", {}).items()
        if total not in ("0", "") and resource["name"] not in ("town", "enterprise", "attachments")
    )
    name = inside(files, f"data/{resource['path']}")
    rows = list(csv.DictReader(io.StringIO(files[name].decode())))
    next(row for row in rows if row[field])[field] = "many!"
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    files[name] = text.getvalue().encode()
    resource.update(hash=f"sha256:{hashlib.sha256(files[name]).hexdigest()}", bytes=len(files[name]))
    files[descriptor_name] = json.dumps(descriptor, ensure_ascii=False).encode()
    reseal(files)
    said = told(packed(files, tmp_path / each.name), capsys)
    assert "many!" in said and f"{resource['name']}.csv 第" in said


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
