"""States of a stage, kinds of station, and where an election stands on a day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

SPECIAL_FROM = 901


class StationKind(TextChoices):
    REGULAR = "regular", _("Reguler")
    SPECIAL = "special", _("Lokasi khusus")


def station_kind(number: int) -> StationKind:
    """Numbers from 901 are special locations: prisons, boarding schools, hospitals, mines."""
    return StationKind.SPECIAL if number >= SPECIAL_FROM else StationKind.REGULAR


class StageState(TextChoices):
    DONE = "done", _("Selesai")
    LATE = "late", _("Lewat waktu")
    RUNNING = "running", _("Berjalan")
    AHEAD = "ahead", _("Akan datang")
    PAST = "past", _("Sudah lewat")
    UNDATED = "undated", _("Tanpa tanggal")


class StageMarkKind(TextChoices):
    DONE = "done", _("Ditandai selesai")
    REOPENED = "reopened", _("Dibuka kembali")


class DatedStage(Protocol):
    """What a stage must tell for its state."""

    @property
    def code(self) -> str: ...
    @property
    def starts_on(self) -> date | None: ...
    @property
    def ends_on(self) -> date | None: ...
    @property
    def is_conditional(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class StagePosition:
    """Where one stage stands on a day. Days are counted in local legal days."""

    state: StageState
    days_late: int = 0
    days_left: int = 0
    day_number: int = 0
    days_total: int = 0


def stage_position(stage: DatedStage, on: date, *, is_done: bool, is_over: bool = False) -> StagePosition:
    """DONE when a person said so; LATE when its last day has passed and nobody did.

    `is_over`: the whole election lies behind, so that nothing of it is late any more.
    """
    if stage.starts_on is None:
        return StagePosition(StageState.DONE if is_done else StageState.UNDATED)
    last = stage.ends_on or stage.starts_on
    total = (last - stage.starts_on).days + 1
    if is_done:
        return StagePosition(StageState.DONE, days_total=total)
    if on < stage.starts_on:
        return StagePosition(StageState.AHEAD, days_left=(stage.starts_on - on).days, days_total=total)
    if on <= last:
        number = (on - stage.starts_on).days + 1
        return StagePosition(
            StageState.RUNNING, days_left=(last - on).days, day_number=number, days_total=total
        )
    if stage.is_conditional:
        return StagePosition(StageState.UNDATED, days_total=total)
    if is_over:
        return StagePosition(StageState.PAST, days_total=total)
    return StagePosition(StageState.LATE, days_late=(on - last).days, days_total=total)


def stages_done(marks: Iterable[tuple[str, str]]) -> dict[str, bool]:
    """Stage code to done, out of (stage, mark) in the order they were made: the last one counts."""
    done: dict[str, bool] = {}
    for stage, mark in marks:
        done[stage] = mark == StageMarkKind.DONE
    return done


def days_to_vote_words(voting_on: date, on: date) -> str:
    """H-2, H, H+3: the way officers count days around voting day."""
    days = (on - voting_on).days
    return "H" if days == 0 else f"H{days:+d}"


def leading_stage(positions: Mapping[str, StagePosition], order: Iterable[str]) -> str | None:
    """The running stage that says most: the shortest one, the later of two equally short ones."""
    running = [code for code in order if positions[code].state is StageState.RUNNING]
    return min(reversed(running), key=lambda code: positions[code].days_total, default=None)
