"""Copying the proof files into a package, hashed while they are read from their source, never from the copy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from db.core.errors import DataProblem
from db.exchange.package_kinds import ATTACHMENT_FOLDER
from db.exchange.zip_write import Entry, ZipWriter, worth_deflating
from db.store.attachments import Stored, path_of, stored_name
from db.store.files import explained

CHUNK = 4 << 20
"""Bytes read at a time; large, since every piece hands the interpreter back and forth between two threads."""

_MOST_NAMED = 20


@dataclass(frozen=True)
class Source:
    """One content to copy: what the county file says of it, where it lies, and whether deflating is worth it."""

    stored: Stored
    path: Path
    deflate: bool


def find_sources(folder: Path, wanted: Sequence[Stored]) -> list[Source]:
    """Return where the contents lie; DataProblem names all that are missing or have another size."""
    sources: list[Source] = []
    faults: list[str] = []
    for stored in wanted:
        path = path_of(folder, stored.sha256, stored.name)
        try:
            with path.open("rb") as file:
                size = file.seek(0, 2)
                deflate = worth_deflating(file, size)
        except FileNotFoundError:
            faults.append(f"“{stored.name}”（文件丢失）")
            continue
        except OSError as error:
            faults.append(f"“{stored.name}”（{error.strerror or '读不出来'}）")
            continue
        if size != stored.size:
            faults.append(f"“{stored.name}”（大小与登记的不一致）")
        else:
            sources.append(Source(stored, path, deflate))
    if faults:
        raise _damaged(faults)
    return sources


def copy_attachments(archive: ZipWriter, root: str, sources: Sequence[Source], stop: Event) -> list[Entry]:
    """Write all contents and return their entries; fewer when `stop` is set. DataProblem names all whose content is
    not what its name says.
    """
    entries: list[Entry] = []
    faults: list[str] = []
    for source in sources:
        name = f"{root}{ATTACHMENT_FOLDER}{stored_name(source.stored.sha256, source.stored.name)}"

        def pieces(path: Path = source.path) -> Iterator[bytes]:
            with explained("读取佐证附件", path), path.open("rb", buffering=0) as file:
                while not stop.is_set() and (data := file.read(CHUNK)):
                    yield data

        entry = archive.stream(name, pieces, source.stored.size, deflate=source.deflate)
        if stop.is_set():
            return entries
        if entry.sha256 != source.stored.sha256:
            faults.append(f"“{source.stored.name}”（内容已被改动或损坏）")
        entries.append(entry)
    if faults:
        raise _damaged(faults)
    return entries


def _damaged(faults: list[str]) -> DataProblem:
    more = f"等{len(faults)}个" if len(faults) > _MOST_NAMED else ""
    return DataProblem(
        f"有佐证附件不能导出：{'、'.join(faults[:_MOST_NAMED])}{more}。",
        advice="请重新添加这些附件，或从备份恢复后再导出。",
        code="attachment.damaged",
    )
