"""The one place that reads the time. In a demo or drill the time may run faster than the wall clock.

A drill clock is a small JSON file, `{"simulated": iso, "real": unix seconds, "speed": x}`, named by the setting
RONDA_CLOCK_FILE; every process of the drill reads it again when it changes. Without the setting time is real.
"""

import json
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple


class DrillClock(NamedTuple):
    simulated: datetime
    real_s: float
    speed: float


_cache: dict[str, tuple[int, DrillClock]] = {}


def now() -> datetime:
    """The current instant, aware, in UTC."""
    clock = drill()
    if clock is None:
        return datetime.now(UTC)
    return clock.simulated + timedelta(seconds=(time.time() - clock.real_s) * clock.speed)


def rate() -> float:
    """How many seconds pass here while one passes outside: 1 but in a drill."""
    clock = drill()
    return 1.0 if clock is None else clock.speed


def drill() -> DrillClock | None:
    """The drill clock as it was last set; None when time is real."""
    path = os.environ.get("RONDA_CLOCK_FILE")
    return _drill(path) if path else None


def set_drill(path: Path, *, simulated: datetime, speed: float) -> None:
    """Start or change the drill clock: from now on it is `simulated`, running `speed` times as fast."""
    if simulated.tzinfo is None:
        raise ValueError(f"simulated must be an aware time, got {simulated.isoformat()}")
    record = {"simulated": simulated.isoformat(), "real": time.time(), "speed": speed}
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps(record), encoding="utf-8")
    beside.replace(path)


def _drill(path: str) -> DrillClock | None:
    try:
        changed = os.stat(path).st_mtime_ns
    except FileNotFoundError:
        return None
    known = _cache.get(path)
    if known is None or known[0] != changed:
        record = json.loads(Path(path).read_text(encoding="utf-8"))
        clock = DrillClock(datetime.fromisoformat(record["simulated"]), record["real"], record["speed"])
        known = _cache[path] = (changed, clock)
    return known[1]
