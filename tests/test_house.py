"""The house rules that a program can check: imports, SQL, sizes, lock files, and the three tools."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = sorted(ROOT.glob("requirements*.lock"))
MOST_LINES = 400


def modules(*folders: str) -> list[Path]:
    return sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py"))


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def imports(file: Path) -> Iterator[str]:
    """Yield the dotted name of everything `file` imports, at whatever depth."""
    yield from imported_by(ast.parse(file.read_text(encoding="utf-8")))


def imported_by(tree: ast.AST) -> Iterator[str]:
    """Yield the dotted name of everything imported anywhere in `tree`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def tracked_files() -> list[Path]:
    """Return the files under version control."""
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("not a git checkout, or no git to ask")
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return [ROOT / name for name in listing.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


# --- The three tools ------------------------------------------------------------------------------------------------

LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"


@pytest.mark.parametrize(
    "command",
    [["-m", "ruff", "check"], ["-m", "mypy"], ["-c", LINT_IMPORTS]],
    ids=["ruff", "mypy", "import-linter"],
)
def test_tool_finds_nothing(command: list[str]) -> None:
    result = subprocess.run(
        [sys.executable, *command], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr


# --- What the import contracts cannot say ---------------------------------------------------------------------------


@pytest.mark.parametrize("file", modules("resources"), ids=name_of)
def test_resources_needs_the_standard_library_only(file: Path) -> None:
    strange = {name.partition(".")[0] for name in imports(file)} - sys.stdlib_module_names - {"resources"}
    assert not strange


@pytest.mark.parametrize("file", modules("db"), ids=name_of)
def test_db_names_no_window_even_in_annotations(file: Path) -> None:
    assert not {name.partition(".")[0] for name in imports(file)} & {"desktop", "PySide6", "shiboken6"}


def test_models_know_no_widgets() -> None:
    found = {
        f"{name_of(file)}: {name}"
        for file in modules("desktop/models")
        for name in imports(file)
        if name.startswith("PySide6.QtWidgets")
    }
    assert not found


VIEWS = ("desktop/pages", "desktop/dialogs", "desktop/widgets", "desktop/models")
# What a view may name in annotations but must not have at run time: the county's data comes through the session. The
# name of sqlite3 is harmless, since `.execute` and `sqlite3.connect` are found below.
DATA_DOORS = {"sqlite_utils", "db.store.county", "db.store.connection", "db.store.journal", "db.store.undo"}


def run_time_imports(file: Path) -> set[str]:
    """Return what `file` imports outside `if TYPE_CHECKING:`."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    guards = [node for node in ast.walk(tree) if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
    for guard in guards:
        guard.body = [ast.Pass()]
    return set(imported_by(tree))


@pytest.mark.parametrize("file", modules(*VIEWS), ids=name_of)
def test_views_reach_data_through_the_session(file: Path) -> None:
    assert not run_time_imports(file) & DATA_DOORS


def test_imports_for_annotations_are_told_apart(tmp_path: Path) -> None:
    module = tmp_path / "page.py"
    module.write_text("import sqlite_utils\nif TYPE_CHECKING:\n    from db.store.county import County\n")
    assert run_time_imports(module) & DATA_DOORS == {"sqlite_utils"}
    assert "db.store.county" in set(imports(module))


SQL = re.compile(
    r"\b(SELECT\b.+\bFROM|INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|PRAGMA\s+\w+)\b", re.S
)


@pytest.mark.parametrize("file", modules("desktop"), ids=name_of)
def test_desktop_holds_no_sql(file: Path) -> None:
    found = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.search(node.value):
            found.append(f"line {node.lineno}: SQL text")
        if isinstance(node, ast.Attribute) and node.attr in ("execute", "executemany", "executescript"):
            found.append(f"line {node.lineno}: .{node.attr}")
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "sqlite3.connect":
            found.append(f"line {node.lineno}: sqlite3.connect")
    found += [name for name in imports(file) if name.partition(".")[0] == "sqlite_utils" or name == "sqlite3.connect"]
    assert not found


@pytest.mark.parametrize("file", modules("desktop/pages", "desktop/dialogs", "desktop/widgets"), ids=name_of)
def test_nothing_outlives_its_widget_in_the_sessions_signals(file: Path) -> None:
    # The session lives on when pages are made anew; a method is let go of with its widget, a lambda never.
    assert not lasting_lambdas(file.read_text(encoding="utf-8"))


def lasting_lambdas(source: str) -> list[int]:
    """Return the lines where a lambda is connected to a signal of the session."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "connect"
        and re.search(r"(?:^|[._])session\.\w+$", ast.unparse(node.func.value))
        and any(isinstance(argument, ast.Lambda) for argument in node.args)
    ]


def test_lasting_lambdas_are_recognised() -> None:
    assert lasting_lambdas("self._session.changed.connect(lambda _: self.refresh())") == [1]
    assert not lasting_lambdas("session.changed.connect(self.refresh)\nself.button.clicked.connect(lambda: self.go())")


def test_sql_is_recognised() -> None:
    assert SQL.search("SELECT seq\nFROM town")
    assert SQL.search("INSERT OR REPLACE INTO town VALUES (1)")
    assert not SQL.search("从列表中选择 (select a town from the list)")


@pytest.mark.parametrize("package", ["db", "desktop", "resources", "tests", ""])
def test_modules_stay_small(package: str) -> None:
    files = modules(package) if package else sorted(ROOT.glob("*.py"))
    sizes = {name_of(file): len(file.read_text(encoding="utf-8").splitlines()) for file in files}
    assert sizes
    assert {name: lines for name, lines in sizes.items() if lines > MOST_LINES} == {}


def test_every_folder_of_modules_is_a_package() -> None:
    """A folder without `__init__.py` would be left out of the import contracts in silence."""
    folders = {file.parent for file in modules("db", "desktop", "tests")}
    assert not {name_of(folder) for folder in folders if not (folder / "__init__.py").exists()}


# --- Lock files and machines ----------------------------------------------------------------------------------------


def lock_entries(lock: Path) -> dict[str, str]:
    """Return the text of each entry of `lock`, by lower-case package name."""
    text = re.sub(r"^\s*#.*\n", "", lock.read_text(encoding="utf-8"), flags=re.M).replace("\\\n", " ")
    return {line.partition("==")[0].strip(): line for line in text.splitlines() if line.strip()}


def test_there_are_four_locks() -> None:
    assert [lock.name for lock in LOCKS] == [
        "requirements-build.lock",
        "requirements-dev.lock",
        "requirements-strangers.lock",
        "requirements.lock",
    ]


@pytest.mark.parametrize("lock", LOCKS, ids=name_of)
def test_every_locked_entry_is_pinned_and_hashed(lock: Path) -> None:
    entry = re.compile(r"[a-z0-9._-]+==[\w.+!-]+( ; [^#]+?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*")
    wrong = [name for name, text in lock_entries(lock).items() if not entry.fullmatch(text)]
    assert not wrong


@pytest.mark.parametrize("lock", LOCKS, ids=name_of)
def test_locks_name_no_place_to_download_from(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert not re.findall(r"\w+://|--(?:index|extra|find|trusted)\S*|@ ", text)


def test_locks_agree_and_name_what_the_project_declares() -> None:
    runtime, dev = lock_entries(ROOT / "requirements.lock"), lock_entries(ROOT / "requirements-dev.lock")
    assert {name for name in runtime.keys() & dev.keys() if runtime[name] != dev[name]} == set()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    declared = {
        "requirements.lock": project["project"]["dependencies"],
        "requirements-dev.lock": project["dependency-groups"]["dev"],
        "requirements-build.lock": project["dependency-groups"]["build"],
        "requirements-strangers.lock": project["dependency-groups"]["strangers"],
    }
    for lock, requirements in declared.items():
        names = {re.split(r"[<>=~! ]", requirement)[0].lower() for requirement in requirements}
        assert names <= lock_entries(ROOT / lock).keys(), lock


# Folders that exist on one machine only, and hosts and settings of package indexes.
MACHINE = re.compile(
    r"(?<!\bdb)/(?:home|root|Users|work|opt)/\w|[A-Za-z]:\\\\?Users\\|/tmp/[a-z]"
    r"|\bpypi\.(?:org|python)|files\.pythonhosted|(?:index[-_]url|find[-_]links|trusted[-_]host)\s*="
)


def test_no_file_names_a_machine_or_a_package_index() -> None:
    found = []
    for file in tracked_files():
        if file == Path(__file__).resolve():
            continue
        try:
            text = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # pictures and workbooks
        found += [f"{name_of(file)}: {match.group()}" for match in MACHINE.finditer(text)]
    assert not found


@pytest.mark.parametrize(
    "text", ["/home/li/x", "C:\\\\Users\\\\li", "https://pypi.org/simple", "index-url = x", "find-links=wheels"]
)
def test_machine_names_are_recognised(text: str) -> None:
    assert MACHINE.search(text)
