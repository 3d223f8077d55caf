"""What a file is that somebody handed over: a work package, one that came back, a whole county, or a backup.

look_into(file) -> Arrived          nothing is unpacked
refuse_part(file)                   where a whole county is to be brought back
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from db.core.errors import DataProblem
from db.core.zip_look import zip_names
from db.exchange.handover import SHEET
from db.exchange.part.names import PART_INFO, RETURN_INFO
from db.exchange.part.write import identity_in
from db.plan.part import PartIdentity
from db.store.backup import BackupInfo, describe


class Sort(StrEnum):
    """What a file can be, by what people call it."""

    PART = "工作包"
    HANDOVER = "交接包"
    BACKUP = "备份"


@dataclass(frozen=True)
class Arrived:
    """A file that can be made a county folder: what it is, what it holds, and of a work package whose it is."""

    sort: Sort
    info: BackupInfo
    part: PartIdentity | None = None

    @property
    def heading(self) -> str:
        """Return what opening it means."""
        county = self.info.county_name or "县级数据"
        match self.sort:
            case Sort.PART:
                return f"打开工作包：{self.part.title if self.part is not None else ''}"
            case Sort.HANDOVER:
                return f"打开交接包：{county}的全部数据"
        return f"恢复{county}"

    def lines(self) -> list[str]:
        """Return what a clerk has to know before it is opened."""
        if self.part is None:
            return self.info.lines()
        part, county = self.part, self.info.county_name
        sent = part.made_at.replace("T", " ")[:16]
        attachments = len(self.info.attachments) - len(self.info.absent)
        return [
            f"{county}　{part.giver} {sent} 发出",
            f"只有这一部分的内容，附件{attachments:,}个；填好以后在“回交”页交回给{part.giver}。",
        ]

    @property
    def folder_name(self) -> str:
        """Return what the new folder may be called."""
        return f"工作包 {self.part.title}" if self.part is not None else self.info.county_name


def look_into(file: Path) -> Arrived:
    """Return what the file is; DataProblem for one that came back, EnvironmentProblem for what is none of these."""
    file = Path(file)
    names = zip_names(file)
    if RETURN_INFO in names:
        raise DataProblem(
            f"“{file.name}”是交回来的工作包，不是发出去的。",
            advice="请打开发出它的县级数据，在“收发”页点“收回…”读它。",
            code="part.returned",
        )
    if PART_INFO in names:
        return Arrived(Sort.PART, describe(file), identity_in(file))
    return Arrived(Sort.HANDOVER if SHEET in names else Sort.BACKUP, describe(file))


def refuse_part(file: Path) -> None:
    """Raise DataProblem where the file is a work package: restored over a county, it would leave a part of it."""
    if PART_INFO in zip_names(Path(file)):
        raise DataProblem(
            f"“{file.name}”是工作包，只有一部分内容，不能用来恢复县级数据。",
            advice="要打开它，请在首页点“打开工作包或交接包…”，放到另一个文件夹。",
            code="part.restore",
        )
