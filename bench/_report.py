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
    """One measured number. `limit` is what it must not pass, `least` what it must reach, `peer` a known program's."""

    key: str
    name: str
    value: float
    unit: str
    limit: float | None = None
    peer: float | None = None
    least: float | None = None


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
        bound = figure.limit if figure.limit is not None else figure.least
        other = figure.peer if figure.peer is not None else bound
        ratio = f"{figure.value / other:.3f}" if other else ""
        cells = f"{figure.value:10.3f} {_cell(bound)} {_cell(figure.peer)} {ratio:>8}"
        print(f"{figure.name:44} {cells} {figure.unit}")
    if target:
        target.write_text(json.dumps({figure.key: figure.value for figure in figures}, indent=2) + "\n")
    missed = [figure.name for figure in figures if not _holds(figure)]
    for name in missed:
        print(f"not within its bound: {name}")
    return 1 if missed else 0


def _holds(figure: Figure) -> bool:
    above = figure.limit is not None and figure.value > figure.limit
    below = figure.least is not None and figure.value < figure.least
    return not (above or below)


def _cell(number: float | None) -> str:
    return f"{number:10.1f}" if number is not None else " " * 10
