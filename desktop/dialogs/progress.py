"""Long work as it goes on: a panel with a bar and 取消 that comes after half a second and stops nobody."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from desktop.jobs import JobProgress
from desktop.widgets.basics import ElidedLabel, button, label

DELAY = 500
WIDTH, RIGHT, BOTTOM = 340, 16, 46


class JobPanel(QFrame):
    """The long job that runs, in the lower right corner of `host`; the next one waits its turn behind it."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self.setObjectName("jobpanel")
        self._host = host
        self.setFixedWidth(WIDTH)
        self.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        self.title = label("", "title")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.text = ElidedLabel("", "secondary")
        self.cancel = button("取消", self._cancel)
        row = QHBoxLayout()
        row.addWidget(self.text, 1)
        row.addWidget(self.cancel)
        column.addWidget(self.title)
        column.addWidget(self.bar)
        column.addLayout(row)
        self._jobs: list[JobProgress] = []
        self._timer = QTimer(self, singleShot=True, interval=DELAY)
        self._timer.timeout.connect(self._appear)
        host.installEventFilter(self)

    def begin(self, job: JobProgress) -> None:
        """Watch `job`; the panel appears when it takes longer than half a second."""
        self._jobs.append(job)
        job.moved.connect(self._update)
        if not self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def end(self, job: JobProgress) -> None:
        """Stop watching `job`."""
        self._jobs.remove(job)
        if self._jobs:
            self._update()
        else:
            self._timer.stop()
            self.hide()

    def _appear(self) -> None:
        if self._jobs:
            self._update()
            self.adjustSize()
            self._place()
            self.show()
            self.raise_()

    def _update(self) -> None:
        if not self._jobs:
            return
        job = self._jobs[0]
        self.title.setText(job.title)
        self.bar.setRange(0, 1000 if job.total else 0)
        self.bar.setValue(round(1000 * job.done / job.total) if job.total else 0)
        waiting = f"（还有 {len(self._jobs) - 1} 项在等待）" if len(self._jobs) > 1 else ""
        self.text.setText("正在取消…" if job.cancelled else (job.text or "请稍候…") + waiting)
        self.cancel.setEnabled(not job.cancelled)

    def _cancel(self) -> None:
        if self._jobs:
            self._jobs[0].cancel()
            self._update()

    def _place(self) -> None:
        host = self._host
        self.move(host.width() - self.width() - RIGHT, host.height() - self.height() - BOTTOM)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)
