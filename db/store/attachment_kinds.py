"""What may be kept as proof: kinds of file, the largest size, what is refused; all from resources/attachments.toml.

kind_of(name, head="") -> Kind            by the name's ending, else by the first bytes
check(name, size, head) raises DataProblem
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import PurePath

import resources
from db.core.errors import DataProblem

HEAD = 512
"""First bytes of a file that are enough to know it by."""


@dataclass(frozen=True)
class Kind:
    """A kind of file: what a clerk calls it, its media type, its endings (the first is the usual one, no dot)."""

    title: str
    media_type: str
    endings: tuple[str, ...] = ()
    begins: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Rules:
    """The whole file; `largest` in bytes, `longest_name` in characters."""

    largest: int
    longest_name: int
    kinds: tuple[Kind, ...]
    other: Kind
    refused_endings: frozenset[str]
    refused_begins: tuple[bytes, ...]


@cache
def rules() -> Rules:
    """Return what holds."""
    table = resources.load_toml("attachments.toml")
    kinds = tuple(
        Kind(
            str(entry["title"]),
            str(entry["media_type"]),
            tuple(entry["endings"]),
            tuple(bytes.fromhex(begin) for begin in entry.get("begins", ())),
        )
        for entry in table["kinds"]
    )
    refused = table["refused"]
    return Rules(
        largest=int(table["largest_megabytes"]) << 20,
        longest_name=int(table["longest_name"]),
        kinds=kinds,
        other=Kind(str(table["other"]["title"]), str(table["other"]["media_type"])),
        refused_endings=frozenset(refused["endings"]),
        refused_begins=tuple(bytes.fromhex(begin) for begin in refused["begins"]),
    )


def kind_of(name: str, head: bytes = b"") -> Kind:
    """Return the kind of the file called `name`; a name without a known ending leaves it to the first bytes."""
    ending = ending_of(name)
    by_name = next((kind for kind in rules().kinds if ending in kind.endings), None)
    return by_name or next((kind for kind in rules().kinds if _starts(head, kind.begins)), rules().other)


def kind_of_type(media_type: str) -> Kind:
    """Return the kind that a row calls by its media type."""
    return next((kind for kind in rules().kinds if kind.media_type == media_type), rules().other)


def ending_of(name: str) -> str:
    """Return the name's ending in small letters without its dot, as Windows would see it; "" when there is none."""
    return PurePath(name.rstrip(". ").lower()).suffix.removeprefix(".").strip()


def check(name: str, size: int, head: bytes) -> None:
    """Raise DataProblem when a file of `size` bytes that begins with `head` cannot be kept as proof."""
    if size == 0:
        raise DataProblem(f"佐证附件“{name}”是空文件。", advice="请检查后重新选择。", code="attachment.empty")
    if size > rules().largest:
        raise too_large(name)
    if ending_of(name) in rules().refused_endings or _starts(head, rules().refused_begins):
        raise DataProblem(
            f"“{name}”是程序或脚本，不能作为佐证附件。",
            advice="请选择文档、图片、扫描件或压缩包。",
            code="attachment.program",
        )


def too_large(name: str) -> DataProblem:
    """Return the problem of a file over the limit."""
    return DataProblem(
        f"佐证附件“{name}”超过 {rules().largest >> 20} MB，不能添加。",
        advice="请压缩、降低扫描分辨率或拆分成几个文件后再添加。",
        code="attachment.too_large",
    )


def _starts(head: bytes, begins: tuple[bytes, ...]) -> bool:
    return any(head.startswith(begin) for begin in begins)
