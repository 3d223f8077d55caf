"""载入清单: what a register from a file is, before it is taken into the county's data; what is wrong with it, else."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from db.core import conditions
from db.core.field_words import REFERENCE_WORDS, TYPE_WORDS
from db.core.fields import Field, TableSchema
from db.core.progress import Progress
from db.exchange.register_file import load_register
from db.exchange.register_sheet import RegisterDraft
from db.plan.catalogue import Catalogue, Clause
from db.work.register_editions import compare_editions
from desktop.dialogs.form_dialog import Done, Failed, FormDialog
from desktop.dialogs.problems import ProblemsDialog
from desktop.session import Session
from desktop.widgets.basics import label
from desktop.widgets.simple_table import Column, SimpleTable, TextCell

WIDTH, HEIGHT = 860, 540
COLUMNS = (Column("分组", 110), Column("字段", 170), Column("类型", 96), Column("必填", 56), Column("要求"))


def problems_of(draft: RegisterDraft, parent: QWidget | None = None) -> ProblemsDialog:
    """Return the dialog that lists everything wrong with the file, each with its cell."""
    heading = f"“{draft.file_name}”有{len(draft.problems)}处要改，没有载入。"
    return ProblemsDialog("载入清单", heading, draft.problems, "在文件中逐一改正、保存后，再载入一次。", parent)


class LoadRegisterDialog(FormDialog):
    """Shows the register that `draft` holds beside `present`, the edition the file has now; 载入 takes it in."""

    def __init__(
        self, session: Session, draft: RegisterDraft, present: TableSchema | None, parent: QWidget | None = None
    ) -> None:
        assert draft.schema is not None
        schema = draft.schema
        heading = f"{schema.title}（第{schema.edition}版，{len(schema.fields)}个字段）"
        super().__init__("载入清单", heading, "载入", parent, width=WIDTH)
        self.resize(WIDTH, HEIGHT)
        self._session, self._schema = session, schema
        self.facts = label("\n".join(_facts(draft, schema, present, session.catalogue)), "secondary", wrap=True)
        self.table = SimpleTable(COLUMNS)
        self.table.show_rows([_row(schema, field) for field in schema.fields])
        self.body.addWidget(self.facts)
        self.body.addWidget(self.table, 1)

    def save(self, done: Done, failed: Failed) -> None:
        schema, county = self._schema, self._session.county
        title = f"载入清单“{schema.title}”"

        def work(_progress: Progress) -> TableSchema:
            # A table that is there cannot be taken back; an edition that was loaded by mistake is followed by the next.
            with county.operation(title, undoable=False) as op:
                return load_register(op, schema)

        self._session.job(title, work, done=done, failed=failed)


def _facts(draft: RegisterDraft, schema: TableSchema, present: TableSchema | None, catalogue: Catalogue) -> list[str]:
    clauses = [clause for each in schema.clauses if isinstance(clause := catalogue.task(each), Clause)]
    unknown = [each for each in schema.clauses if not isinstance(catalogue.task(each), Clause)]
    lines = [schema.help] if schema.help else []
    if clauses:
        lines.append("方案依据：" + "、".join(f"{clause.id} {clause.title}" for clause in clauses) + "。")
    if unknown:
        lines.append(f"方案里没有的条款：{'、'.join(unknown)}。")
    if present is None:
        lines.append("本县数据中还没有这张清单，载入后从空表开始填。")
    else:
        lines.append(f"本县数据中现在是第{present.edition}版，已填的行都会保留。")
        lines += compare_editions(present, schema).sentences()
    return lines + draft.notes


def _row(schema: TableSchema, field: Field) -> list[TextCell]:
    kind = REFERENCE_WORDS.get(field.ref) or ("单选" if field.enum else TYPE_WORDS[field.type])
    asked = "、".join(_asked(schema, field))
    return [
        TextCell(field.group),
        TextCell(field.heading, tip=field.help),
        TextCell(kind),
        TextCell("是" if field.required else ""),
        TextCell(asked, tip=asked),
    ]


def _asked(schema: TableSchema, field: Field) -> list[str]:
    told = ["／".join(field.enum)] if field.enum else []
    if field.relevant is not None:
        told.append(f"{conditions.in_words(field.relevant, schema.by_name)}时填写")
    if field.constraint is not None:
        told.append(f"应符合：{conditions.in_words(field.constraint, schema.by_name)}")
    if field.computed is not None:
        told.append(f"由程序计算：{conditions.in_words(field.computed, schema.by_name)}")
    return told
