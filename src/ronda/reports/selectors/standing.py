"""What a report is in law, what it may become, and what it lacks: for its page."""

from dataclasses import dataclass

from django.utils.translation import get_language

from ronda.law import election_laws
from ronda.law.report_standings import SenderRule, report_standings
from ronda.reports.domain import Standing
from ronda.reports.domain.standing import Met, Shown, requirement_met, sender_of
from ronda.reports.models import Report, ReporterContact, ReportStanding


@dataclass(frozen=True)
class Required:
    """One requirement of a formal report, and whether this report shows it."""

    code: str
    words: str
    is_formal: bool
    met: Met


@dataclass(frozen=True)
class StandingPage:
    """The standing in words, why it is no more, what a formal report would need, and what was said before."""

    name: str
    what: str
    why: str
    required: list[Required]
    history: list[ReportStanding]


def standing_of(report: Report) -> StandingPage:
    """Of a report of the scope in force."""
    law, language = report_standings(), get_language() or "id"
    rule = sender_rule(report)
    now = next(one for one in law.standings if one.id == report.standing)
    shown = shown_by(report)
    required = [
        Required(one.id, one.name.in_language(language), one.kind == "formal", requirement_met(one, shown))
        for one in law.required(shown.regime)
    ]
    history = list(ReportStanding.objects.filter(report=report).order_by("-at", "-id"))
    return StandingPage(
        now.name.in_language(language),
        now.what.in_language(language),
        rule.why.in_language(language),
        required if "laporan" in rule.may or report.standing == Standing.LAPORAN else [],
        history,
    )


def standings_open(report: Report) -> list[tuple[str, str]]:
    """What the report may become now: of what its sender may reach, and initial information again."""
    may = [*sender_rule(report).may, Standing.INFO]
    return [(value, str(Standing(value).label)) for value in may if value != report.standing]


def sender_rule(report: Report) -> SenderRule:
    """What the law lets a message of this sender become."""
    has_contact = ReporterContact.objects.filter(message=report.message).exclude(name="").exists()
    return report_standings().sender(sender_of(report.source, report.agency, has_contact=has_contact))


def shown_by(report: Report) -> Shown:
    """What of the report can show requirements."""
    return Shown(
        has_contact=ReporterContact.objects.filter(message=report.message).exists(),
        known_at=report.known_at,
        received_at=report.received_at,
        has_place=report.is_placed,
        has_time=report.happened_at is not None,
        has_text=bool(report.text.strip()),
        has_files=bool(report.files),
        regime=law.regime if (law := election_laws().get(report.election)) else "",
    )
