"""Word documents from templates that an office can edit: the county's own template first, then the program's.

    template(folder, name) -> Template           fill(template, values) -> bytes
    provide_templates(folder) -> Path

A template is an ordinary .docx with placeholders such as {{ 责任主体 }}; resources/templates/模板说明.md lists them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import resources
from db.core.errors import DataProblem
from db.store.files import explained, write_atomically

FOLDER = "templates"
"""Where a county keeps its own templates, inside its folder, under the program's names."""

LARGEST_TEMPLATE = 20_000_000

# What XML 1.0 cannot hold, and the bell and form feed, which the template engine takes for new paragraphs and pages.
_UNLAWFUL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

YEAR_COLUMNS = 3
_LAST = YEAR_COLUMNS - 1


@dataclass(frozen=True)
class Template:
    """A template's bytes and what to call it in a sentence."""

    name: str
    data: bytes


def template(folder: Path | None, name: str) -> Template:
    """Return the template `name` (`task_sheet.docx`) of the county in `folder`, else the program's own."""
    own = folder / FOLDER / name if folder is not None else None
    if own is not None and own.is_file():
        with explained("读取模板", own):
            if own.stat().st_size > LARGEST_TEMPLATE:
                raise _fault(name, "太大。")
            return Template(f"{FOLDER}/{name}", own.read_bytes())
    return Template(name, resources.path(f"{FOLDER}/{name}").read_bytes())


def fill(source: Template, values: Mapping[str, Any]) -> bytes:
    """Return the document that the template gives with `values`; DataProblem says what is wrong with a template."""
    from docxtpl import DocxTemplate
    from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError
    from jinja2.sandbox import SandboxedEnvironment
    from lxml.etree import XMLSyntaxError

    environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    made = BytesIO()
    try:
        document = DocxTemplate(BytesIO(source.data))
        document.render(_lawful(values), environment, autoescape=True)
        document.save(made)
    except TemplateSyntaxError as error:
        raise _fault(source.name, f"里的占位符写法不对（{error.message}）。") from error
    except UndefinedError as error:
        raise _fault(source.name, f"里有不认识的占位符（{error.message}）。") from error
    except (TemplateError, TypeError) as error:
        raise _fault(source.name, f"填不进内容（{error}）。") from error
    except (BadZipFile, KeyError, ValueError, XMLSyntaxError) as error:
        raise _fault(source.name, "不是能用的 Word 文档（.docx），或已损坏。") from error
    return made.getvalue()


def year_heads(years: Sequence[int]) -> list[str]:
    """Return what stands above the templates' three columns for years; of more, the last takes the rest."""
    if len(years) > YEAR_COLUMNS:
        return [*(f"{year}年" for year in years[:_LAST]), f"{years[_LAST]}—{years[-1]}年"]
    return [f"{year}年" if year else "" for year in (*years, *[0] * (YEAR_COLUMNS - len(years)))]


def in_year_columns(years: Sequence[int], texts: Sequence[str]) -> list[str]:
    """Return the texts of the years for the templates' columns: nothing is left out of a plan of five years."""
    if len(years) > YEAR_COLUMNS:
        rest = zip(years[_LAST:], texts[_LAST:], strict=True)
        return [*texts[:_LAST], "\n".join(f"{year}年：{text}" for year, text in rest if text)]
    return [*texts, *[""] * (YEAR_COLUMNS - len(texts))]


def provide_templates(folder: Path) -> Path:
    """Put the program's templates, and how to change them, where the county keeps its own; return that folder.

    A template that is there already is the county's and stays. EnvironmentProblem when the folder cannot be written.
    """
    own = folder / FOLDER
    with explained("准备模板文件夹", own):
        own.mkdir(exist_ok=True)
    for name in resources.names(FOLDER):
        file = own / name
        if not file.exists() or not name.endswith(".docx"):
            write_atomically(file, resources.path(f"{FOLDER}/{name}").read_bytes(), "准备模板文件夹")
    return own


def _fault(name: str, what: str) -> DataProblem:
    advice = "请对照模板说明改正；也可以删去本县 templates 文件夹里的这个模板，改用程序自带的。"
    return DataProblem(f"模板 {name} {what}", advice=advice, code="template")


def _lawful(value: Any) -> Any:
    """Return `value` with every text in it fit for a document: no control characters; line breaks stay."""
    if isinstance(value, str):
        return _UNLAWFUL.sub("", value)
    if isinstance(value, Mapping):
        return {name: _lawful(each) for name, each in value.items()}
    if isinstance(value, Sequence):
        return [_lawful(each) for each in value]
    return value
