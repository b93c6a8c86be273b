"""How every measurement is shown: a table of ours, limit or peer, and ratio; and one flat JSON object."""

from __future__ import annotations

import argparse
import json
import os
import platform
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One measured number. `limit` is what it must not pass, `peer` what a known program needs for it."""

    key: str
    name: str
    value: float
    unit: str
    limit: float | None = None
    peer: float | None = None


def arguments(description: str) -> argparse.Namespace:
    """`--quick` and `--json FILE`, which every measurement understands."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--quick", action="store_true", help="smaller counts, same measurements")
    parser.add_argument("--json", type=Path, help="write the figures to FILE as one flat object")
    return parser.parse_args()


def report(title: str, figures: list[Figure], target: Path | None) -> int:
    """Print the table, write the JSON; 1 when a limit is passed."""
    print(f"{title} ({os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()})")
    print(f"{'':44} {'ours':>10} {'limit':>10} {'peer':>10} {'ratio':>8}")
    for figure in figures:
        other = figure.peer if figure.peer is not None else figure.limit
        ratio = f"{figure.value / other:.3f}" if other else ""
        cells = f"{figure.value:10.3f} {_cell(figure.limit)} {_cell(figure.peer)} {ratio:>8}"
        print(f"{figure.name:44} {cells} {figure.unit}")
    if target:
        target.write_text(json.dumps({figure.key: figure.value for figure in figures}, indent=2) + "\n")
    passed = [figure.name for figure in figures if figure.limit is not None and figure.value > figure.limit]
    for name in passed:
        print(f"over the limit: {name}")
    return 1 if passed else 0


def _cell(number: float | None) -> str:
    return f"{number:10.1f}" if number is not None else " " * 10
