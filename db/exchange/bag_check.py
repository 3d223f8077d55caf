"""Checking the bag around a package: one folder, its declaration, facts and manifests, before any content is read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from db.core.errors import Problem
from db.core.text import quote
from db.exchange import bag
from db.exchange.package_kinds import PackageName, kinds, parse_package_name, schema_version
from db.exchange.verdict import Findings
from db.exchange.zip_read import Damaged, SafeZip

PAYLOAD = "data/"

_REQUIRED = (
    "Source-Organization",
    "External-Identifier",
    "Bagging-Date",
    "Payload-Oxum",
    "Internal-Sender-Identifier",
    "Submission-Kind",
    "Reporting-Period",
    "Sequence",
    "Plan-Version",
    "Schema-Version",
)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LARGEST_MANIFEST = 4 << 20
_LARGEST_FACTS = 256 << 10


@dataclass
class Bag:
    """The bag in an archive: files by their names inside the bag, its facts, SHA-256 by name from the manifests."""

    root: str
    names: dict[str, str]
    info: bag.BagInfo = field(default_factory=bag.BagInfo)
    manifest: dict[str, str] = field(default_factory=dict)
    tag_manifest: dict[str, str] = field(default_factory=dict)
    name: PackageName | None = None
    newer: bool = False
    version: int = 0
    """Of the format, 0 when it does not say one that this program knows."""
    contents: dict[str, bytes] = field(default_factory=dict)
    """Of the files that were read whole, by name inside the bag."""

    @property
    def payload(self) -> list[str]:
        """Return the names of the payload files, in order."""
        return sorted(name for name in self.names if name.startswith(PAYLOAD))


def open_bag(archive: SafeZip, findings: Findings) -> Bag | None:
    """Return the bag with its tag files read and checked; None when there is no bag at all."""
    root = _root(archive, findings)
    if root is None:
        return None
    names = {name.removeprefix(root): name for name in archive.files if name.startswith(root)}
    found = Bag(root, names)
    _check_names(found, findings)
    declaration = _text(archive, found, bag.BAGIT, findings)
    fault = bag.declaration_fault(declaration) if declaration is not None else None
    if fault:
        findings.say("bag.declaration", bag.BAGIT, f"{fault}。")
    facts = _text(archive, found, bag.BAG_INFO, findings)
    if facts is not None:
        found.info = bag.parse_bag_info(facts)
        _check_info(found, findings)
    found.manifest = _manifest(archive, found, bag.MANIFEST, findings)
    found.tag_manifest = _manifest(archive, found, bag.TAG_MANIFEST, findings)
    _check_manifests(found, findings)
    return found


def _root(archive: SafeZip, findings: Findings) -> str | None:
    roots = sorted(name.removesuffix(bag.BAGIT) for name in archive.files if name.endswith(f"/{bag.BAGIT}"))
    roots = [root for root in roots if root.count("/") == 1]
    if not roots:
        findings.say("bag.none", "", "不是上报包：里面没有 bagit.txt。", "请选择本程序导出的上报包。")
        return None
    if len(roots) > 1:
        findings.say("bag.several", "", f"里面有{len(roots)}个上报包。", "请逐个解出后分别校验。")
    root = roots[0]
    for name in archive.files:
        if not name.startswith(root):
            findings.say("bag.extra", name, "是上报包以外的多余文件。")
    return root


def _check_names(found: Bag, findings: Findings) -> None:
    for name in found.names:
        if name == "fetch.txt":
            findings.say("bag.fetch", name, "上报包不能从网上取内容（fetch.txt）。")
        elif not name.startswith(PAYLOAD) and name not in (*bag.TAG_FILES, bag.TAG_MANIFEST):
            findings.say("bag.extra", name, "是多余的文件，清单里没有它。")
    for name in (*bag.TAG_FILES, bag.TAG_MANIFEST):
        if name not in found.names:
            findings.say("bag.missing", name, "缺少这个文件。")


def _text(archive: SafeZip, found: Bag, name: str, findings: Findings) -> str | None:
    if name not in found.names:
        return None
    try:
        largest = _LARGEST_MANIFEST if "manifest" in name else _LARGEST_FACTS
        content = found.contents[name] = archive.read(found.names[name], largest)
        return content.decode("utf-8")
    except UnicodeDecodeError:
        findings.say("bag.encoding", name, "不是 UTF-8 编码的文字。")
    except Damaged as damage:
        findings.add(name, Problem(damage.code, damage.message, damage.advice, name))
    return None


def _check_info(found: Bag, findings: Findings) -> None:
    info = found.info
    for fault in info.faults:
        findings.say("bag.info", bag.BAG_INFO, f"{fault}。")
    for label in info.repeated:
        findings.say("bag.info", bag.BAG_INFO, f"{quote(label)}出现不止一次。")
    for label in _REQUIRED:
        if not info.get(label):
            findings.say("bag.info", bag.BAG_INFO, f"缺少{label}。")
    _check_version(found, findings)
    if info.get("External-Identifier") and not _UUID.fullmatch(info.get("External-Identifier")):
        findings.say("bag.info", bag.BAG_INFO, "上报包编号（External-Identifier）不是 UUID。")
    kind = info.get("Submission-Kind")
    if kind and kind not in kinds() and not found.newer:
        findings.say("package.kind", bag.BAG_INFO, f"本程序不认识{quote(kind)}这种上报包。", "请升级本程序后再校验。")
    found.name = parse_package_name(found.root.removesuffix("/"))
    if found.name is None:
        findings.say("package.name", found.root, "文件夹名不是上报包的名称（代码-种类-期-v次数）。")
        return
    stated = tuple(
        info.get(label) for label in ("Internal-Sender-Identifier", "Submission-Kind", "Reporting-Period", "Sequence")
    )
    named = (found.name.county, found.name.kind, found.name.period, str(found.name.sequence))
    if all(stated) and stated != named:
        findings.say("package.name", bag.BAG_INFO, f"写的是{quote('-'.join(stated))}，与文件夹名{found.name}不一致。")


def _check_version(found: Bag, findings: Findings) -> None:
    version = found.info.get("Schema-Version")
    if not version:
        return
    if not re.fullmatch("[1-9][0-9]{0,5}", version):
        findings.say("bag.info", bag.BAG_INFO, f"格式版本{quote(version)}不是版本号。")
    elif int(version) > schema_version():
        found.newer = True
        findings.say(
            "package.newer",
            bag.BAG_INFO,
            f"这个包由更新版本的程序导出（格式第{version}版，本程序只认识到第{schema_version()}版）。",
            "请升级本程序后再校验。",
        )
    else:
        found.version = int(version)


def _manifest(archive: SafeZip, found: Bag, name: str, findings: Findings) -> dict[str, str]:
    text = _text(archive, found, name, findings)
    if text is None:
        return {}
    hashes, problems = bag.parse_manifest(text, name)
    for problem in problems:
        findings.add(name, problem)
    return hashes


def _check_manifests(found: Bag, findings: Findings) -> None:
    for name in found.manifest:
        if not name.startswith(PAYLOAD):
            findings.say("bag.manifest_name", name, f"{bag.MANIFEST}列了数据文件夹以外的文件。")
        elif name not in found.names:
            findings.say("bag.missing", name, "清单里有，包里缺少这个文件。")
    if bag.MANIFEST in found.names:
        for name in found.payload:
            if name not in found.manifest:
                findings.say("bag.extra", name, "是多余的文件，清单里没有它。")
    for name in found.tag_manifest:
        if name not in bag.TAG_FILES:
            findings.say("bag.manifest_name", name, f"{bag.TAG_MANIFEST}列了不该有的文件。")
    if bag.TAG_MANIFEST in found.names:
        for name in bag.TAG_FILES:
            if name in found.names and name not in found.tag_manifest:
                findings.say("bag.manifest_name", bag.TAG_MANIFEST, f"没有列{name}。")


def check_oxum(found: Bag, sizes: dict[str, int], findings: Findings) -> None:
    """Compare Payload-Oxum (bytes.files) with what was read."""
    stated = found.info.get("Payload-Oxum")
    actual = f"{sum(sizes.values())}.{len(sizes)}"
    if stated and stated != actual:
        findings.say("bag.oxum", bag.BAG_INFO, f"Payload-Oxum 是{quote(stated)}，实际是{actual}。")
