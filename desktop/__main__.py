"""`python -m desktop` is the same as the command `sijian`."""

from __future__ import annotations

import multiprocessing
import sys

if __name__ == "__main__":
    multiprocessing.freeze_support()  # in the frozen program a child begins here too, and goes no further
    from desktop.cli import main

    sys.exit(main())
