"""What a report may be in law, and what it lacks to be a formal report. No queries, no clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from ronda.law.report_standings import Requirement, SenderId
from ronda.reports.domain import MoveRefused, ReportSource, Standing

IN_TIME = timedelta(days=7)


class Met(TextChoices):
    """Whether a requirement is met, as far as the report shows it."""

    YES = "yes", _("ada")
    NO = "no", _("belum ada")
    ASK = "ask", _("diperiksa petugas")


@dataclass(frozen=True)
class Shown:
    """What of a report can show requirements."""

    has_contact: bool
    known_at: datetime | None
    received_at: datetime
    has_place: bool
    has_time: bool
    has_text: bool
    has_files: bool
    regime: str


def sender_of(source: str, agency: str, *, has_contact: bool) -> SenderId:
    """Which rule of the law file a report's sender falls under."""
    if source == ReportSource.OFFICER:
        return "supervisor" if agency == "bawaslu" else "agency"
    plain: dict[str, SenderId] = {
        ReportSource.WITNESS: "contestant",
        ReportSource.OBSERVER: "observer",
        ReportSource.MACHINE: "machine",
    }
    return plain.get(source, "named" if has_contact else "anonymous")


def requirement_met(requirement: Requirement, shown: Shown) -> Met:
    """Whether the report shows it; what only a person can tell is asked of a person."""
    if requirement.shown_by == "contact":  # a name and a telephone are not yet name and address
        return Met.ASK if shown.has_contact else Met.NO
    if requirement.shown_by == "in_time":
        return _in_time(shown)
    found = {
        "place_and_time": shown.has_place and shown.has_time,
        "text": shown.has_text,
        "files": shown.has_files,
    }
    if requirement.shown_by not in found:
        return Met.ASK
    return Met.YES if found[requirement.shown_by] else Met.NO


def _in_time(shown: Shown) -> Met:
    """Seven days are calendar days in a Pilkada and working days in a Pemilu: there more may still be in time."""
    if shown.known_at is None:
        return Met.ASK
    if shown.received_at - shown.known_at <= IN_TIME:
        return Met.YES
    return Met.NO if shown.regime == "pilkada" else Met.ASK


def require_may_become(wanted: Standing, may: tuple[str, ...], why: str) -> None:
    """MoveRefused when the law does not let a message of this sender become that."""
    if wanted != Standing.INFO and wanted not in may:
        raise MoveRefused(why)
