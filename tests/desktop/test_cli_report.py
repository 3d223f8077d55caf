"""`sijian report`: every kind in both forms, and plain words for wrong use."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest

from desktop import cli


@pytest.mark.parametrize(
    ("kind", "period", "ending", "title"),
    [
        ("monthly-table", "2022-03", ".xlsx", "月调度表"),
        ("monthly", "2022-03", ".docx", "工作月报"),
        ("evaluation", "2022", ".docx", "2022年度自评报告"),
        ("evaluation", "final", ".docx", "全面评估自评报告"),
    ],
)
def test_a_report_is_written_as_asked(
    demo_folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    kind: str,
    period: str,
    ending: str,
    title: str,
) -> None:
    for options, file in (([], tmp_path / f"报表{ending}"), (["--pdf"], tmp_path / "报表.pdf")):
        arguments = ["report", str(demo_folder), "--kind", kind, "--period", period, "--out", str(file), *options]
        assert cli.main(arguments) == cli.GOOD
        said = capsys.readouterr().out.splitlines()
        assert said[0] == str(file) and said[1].endswith(title)
        assert file.read_bytes().startswith(b"%PDF" if options else b"PK")


@pytest.mark.parametrize(
    ("kind", "period", "file", "code", "told"),
    [
        ("monthly", "2022-03", "报表.pdf", cli.WRONG_USE, "要写成 .docx 文件"),
        ("yearly", "2022", "报表.docx", cli.WRONG_USE, "--kind"),
        ("monthly", "2022", "报表.docx", cli.FOUND_PROBLEMS, "不是月份"),
        ("supervision", "2022", "督办单", cli.FOUND_PROBLEMS, "不是月份"),
        ("evaluation", "2030", "报表.docx", cli.FOUND_PROBLEMS, "没有“2030”这个评估期"),
    ],
)
def test_what_cannot_be_written_is_told(
    demo_folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    kind: str,
    period: str,
    file: str,
    code: int,
    told: str,
) -> None:
    arguments = ["report", str(demo_folder), "--kind", kind, "--period", period, "--out", str(tmp_path / file)]
    assert cli.main(arguments) == code
    assert told in capsys.readouterr().err
    assert not (tmp_path / file).exists()


@pytest.mark.parametrize(("options", "ending"), [([], ".docx"), (["--pdf"], ".pdf")])
def test_papers_are_written_for_those_who_are_behind(
    demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], ending: str
) -> None:
    arguments = [
        "report",
        str(demo_folder),
        "--kind",
        "supervision",
        "--period",
        "2022-03",
        "--out",
        str(tmp_path / "出"),
    ]
    one = ["--unit", "圣城街道", "--number", "督〔2022〕3号", "--reply-by", "2022.4.20"]
    assert cli.main([*arguments, *one, *options]) == cli.GOOD
    (file,) = (tmp_path / "出").iterdir()
    assert file.name == f"督办单-镇街-圣城街道{ending}" and capsys.readouterr().out.splitlines() == [str(file)]
    if not options:
        words = "".join(docx.Document(str(file)).element.itertext())
        assert "督〔2022〕3号" in words and "2022年4月20日" in words


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        (["--kind", "supervision", "--reply-by", "下周"], cli.FOUND_PROBLEMS, "下周"),
        (["--kind", "supervision", "--unit", "没有镇"], cli.FOUND_PROBLEMS, "没有镇"),
        (["--kind", "monthly", "--unit", "圣城街道"], cli.WRONG_USE, "只用于 --kind supervision"),
    ],
)
def test_what_is_wrong_about_papers_is_told(
    demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], code: int, told: str
) -> None:
    assert (
        cli.main(["report", str(demo_folder), "--period", "2022-03", "--out", str(tmp_path / "出"), *options]) == code
    )
    assert told in capsys.readouterr().err and not (tmp_path / "出").exists()
