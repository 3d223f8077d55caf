"""`python3 dev.py windows`: the release from nothing to one verdict, on Windows Python under Wine.

    python -m tests.windows [--lab FOLDER] [--anew] [--only STEP …] [--tests PATH …]

Makes the lab, runs tests on Windows Python, freezes the program, makes the installer, installs it for a user with a
Chinese name, lets it test itself in a folder with a Chinese name, opens a work package by a double click, measures it,
upgrades it in place, takes pictures of its pages and takes it off again. A step that fails stops only those that stand
on it. What was made lies in FOLDER (default `.windows`): `setup.exe`, the zip, `pictures`, and `logs` with all that
was said and `verdict.txt`.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

import dev
from tests.windows.lab import Lab, LabProblem
from tests.windows.release import Release
from tests.windows.verdict import Verdict


def main(arguments: list[str]) -> int:
    """Do the steps and return 0 when all went well, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="windows")
    parser.add_argument("--lab", type=Path, default=dev.ROOT / ".windows")
    parser.add_argument("--anew", action="store_true", help="throw away what is left of an earlier run first")
    parser.add_argument("--only", nargs="*", help="these steps, on what an earlier run has made")
    parser.add_argument("--tests", nargs="*", default=[], help="what the steps that test run instead of their own")
    asked = parser.parse_args(arguments)
    if asked.anew:
        shutil.rmtree(asked.lab, ignore_errors=True)
    try:
        lab = Lab(asked.lab)
    except LabProblem as problem:
        print(f"{problem}\nVERDICT: FAILED")
        return 1
    try:
        release = Release(lab, Verdict(lab.folder / "logs"), asked.tests)
        known = [step.name for step in release.steps]
        if set(asked.only or ()) - set(known):
            parser.error(f"the steps are: {', '.join(known)}")
        return release.do(asked.only or known)
    finally:
        lab.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
