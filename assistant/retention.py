"""Keeps what people asked no longer than platform.toml says: looked at once a day while in use."""

import threading
import time
from dataclasses import dataclass, field

from assistant.settings import Settings

DAY_S = 86_400
BY = "retention"


@dataclass
class Retention:
    """The daily look of one process."""

    settings: Settings
    _looked_at: float | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def look(self) -> None:
        """Remove what is too old, unless that was done within a day or is being done."""
        kept = self.settings.retention
        if kept.journal_days is None and kept.audit_days is None:
            return
        if not self._is_due() or not self._lock.acquire(blocking=False):
            return
        try:
            from assistant.erasure import expire

            expire(
                self.settings.state,
                journal_days=kept.journal_days,
                audit_days=kept.audit_days,
                by=BY,
                do=True,
            )
            self._looked_at = time.monotonic()
        finally:
            self._lock.release()

    def _is_due(self) -> bool:
        return self._looked_at is None or time.monotonic() - self._looked_at > DAY_S
