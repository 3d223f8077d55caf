"""Where a package is, and what the city thinks of it: the values of `status` and `review` in `submission`."""

from __future__ import annotations

from typing import Final

EXPORTED: Final = "已导出"
RECEIVED: Final = "已接收"
SUPERSEDED: Final = "被替代"
RECALLED: Final = "已撤回"

WAITING: Final = "待审核"
DOUBTFUL: Final = "有问题"
RETURNED: Final = "退回"
PASSED: Final = "通过"
