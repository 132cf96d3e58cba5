"""How often one client may ask: a bucket of requests that refills steadily."""

from __future__ import annotations

from threading import Lock

# Clients remembered; more at once is an attack from many addresses, which this cannot tell apart.
MAX_CLIENTS = 10_000


class RateLimit:
    """So many requests a minute for each client, all at once or spread."""

    def __init__(self, per_minute: int) -> None:
        """Allow `per_minute` requests; 0 allows any number."""
        self._per_minute = per_minute
        self._left: dict[str, tuple[float, float]] = {}
        self._lock = Lock()

    def wait(self, client: str, now: float) -> float:
        """Count a request at `now`, in seconds; return the seconds to wait, 0 when it is allowed."""
        if not self._per_minute:
            return 0.0
        rate = self._per_minute / 60
        with self._lock:
            left, then = self._left.pop(client, (float(self._per_minute), now))
            left = min(float(self._per_minute), left + (now - then) * rate)
            allowed = left >= 1
            self._left[client] = (left - allowed, now)
            while len(self._left) > MAX_CLIENTS:
                del self._left[next(iter(self._left))]
        return 0.0 if allowed else (1 - left) / rate
