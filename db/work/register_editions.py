"""What a new edition of a register changes for the rows that are there: fields added, renamed, retired, altered."""

from __future__ import annotations

from dataclasses import dataclass, replace

from db.core.fields import Field, TableSchema


@dataclass(frozen=True)
class EditionChange:
    """Titles of fields by what happens to them; nothing is ever deleted, a retired field keeps its values unseen."""

    added: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    retired: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()

    def sentences(self) -> list[str]:
        """Return what changes, one sentence for each kind of change."""
        told = []
        if self.added:
            told.append(f"新增字段：{'、'.join(self.added)}。")
        if self.renamed:
            told.append("改名：" + "、".join(f"{old}→{new}" for old, new in self.renamed) + "，已填的内容带到新字段。")
        if self.retired:
            told.append(f"不再填写：{'、'.join(self.retired)}，已填的内容仍保存在文件里。")
        if self.altered:
            told.append(f"要求有变：{'、'.join(self.altered)}。")
        return told or ["字段没有变化。"]


def compare_editions(old: TableSchema, new: TableSchema) -> EditionChange:
    """Return what `new` changes against `old`, by the names of the fields."""
    renamed = {
        field.formerly: field
        for field in new.fields
        if field.formerly in old and field.formerly not in new and field.name not in old
    }
    taken = {field.name for field in renamed.values()}
    return EditionChange(
        added=tuple(f.title for f in new.fields if f.name not in old and f.name not in taken),
        renamed=tuple((old.field(name).title, field.title) for name, field in renamed.items()),
        retired=tuple(f.title for f in old.fields if f.name not in new and f.name not in renamed),
        altered=tuple(f.title for f in new.fields if f.name in old and _asked(f) != _asked(old.field(f.name))),
    )


def _asked(field: Field) -> Field:
    """Return the field without what only concerns its looks."""
    return replace(field, width=0, frozen=False, group="", help="", formerly="")
