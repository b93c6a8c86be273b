"""`ronda index`: an explained vulnerability index from a table of indicators, without a database."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

if TYPE_CHECKING:
    from ronda.law.instrument_scales import Unit
    from ronda.law.instruments import Instrument
    from ronda.risk.adapters import Indexed

UNITS = ("province", "regency", "district", "village", "station")
LEVELS = ("low", "middle", "high", "")
SHOWN, PARTS_SHOWN = 20, 3


@click.command("index")
@click.argument("values", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--instrument", required=True, help="Id of an instrument, or a YAML file of a local one.")
@click.option("--unit", type=click.Choice(UNITS), default="village", show_default=True, help="What a row is.")
@click.option(
    "--aggregation",
    type=click.Choice(["arithmetic", "geometric"]),
    default="arithmetic",
    show_default=True,
    help="Of dimensions.",
)
@click.option(
    "--runs", type=click.IntRange(20, 100_000), default=1_000, show_default=True, help="Redrawn indices."
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Of the random numbers.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write every area to a CSV.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def index(
    values: Path,
    instrument: str,
    unit: str,
    aggregation: str,
    runs: int,
    seed: int,
    out: Path | None,
    as_json: bool,
) -> None:
    """Score areas by an instrument: parts, intervals and categories. What no source establishes is said beside it."""
    from ronda.law.loader import LawError
    from ronda.risk.adapters import Setting, ValuesRefused, index_of, values_read

    try:
        law = _instrument(instrument)
        table = values_read(values, [one.code for one in law.established])
        setting = Setting(cast("Unit", unit), cast(Any, aggregation), n_runs=runs, seed=seed)
        made = index_of(table, law, setting)
    except (ValuesRefused, LawError, ValueError) as problem:
        click.echo(f"{values.name}: {problem}", err=True)
        sys.exit(1)
    lines = _lines(made)
    if out:
        _write(out, lines)
    if as_json:
        click.echo(json.dumps(_head(made, law, runs, seed) | {"areas": lines}))
    else:
        _table(made, law, lines)


def _instrument(named: str) -> Instrument:
    from ronda.law.instruments import instruments
    from ronda.law.local_instruments import local_instrument_file

    if named in instruments():
        return instruments()[named]
    if Path(named).is_file():
        return local_instrument_file(Path(named))
    raise ValueError(f"wanted an instrument ({', '.join(sorted(instruments()))}) or its file, came {named!r}")


def _head(made: Indexed, law: Instrument, runs: int, seed: int) -> dict[str, Any]:
    return {
        "instrument": law.id,
        "version": law.version,
        "digest": law.digest,
        "weights": [name.en for name in made.weights],
        "not_established": [point.en for point in law.open_points()],
        "cutoffs": [made.cutoffs.middle_from, made.cutoffs.high_from] if made.cutoffs else None,
        "runs": runs,
        "seed": seed,
    }


def _lines(made: Indexed) -> list[dict[str, Any]]:
    return [_line(made, at) for at in range(len(made.values.codes))]


def _line(made: Indexed, at: int) -> dict[str, Any]:
    """One area; None where it has no index."""
    spread = made.uncertainty
    is_scored = made.scores.index[at] == made.scores.index[at]
    parts = sorted(zip(made.parts[at].tolist(), made.indicators, strict=True), reverse=True)
    return {
        "code": made.values.codes[at],
        "name": made.values.names[at],
        "index": round(float(made.scores.index[at]), 2) if is_scored else None,
        "category": LEVELS[made.categories[at]] or None if made.categories is not None else None,
        "known_share": round(float(made.scores.known_share[at]), 4),
        "score": [round(float(one), 2) for one in spread.score[at]] if is_scored else None,
        "place": spread.rank[at].tolist() if is_scored else None,
        "category_share": [round(float(s), 4) for s in spread.category_share[at]]
        if is_scored and made.categories is not None
        else None,
        "parts": {code: round(part, 2) for part, code in parts[:PARTS_SHOWN] if part > 0}
        if is_scored
        else {},
        "smallest_change": _change(made, at),
    }


def _change(made: Indexed, at: int) -> dict[str, Any] | None:
    if made.changes is None or made.changes.indicator[at] < 0:
        return None
    code = made.indicators[made.changes.indicator[at]]
    return {"indicator": code, "points": round(float(made.changes.change[at]), 2)}


def _write(out: Path, lines: list[dict[str, Any]]) -> None:
    names = [
        "code",
        "name",
        "index",
        "category",
        "known_share",
        "score_low",
        "score_high",
        "place_low",
        "place_high",
    ]
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*names, "parts", "smallest_change"])
        for line in lines:
            score, place = line["score"] or [None] * 3, line["place"] or [None] * 3
            change = line["smallest_change"]
            row = [
                _safe(line["code"]),
                _safe(line["name"]),
                line["index"],
                line["category"],
                line["known_share"],
            ]
            row += [score[0], score[2], place[0], place[2]]
            row.append("; ".join(f"{code} {points}" for code, points in line["parts"].items()))
            row.append(f"{change['indicator']} {change['points']:+}" if change else "")
            writer.writerow(row)


def _safe(text: str) -> str:
    """A cell that a spreadsheet does not run."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _table(made: Indexed, law: Instrument, lines: list[dict[str, Any]]) -> None:
    click.echo(f"{law.name.en}, version {law.version}; weights of dimensions: {made.weights[0].en}")
    for point in law.open_points():
        click.echo(f"  not established: {point.en}")
    if made.cutoffs:
        click.echo(f"middle from {made.cutoffs.middle_from:.2f}, high from {made.cutoffs.high_from:.2f}")
    scored = sorted((line for line in lines if line["index"] is not None), key=lambda line: -line["index"])
    click.echo(f"{len(scored)} of {len(lines)} areas have an index; the rest are known too little")
    for line in scored[:SHOWN]:
        low, _middle, high = line["place"]
        parts = ", ".join(f"{code} {points}" for code, points in line["parts"].items())
        click.echo(
            f"{line['index']:6.2f} {line['category'] or '':7} place {low}-{high}  {line['name']}: {parts}"
        )
