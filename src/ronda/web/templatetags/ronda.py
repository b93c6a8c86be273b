"""Tags and filters of every page: `{% load ronda %}`. Time comes from the node's clock."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from ronda.kernel import clock
from ronda.law.rules import Name
from ronda.web import frame, localtime, numbers
from ronda.web.icons import ICONS, MARKS

register = template.Library()


# ---------------------------------------------------------------------------------------------- pictures
@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """A line icon; size="s" for 14 pixels. Decoration: the word stands beside it."""
    small = " i-s" if size == "s" else ""
    return format_html(
        '<svg class="i{}" viewBox="0 0 20 20" aria-hidden="true"><path d="{}"/></svg>', small, ICONS[name]
    )


@register.simple_tag
def mark(kind: str) -> SafeString:
    """The shape of a state alone: new, proc, late, done, no, hold, mach."""
    return format_html(
        '<svg class="sm st-{}" viewBox="0 0 12 12" aria-hidden="true">{}</svg>',
        kind,
        mark_safe(MARKS[kind]),
    )


@register.simple_tag
def state(kind: str, word: str, solid: bool = False) -> SafeString:
    """Shape + word + colour: `{% state "proc" "Diproses" %}`."""
    return format_html(
        '<span class="st st-{}{}">{}{}</span>', kind, " solid" if solid else "", mark(kind), word
    )


@register.simple_tag
def bar(share: float | None, kind: str = "bar") -> SafeString:
    """A thin bar for a share of 0 to 1; the number stands beside it."""
    width = round(min(1.0, max(0.0, float(share or 0))) * 100, 1)
    return format_html(
        '<svg class="{}" aria-hidden="true"><rect width="{}%" height="100%"/></svg>', kind, width
    )


@register.simple_tag
def sparkline(values: Sequence[float]) -> SafeString:
    """A small history, oldest first, in 72 x 20 pixels; its last point is marked."""
    if len(values) < 2:
        return mark_safe("")
    low, high = min(values), max(values)
    reach = (high - low) or 1
    step = 70 / (len(values) - 1)
    points = [(1 + step * at, 18 - 16 * (value - low) / reach) for at, value in enumerate(values)]
    path = "M" + " ".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return format_html(
        '<svg class="spark" viewBox="0 0 72 20" aria-hidden="true"><path class="base" d="M0 19.5H72"/>'
        '<path d="{}"/><circle cx="{}" cy="{}" r="2"/></svg>',
        path,
        f"{points[-1][0]:.1f}",
        f"{points[-1][1]:.1f}",
    )


# ---------------------------------------------------------------------------------------------- numbers
@register.filter
def worded(name: Name) -> str:
    """A wording of the law in the language of the page."""
    return name.in_language(get_language() or "id")


@register.filter
def num(value: float | Decimal | None, decimals: int = 0) -> str:
    return numbers.number_words(value, decimals)


@register.filter
def signed(value: float | Decimal | None, decimals: int = 0) -> str:
    return numbers.signed_words(value, decimals)


@register.filter
def pct(share: float | Decimal | None, decimals: int = 1) -> str:
    return numbers.percent_words(share, decimals)


# ---------------------------------------------------------------------------------------------- time
@register.filter
def at(moment: datetime | None, area: str = "") -> str:
    """15.40 WITA today, Sel 13 Feb, 15.40 WITA otherwise."""
    return localtime.moment_words(moment, area, clock.now()) if moment else numbers.NOTHING


@register.filter
def clock_at(moment: datetime | None, area: str = "") -> str:
    """15.40 on the clocks of the place, without the zone: for columns whose head names it."""
    return localtime.clock_words(moment, area, zone=False) if moment else numbers.NOTHING


@register.filter
def day(moment: datetime | date | None, area: str = "") -> str:
    """Rabu, 14 Februari 2024."""
    return localtime.day_words(_day_of(moment, area)) if moment else numbers.NOTHING


@register.filter
def day_short(moment: datetime | date | None, area: str = "") -> str:
    """Rab 14 Feb 2024."""
    return localtime.day_words(_day_of(moment, area), short=True) if moment else numbers.NOTHING


@register.filter
def rel(moment: datetime | None) -> str:
    """2 jam lagi; 22 menit lalu."""
    return localtime.relative_words(moment, clock.now()) if moment else numbers.NOTHING


@register.filter
def span(length: timedelta | None) -> str:
    """1 jam 18 menit."""
    return localtime.span_words(length) if length is not None else numbers.NOTHING


@register.filter
def zone(area: str) -> str:
    return localtime.zone_name(area)


@register.simple_tag
def when(moment: datetime | None, area: str = "") -> SafeString | str:
    """Relative and absolute in one `<time>`: 22 menit lalu · 15.40 WITA."""
    if moment is None:
        return numbers.NOTHING
    now = clock.now()
    return format_html(
        '<time datetime="{}" data-rel>{} · {}</time>',
        moment.isoformat(),
        localtime.relative_words(moment, now),
        localtime.moment_words(moment, area, now),
    )


@register.simple_tag
def due(due_at: datetime | None, area: str = "", started_at: datetime | None = None) -> SafeString | str:
    """A due time: what is left, when it is, and how much of the clock is used. Overdue is loud."""
    if due_at is None:
        return numbers.NOTHING
    now = clock.now()
    late = now >= due_at
    return format_html(
        '<span class="due{}">{}<time datetime="{}">{} · {}</time>{}</span>',
        " is-late" if late else "",
        mark("late") if late else "",
        due_at.isoformat(),
        localtime.left_words(due_at, now),
        localtime.moment_words(due_at, area, now),
        bar(localtime.share_used(started_at, due_at, now), "clock clock-late" if late else "clock"),
    )


@register.filter
def is_past(moment: datetime | None) -> bool:
    return moment is not None and clock.now() >= moment


def _day_of(moment: datetime | date, area: str) -> date:
    return localtime.local(moment, area).date() if isinstance(moment, datetime) else moment


# ---------------------------------------------------------------------------------------------- names
@register.filter
def area_name(code: str) -> str:
    """The name of an area: Penyaringan. An unknown code stays a code."""
    return frame.area_name(code)


@register.filter
def agency_name(code: str) -> str:
    """The name of an agency: Bawaslu."""
    return frame.agency_name(code)


@register.filter
def place_name(code: str) -> str:
    """An area or a 13-digit station in words: TPS 07 Penyaringan."""
    return frame.place_name(code)


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """The address of this page with some parameters changed; an empty value removes one."""
    parameters = context["request"].GET.copy()
    for key, value in changes.items():
        parameters.pop(key, None)
        if value not in (None, ""):
            parameters[key] = str(value)
    return f"?{parameters.urlencode()}"


@register.simple_tag(takes_context=True)
def sort_head(context: template.Context, key: str, word: str) -> SafeString:
    """The inside of a `<th>` that sorts by `key`; `?sort=key` or `?sort=-key` is in force."""
    now = context["request"].GET.get("sort", "")
    following = f"-{key}" if now == key else key
    arrow = {key: " ↑", f"-{key}": " ↓"}.get(now, "")
    return format_html('<a href="{}">{}{}</a>', query(context, sort=following, page=None), word, arrow)


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """`{{ counts|get:area.code }}`."""
    return mapping.get(key)


# ---------------------------------------------------------------------------------------------- blocks
class EmptyNode(template.Node):
    child_nodelists = ("inside",)

    def __init__(self, parts: dict[str, FilterExpression], inside: NodeList) -> None:
        self.parts, self.inside = parts, inside

    def render(self, context: template.Context) -> SafeString:
        values = {name: part.resolve(context) for name, part in self.parts.items()}
        drawn = icon(values["icon"]) if values.get("icon") else ""
        return format_html(
            '<div class="empty{}">{}<p class="empty-title">{}</p>{}</div>',
            " empty-s" if values.get("small") else "",
            drawn,
            values["title"],
            self.inside.render(context),
        )


@register.tag
def empty(parser: Parser, token: Token) -> EmptyNode:
    """`{% empty title=_("…") icon="inbox" %}<p>what will stand here and how to begin</p>{% endempty %}`."""
    parts = {}
    for bit in token.split_contents()[1:]:
        name, _equals, value = bit.partition("=")
        parts[name] = parser.compile_filter(value)
    inside = parser.parse(("endempty",))
    parser.delete_first_token()
    return EmptyNode(parts, inside)
