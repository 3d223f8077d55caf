"""`sijian proofs`: the proof files of a package in the city's ledger, listed or taken out."""

from __future__ import annotations

from pathlib import Path

import click

from desktop.cli_common import EXISTING_FILE, FOLDER, FOUND_PROBLEMS, GOOD, given_password, print_json, say, user_name
from desktop.cli_words import ChineseCommand


@click.command(cls=ChineseCommand)
@click.argument("ledger_file", metavar="LEDGER", type=EXISTING_FILE)
@click.argument("package", metavar="PACKAGE")
@click.option("--out", type=FOLDER, metavar="目录", help="把附件按原名另存到这个目录。")
@click.option("--password-file", type=EXISTING_FILE, metavar="文件", help="上报包的密码，写在这个文件的第一行。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
@click.help_option(help="显示用法。")
def proofs(ledger_file: Path, package: str, out: Path | None, password_file: Path | None, as_json: bool) -> int:
    """市级：列出台账里一个上报包（名称如 370783-monthly-2022-03-v1，或编号）的佐证附件，或取出来。"""
    from db.core.errors import SijianError
    from db.exchange.ledger.file import Ledger
    from db.exchange.ledger.originals import proofs as listed
    from db.exchange.ledger.originals import take_out
    from db.exchange.ledger.reports import number_of
    from db.work.evidence import file_name

    failed = 0
    taken: set[str] = set()
    with Ledger.open(ledger_file, author=user_name()) as ledger, ledger.reading() as conn:
        number = number_of(conn, package)
        found = listed(conn, number)
        password = given_password(password_file)
        for proof in found:
            item = proof.item
            if out is not None:
                copy = _free_name(out / file_name(item), item.sha256, taken)
                try:
                    take_out(conn, ledger.path, number, item, copy, password)
                    click.echo(str(copy))
                except SijianError as problem:
                    failed += 1
                    say(str(problem))
            elif not as_json:
                click.echo("　".join(part for part in (item.name, f"{item.size:,}字节", item.proves) if part))
    if as_json:
        print_json(
            [
                {
                    "table": proof.table,
                    "row_id": proof.row_id,
                    "name": proof.item.name,
                    "sha256": proof.item.sha256,
                    "size": proof.item.size,
                    "proves": proof.item.proves,
                }
                for proof in found
            ]
        )
    say(f"{len(found)}个附件" + (f"，{failed}个没有取出。" if failed else "。"))
    return FOUND_PROBLEMS if failed else GOOD


def _free_name(file: Path, sha256: str, taken: set[str]) -> Path:
    """Return the file, with a number where another one has its name."""
    from db.exchange.ledger.originals import holds

    found, number = file, 1
    while found.name.casefold() in taken or (found.exists() and not holds(found, sha256)):
        number += 1
        found = file.with_stem(f"{file.stem}({number})")
    taken.add(found.name.casefold())
    return found
