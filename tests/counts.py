"""The counts of tests/counts.toml at the speed asked for by RONDA_COUNTS (fast or full)."""

import os
import tomllib
from pathlib import Path

FILE = Path(__file__).with_name("counts.toml")


def count(name: str) -> int:
    """How often the promise `name` is tried in this run."""
    speed = os.environ.get("RONDA_COUNTS") or "fast"
    table = tomllib.loads(FILE.read_text())
    if name not in table or speed not in table[name]:
        raise KeyError(f"tests/counts.toml has no count for {name} at speed {speed}")
    return int(table[name][speed])
