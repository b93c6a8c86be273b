"""`ronda screens`: which stations of a file to look at first, without a database."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click


@click.command("screens")
@click.argument("sheets", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--format", "format_", type=click.Choice(["situng-2019"]), required=True, help="Shape of the file."
)
@click.option(
    "--source", type=click.Choice(["kpu", "kp"]), default="kp", show_default=True, help="Copy to screen."
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Of the random numbers.")
@click.option(
    "--runs", type=click.IntRange(2, 10_000), default=200, show_default=True, help="Redrawn elections."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def screens(sheets: Path, format_: str, source: str, seed: int, runs: int, as_json: bool) -> None:
    """Order the sheets of a file for a look at the paper. Never proof: each line says what else explains it."""
    from ronda.results.adapters.screening import screen, screened_of
    from ronda.results.adapters.situng2019 import read_sheets
    from ronda.results.adapters.source import FileError

    try:
        stations = read_sheets(sheets)
        found = screen(screened_of(stations, source), seed=seed, runs=runs)
    except (FileError, ValueError) as problem:
        click.echo(f"{sheets.name}: {problem}", err=True)
        sys.exit(1)
    found = {"source": source, "left_out": len(stations) - found["stations"], **found}
    if as_json:
        click.echo(json.dumps(found))
    else:
        _table(found)


def _table(found: dict[str, Any]) -> None:
    click.echo(
        f"{found['stations']} stations of {found['source']} whose form holds together; {found['left_out']} left out"
    )
    for name, result in found.items():
        if isinstance(result, dict):
            click.echo(f"\n{name.replace('_', ' ')}: {result['word']}  ({_numbers(result)})")
            click.echo(f"  if nothing is to look at: {result['null_model']}")
            click.echo(f"  also explained by: {result['innocent']}")
            for one in result.get("largest", []):
                click.echo(
                    f"  village {one['kel_id']} TPS {one['tps']}: {one['votes']:+d} votes, {one['residual']:+.1f} sd"
                )


def _numbers(result: dict[str, Any]) -> str:
    words = {"word", "null_model", "innocent", "largest", "seed", "counts"}
    return ", ".join(f"{key} {value}" for key, value in result.items() if key not in words)
