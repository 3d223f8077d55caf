"""Makes tests/fixtures/plans: the shipped plan as LibreOffice saves it, in several forms.

Run by hand where LibreOffice Writer is installed: python -m tests.db.plan.reading.make_variants
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import resources
from tests.db.plan import proof
from tests.db.plan.reading.word_files import NUMBERING, numbered, paragraph, word_file

PLANS = Path(__file__).resolve().parents[3] / "fixtures" / "plans"
_PLAIN_UTF8 = "--infilter=Text (encoded):UTF8,LF,,,"


def main() -> None:
    """Write all variants, replacing those that exist."""
    PLANS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "plan.txt"
        shutil.copyfile(resources.path(proof.DOCUMENT), source)
        saved = _convert(source, "docx", folder / "saved", _PLAIN_UTF8)
        shutil.copyfile(saved, PLANS / "saved.docx")
        old = _convert(saved, "doc", folder / "old")
        shutil.copyfile(old, PLANS / "saved.doc")
        shutil.copyfile(_convert(old, "docx", folder / "new"), PLANS / "from_doc.docx")
        text = _convert(saved, "txt:Text (encoded):GB_18030,CRLF,,,", folder / "text")
        shutil.copyfile(text, PLANS / "gb18030.txt")
        lists = folder / "lists.docx"
        lists.write_bytes(word_file("".join(_numbered_lines()), numbering=NUMBERING))
        shutil.copyfile(_convert(lists, "docx", folder / "numbered"), PLANS / "numbered.docx")


def _numbered_lines() -> Iterator[str]:
    """Yield the lines of the plan with the numbers of parts and articles left to automatic lists."""
    for line in proof.document().split("\n"):
        body = line.strip()
        if part := re.match("[一二三四五六]、", body):
            yield numbered(body[part.end() :], level=0)
        elif article := re.match("（[一二三四五六七八九十]+）", body):
            yield numbered(body[article.end() :], level=1)
        elif body:
            yield paragraph(body)


def _convert(file: Path, kind: str, folder: Path, *options: str) -> Path:
    command = ["soffice", "--headless", *options, "--convert-to", kind, "--outdir", str(folder), str(file)]
    subprocess.run(command, check=True, capture_output=True)
    return folder / f"{file.stem}.{kind.partition(':')[0]}"


if __name__ == "__main__":
    main()
