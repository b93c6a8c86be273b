"""`ronda simulate`: plays an election day through the gate, where nothing real can be harmed."""

from __future__ import annotations

import asyncio
import signal
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ronda.config.cli import setup_django
from ronda.config.cli.say import note, step
from ronda.config.installation import clock_file, start_database

if TYPE_CHECKING:
    from ronda.simulate.player import DrillTime, Pace, Tally
    from ronda.simulate.stage import Stage

EVE, STARTS, CALM_FROM, LATEST = "17:45", "05:00", "13:30", "23:30"
SPEED_MAX = 1_000_000


class _Clock(click.ParamType):  # type: ignore[type-arg]  # not subscriptable when it runs
    name = "HH:MM"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> time:
        try:
            return time.fromisoformat(value)
        except ValueError:
            self.fail(f"wanted a clock time like 18:30, came {value!r}", param, ctx)


@click.command()
@click.option("--area", default="51.01", show_default=True, help="Regency, by its official code.")
@click.option("--seed", type=int, default=7, show_default=True, help="The same seed gives the same messages.")
@click.option(
    "--speed", type=click.FloatRange(1, SPEED_MAX), default=120, show_default=True, help="How fast time runs."
)
@click.option("--url", default="http://127.0.0.1:8000", show_default=True, help="Where the node answers.")
@click.option(
    "--until", type=_Clock(), default=LATEST, show_default=True, help="Local time at which the play ends."
)
@click.option(
    "--morning",
    type=click.FloatRange(0.1, 3600),
    default=20,
    show_default=True,
    help="Seconds from 05.00 to 13.30.",
)
@click.option("--no-duty", is_flag=True, help="The duty officers do nothing: all work is left to you.")
def simulate(
    area: str, seed: int, speed: float, url: str, until: time, morning: float, no_duty: bool
) -> None:
    """Play an election day in a drill database: officers, citizens, witnesses, and trouble that must be found."""
    drill_clock = clock_file()
    if drill_clock is None:
        raise click.ClickException(
            "RONDA_CLOCK_FILE is not set: web, worker and simulation need one drill clock. `ronda demo` sets it."
        )
    start_database()
    setup_django()
    from ronda.simulate.player import Pace, PlayStopped
    from ronda.simulate.services import DrillRefused
    from ronda.simulate.stage import stage_set

    try:
        with step("Setting the stage of the simulation"):
            stage = stage_set(area=area, seed=seed)
        world = stage.day.world
        pace = Pace(
            eve=world.at(EVE, day=-1),
            starts_at=world.at(STARTS),
            calm_from=world.at(CALM_FROM),
            until=datetime.combine(world.voting_on, until, world.zone),
            speed=speed,
            morning_s=morning,
        )
        tally = asyncio.run(_play(stage, pace, drill_clock, url, duty=not no_duty))
    except (DrillRefused, PlayStopped, ValueError) as refused:
        raise click.ClickException(str(refused)) from None
    note(
        f"{tally.sent} messages sent, {len(tally.refused)} refused; digest of the day {stage.day.digest[:16]}"
    )
    for line in tally.refused[:5]:
        note(f"  {line}")
    if tally.refused:
        raise SystemExit(1)


async def _play(stage: Stage, pace: Pace, clock_file: Path, url: str, *, duty: bool) -> Tally:
    import httpx

    from ronda.simulate.duty import duty_work
    from ronda.simulate.player import DrillTime, play

    drill = DrillTime(clock_file, pace, resume_at=stage.resume_at)
    loop = asyncio.get_running_loop()
    playing = asyncio.current_task()
    assert playing is not None
    loop.add_signal_handler(signal.SIGTERM, playing.cancel)
    limits = httpx.Limits(max_connections=16)
    async with httpx.AsyncClient(base_url=url, timeout=30, limits=limits) as client:
        working = asyncio.create_task(duty_work(url, stage, drill)) if duty else None
        try:
            return await play(stage.day, stage.tokens, client, drill, progress=_Hours(drill))
        except asyncio.CancelledError:
            raise SystemExit(0) from None
        finally:
            if working:
                working.cancel()
                await asyncio.gather(working, return_exceptions=True)
            drill.stop()


class _Hours:
    """One line for every hour of the drill."""

    def __init__(self, drill: DrillTime) -> None:
        self._zone = drill.pace.starts_at.tzinfo
        self._hour = -1

    def __call__(self, at: datetime, sent: int) -> None:
        here = at.astimezone(self._zone)
        if here.hour != self._hour:
            self._hour = here.hour
            note(f"{here:%H.%M}  {sent} messages")


commands = [simulate]
