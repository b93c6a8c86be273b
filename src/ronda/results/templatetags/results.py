"""Filters of result pages: `{% load results %}`."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ronda.law.forms import FormRule
from ronda.results.domain import reading_rank, source_name
from ronda.results.models import AreaSummary, Sheet
from ronda.results.selectors import StationLine
from ronda.web.numbers import number_words, percent_words, signed_words
from ronda.web.templatetags.ronda import state

register = template.Library()
SHOWN = 4
_FIGURES = ("registered", "users", "valid")


@register.filter
def source(code: str) -> str:
    """The name of a copy: Situng KPU."""
    return source_name(code)


@register.filter
def coverage(summary: AreaSummary) -> float:
    return summary.reported / summary.stations if summary.stations else 0.0


@register.filter
def doubled(summary: AreaSummary) -> float:
    return summary.both / summary.stations if summary.stations else 0.0


@register.filter
def differing_share(summary: AreaSummary) -> float:
    return summary.differing / summary.both if summary.both else 0.0


@register.filter
def source_share(summary: AreaSummary, code: str) -> float:
    return summary.present.get(code, 0) / summary.stations if summary.stations else 0.0


@register.filter
def source_missing(summary: AreaSummary, code: str) -> int:
    return int(summary.stations - summary.present.get(code, 0))


@register.filter
def stake_share(summary: AreaSummary, most: int) -> float:
    return summary.stake / most if most else 0.0


@register.filter
def rule_name(rule: FormRule) -> str:
    return rule.name.in_language(get_language() or "id")


@register.filter
def rule_message(rule: FormRule) -> str:
    return rule.message.in_language(get_language() or "id")


@register.filter
def rule_innocent(rule: FormRule) -> str:
    return rule.innocent.in_language(get_language() or "id")


@register.filter
def votes(figures: Sequence[int | None]) -> str:
    """A few figures in ballot order; the sum when there are many."""
    if len(figures) > SHOWN:
        known = [number for number in figures if number is not None]
        return _("jumlah %(sum)s") % {"sum": number_words(sum(known))}
    return " / ".join(number_words(number) for number in figures)


@register.simple_tag
def recap_state(child: AreaSummary) -> SafeString:
    """Whether the official recap of a district equals the sum of its stations."""
    if not child.recap:
        return format_html('<span class="z">{}</span>', _("belum ada"))
    if not child.recap.get("tested"):
        return format_html('<span class="z">{}</span>', _("belum lengkap"))
    deltas = child.recap["deltas"]
    if not any(deltas):
        return state("done", _("sama"))
    shown = " / ".join(signed_words(delta) for delta in deltas[:SHOWN])
    moved = max(sum(delta for delta in deltas if delta > 0), -sum(delta for delta in deltas if delta < 0))
    words = _("beda %(votes)s") % {"votes": number_words(moved)}
    return format_html('<span class="res-delta" title="{}">{}</span>', shown, words)


@register.simple_tag
def votes_of(line: StationLine, code: str) -> SafeString:
    """The votes of one copy of a station; marked when another copy before it differs."""
    sheet = line.copies.get(code)
    if sheet is None or None in sheet.votes:
        return format_html('<span class="missing">{}</span>', _("belum") if sheet is None else _("kosong"))
    first = _first(line)
    differs = first is not None and first is not sheet and first.votes != sheet.votes
    return format_html('<span class="{}">{}</span>', "res-differs" if differs else "", votes(sheet.votes))


@register.simple_tag
def figure_of(line: StationLine, name: str) -> str:
    """One figure of the first copy of a station: registered, users or valid."""
    first = _first(line)
    return number_words(getattr(first, name) if first is not None and name in _FIGURES else None)


def _first(line: StationLine) -> Sheet | None:
    return min(line.copies.values(), key=lambda sheet: reading_rank(sheet.source), default=None)


@register.filter
def of_margin(stake: int, margin: int) -> str:
    """Votes at stake as a share of the votes between the first two: 0,4 % of the lead."""
    words = {"share": percent_words(stake / margin, 1), "margin": number_words(margin)}
    return _("%(share)s dari selisih dua teratas (%(margin)s)") % words
