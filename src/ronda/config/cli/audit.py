"""`ronda audit`: is a recapitulation what the forms say? Plan, draw and evaluate from files, without a database."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ronda.methods.audit import Contest
    from ronda.results.adapters.batch_draws import Method
    from ronda.results.adapters.batch_lists import BatchList

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
SHARE = click.FloatRange(0, 1, min_open=True, max_open=True)
GOES_ON = 3
DIGEST = click.option("--digest", required=True, help="Of the list, as published by `ronda audit plan`.")
SEED_USED = click.option("--seed", required=True, help="The one the draw was made with.")
METHOD = click.option(
    "--method",
    type=click.Choice(["macro", "alpha"]),
    default="macro",
    show_default=True,
    help="How stations are drawn and judged.",
)
RISK = click.option(
    "--risk", type=SHARE, default=0.05, show_default=True, help="Chance that a wrong outcome passes."
)
SEATS = click.option(
    "--seats", type=click.IntRange(1), default=1, show_default=True, help="How many choices win."
)


@click.command("plan")
@click.argument("batches", type=FILE)
@RISK
@SEATS
def plan(batches: Path, risk: float, seats: int) -> None:
    """Fix a list of stations (CSV: unit, bound, one column per choice) and say how many to draw.

    Publish the digest before the seed is thrown.
    """
    from ronda.methods.audit import detection_size, error_bounds
    from ronda.results.adapters.batch_draws import planned_size

    listed = _list(batches, seats)
    contest, units = _held(listed), len(listed.units)
    macro, alpha = (planned_size(contest, method, risk=risk) for method in ("macro", "alpha"))
    click.echo(f"list    {units} stations, digest {listed.digest}")
    click.echo(f"margin  {contest.margin} votes; U = {error_bounds(contest).sum():.3f}")
    click.echo(f"macro   {macro} draws, with replacement, if all are clean")
    click.echo(f"alpha   {alpha} different stations, if all are clean")
    for percent in (1, 5):
        faulty = max(1, units * percent // 100)
        size = detection_size(units, faulty, confidence=1 - risk)
        click.echo(f"detect  {size} different stations find one of {faulty} faulty ones ({percent} %)")


@click.command("draw")
@click.argument("batches", type=FILE)
@DIGEST
@click.option("--seed", required=True, help="Thrown in public after the digest was published.")
@click.option("--draws", type=click.IntRange(1), required=True, help="How many.")
@METHOD
@SEATS
def draw(batches: Path, digest: str, seed: str, draws: int, method: Method, seats: int) -> None:
    """Draw stations from a frozen list; CSV with the turn and the unit on standard output.

    A list of stations that are still missing has the columns unit and bound alone; it is drawn with --method alpha.
    """
    listed = _list(batches, seats)
    _same_digest(listed, digest)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["turn", "unit"])
    for turn, unit in enumerate(_drawn(listed, seed, draws, method), start=1):
        writer.writerow([turn, listed.units[unit]])


@click.command("evaluate")
@click.argument("batches", type=FILE)
@click.argument("forms", type=FILE)
@DIGEST
@SEED_USED
@click.option("--draws", type=click.IntRange(1), required=True, help="How many.")
@METHOD
@RISK
@SEATS
def evaluate(
    batches: Path, forms: Path, digest: str, seed: str, draws: int, method: Method, risk: float, seats: int
) -> None:
    """Hold the forms of the drawn stations (CSV: unit, one column per choice) against the list.

    A form that cannot be had stays in the file with empty cells and counts at its worst. Ends with 3 while the
    audit has to go on.
    """
    from ronda.results.adapters.batch_draws import errors_of
    from ronda.results.adapters.batch_lists import forms_read
    from ronda.results.adapters.source import FileError

    listed = _list(batches, seats)
    _same_digest(listed, digest)
    drawn = _drawn(listed, seed, draws, method)
    try:
        found = errors_of(listed, drawn, forms_read(forms, listed)[1])
    except (FileError, ValueError) as problem:
        _stop(f"{forms.name}: {problem}")
    _tell(listed, drawn, found, method, risk)


@click.command("estimate")
@click.argument("batches", type=FILE)
@click.argument("forms", type=FILE)
@DIGEST
@SEED_USED
@click.option("--draws", type=click.IntRange(2), required=True, help="How many.")
@click.option(
    "--confidence",
    type=SHARE,
    default=0.95,
    show_default=True,
    help="Chance that an interval holds the true share.",
)
def estimate(batches: Path, forms: Path, digest: str, seed: str, draws: int, confidence: float) -> None:
    """Estimate every choice's share over the whole list from the drawn stations alone (method alpha).

    Only a draw makes this valid: stations that happened to come in are not a sample.
    """
    from ronda.results.adapters.batch_lists import forms_read
    from ronda.results.adapters.source import FileError

    listed = _list(batches, 1)
    _same_digest(listed, digest)
    drawn = [listed.units[unit] for unit in _drawn(listed, seed, draws, "alpha")]
    try:
        choices, read = forms_read(forms, listed)
    except FileError as problem:
        _stop(f"{forms.name}: {problem}")
    if missing := [unit for unit in drawn if unit not in read]:
        _stop(
            f"{forms.name}: wanted the form of every drawn station; {missing[0]} is missing ({len(missing)} in all)"
        )
    click.echo(f"{draws} of {len(listed.units)} stations drawn; intervals at {confidence:.0%}")
    _tell_shares(len(listed.units), choices, [read[unit] for unit in drawn], confidence)


def _tell_shares(
    stations: int, choices: list[str], forms: list[NDArray[np.int64]], confidence: float
) -> None:
    import numpy as np

    from ronda.methods.coverage import Stratum, design_effect, ratio_estimate

    votes = np.array(forms)
    for choice, name in enumerate(choices):
        sample = Stratum(stations, votes[:, choice], votes.sum(axis=1))
        try:
            found = ratio_estimate(sample)
        except ValueError as problem:
            _stop(str(problem))
        low, high = found.interval(confidence=confidence)
        effect = f"; design effect {design_effect(sample):.1f}" if 0 < found.share < 1 else ""
        click.echo(f"{name}  {found.share:.2%}, between {low:.2%} and {high:.2%}{effect}")


def _tell(listed: BatchList, drawn: list[int], found: list[float], method: Method, risk: float) -> None:
    from ronda.methods.audit import error_bounds
    from ronda.results.adapters.batch_draws import risk_measured

    contest = _held(listed)
    bounds, value = error_bounds(contest), risk_measured(listed, drawn, found, method)
    for unit, error in dict(zip(drawn, found, strict=True)).items():
        if error:
            votes = round(error * contest.margin)
            click.echo(
                f"differs  {listed.units[unit]}: {votes:+d} votes of the margin, taint {error / bounds[unit]:.4f}"
            )
    click.echo(f"p-value  {value:.4f} after {len(drawn)} draws; risk limit {risk}")
    if value > risk:
        click.echo("The audit goes on: draw more with the same seed, or compare every station.")
        sys.exit(GOES_ON)
    click.echo("The audit can end: the forms confirm the outcome of the recapitulation at this risk limit.")


def _drawn(listed: BatchList, seed: str, draws: int, method: Method) -> list[int]:
    from ronda.results.adapters.batch_draws import drawn_of

    try:
        return drawn_of(listed, seed, draws, method)
    except ValueError as problem:
        _stop(str(problem))


def _held(listed: BatchList) -> Contest:
    try:
        return listed.held
    except ValueError as problem:
        _stop(str(problem))


def _list(path: Path, seats: int) -> BatchList:
    from ronda.results.adapters.batch_lists import batch_list_read
    from ronda.results.adapters.source import FileError

    try:
        return batch_list_read(path, seats=seats)
    except FileError as problem:
        _stop(f"{path.name}: {problem}")


def _same_digest(listed: BatchList, digest: str) -> None:
    if digest.strip().lower() != listed.digest:
        _stop(f"wanted the list with the digest {digest}; this one has {listed.digest}: it was changed")


def _stop(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(1)
