"""The search for garbage stands still inside, and goes on after, whatever happened."""

from __future__ import annotations

import gc

import pytest

from db.core.garbage import nothing_collected


def test_it_goes_on_after_a_failure_too() -> None:
    assert gc.isenabled()
    with pytest.raises(ValueError, match="inside"), nothing_collected():
        assert not gc.isenabled()
        with nothing_collected():
            pass
        assert not gc.isenabled()
        raise ValueError("inside")
    assert gc.isenabled()
