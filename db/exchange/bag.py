"""The bag around the payload (BagIt 1.0, RFC 8493): its declaration, its facts and its manifests."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from db.core.errors import Problem
from db.exchange.zip_names import collisions, name_fault
from db.exchange.zip_write import Entry

DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"
BAG_INFO = "bag-info.txt"
BAGIT = "bagit.txt"
SAMPLE = "Sample-Data"
"""The fact that only a package of invented data has."""
TAG_FILES = (BAGIT, BAG_INFO, MANIFEST)

MOST_FAULTS = 500
"""After so many unlawful lines a manifest or bag-info.txt is read no further."""

_MANIFEST_LINE = re.compile(r"([0-9A-Fa-f]{64})[ \t]+\*?(.+)")
_LABEL = re.compile(r"([A-Za-z][A-Za-z0-9-]{0,63})[ \t]*:[ \t]*(.*)")
_ENCODED = {"%25": "%", "%0D": "\r", "%0A": "\n", "%0d": "\r", "%0a": "\n"}


def declaration_fault(text: str) -> str | None:
    """Return what is wrong with the content of bagit.txt, or None."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    fields = dict(line.split(":", 1) for line in lines if ":" in line)
    version = fields.get("BagIt-Version", "").strip()
    encoding = fields.get("Tag-File-Character-Encoding", "").strip().upper()
    if len(lines) != 2 or len(fields) != 2 or not version:
        return "内容不合 BagIt 规范"
    if version != "1.0":
        return f"BagIt 版本是“{version[:20]}”，本程序只认 1.0"
    if encoding != "UTF-8":
        return f"文字编码是“{encoding[:20]}”，应为 UTF-8"
    return None


def bag_info_text(facts: Mapping[str, str]) -> str:
    """Return the content of bag-info.txt; empty values are left out, line breaks in values become spaces."""
    lines = [f"{label}: {' '.join(value.split())}\n" for label, value in facts.items() if value.strip()]
    return "".join(lines)


@dataclass
class BagInfo:
    """The facts of bag-info.txt: first value of every label, and the labels that repeat."""

    values: dict[str, str] = field(default_factory=dict)
    repeated: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def get(self, label: str) -> str:
        """Return the value of `label`, empty when there is none."""
        return self.values.get(label, "")


def parse_bag_info(text: str) -> BagInfo:
    """Return the facts in bag-info.txt; lines that are none are reported in `faults` with their number."""
    info = BagInfo()
    last = ""
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        if not line.strip():
            continue
        if len(info.faults) + len(info.repeated) >= MOST_FAULTS:
            info.faults.append(f"第{number}行以后没有再读")
            break
        match = _LABEL.fullmatch(line)
        if line[0] in " \t" and last:
            info.values[last] = f"{info.values[last]} {line.strip()}"
        elif match is None:
            info.faults.append(f"第{number}行不是“名称: 内容”")
        else:
            last, value = match.group(1), match.group(2).strip()
            if last in info.values:
                info.repeated.append(last)
                last = f"{last}\0{number}"  # a continuation of the repeat must not extend the first value
            info.values[last] = value
    info.values = {label: value for label, value in info.values.items() if "\0" not in label}
    return info


def manifest_text(entries: Iterable[Entry]) -> str:
    """Return a manifest of these files, ordered by name; names are relative to the bag."""
    return "".join(f"{entry.sha256}  {entry.name}\n" for entry in sorted(entries, key=lambda entry: entry.name))


def parse_manifest(text: str, place: str) -> tuple[dict[str, str], list[Problem]]:
    """Return SHA-256 (lower-case hex) by name, and a Problem for every line or name that is not lawful."""
    hashes: dict[str, str] = {}
    problems: list[Problem] = []
    names: list[str] = []
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        if not line.strip():
            continue
        where = f"{place} 第{number}行"
        if len(problems) >= MOST_FAULTS:
            problems.append(Problem("bag.manifest_line", "不合规定的太多，以下没有再读。", "请对方重新导出。", where))
            break
        match = _MANIFEST_LINE.fullmatch(line)
        if match is None:
            problems.append(Problem("bag.manifest_line", "不是“摘要 文件名”。", "请对方重新导出。", where))
            continue
        name = re.sub("%25|%0[DdAa]", lambda found: _ENCODED[found.group()], match.group(2))
        fault = name_fault(name)
        if fault:
            problems.append(Problem("bag.manifest_name", f"{fault}。", "请对方重新导出。", where))
            continue
        names.append(name)
        hashes.setdefault(name, match.group(1).lower())
    problems += [
        Problem("bag.manifest_repeat", f"{place}里文件名重复或只有大小写不同。", "请对方重新导出。", problem.place)
        for problem in collisions(names)
    ]
    return hashes, problems
