"""A drawing as SVG text. Built here and not in a template: 390 villages with three layers each must stay quick."""

from collections.abc import Mapping, Sequence
from html import escape

from django.utils.safestring import SafeString, mark_safe

from ronda.desk.domain import AreaCounts, LayerView
from ronda.web.drawing.shapes import LINE, Drawing, Shape

HATCH = (
    '<defs><pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<path d="M0 0V5" class="hatch-line"/></pattern></defs>'
)
MARKS = {
    "new": '<circle r="5"/>',
    "proc": '<circle class="ring" r="5"/><path class="half" d="M0-5a5 5 0 0 0 0 10z"/><circle class="line" r="5"/>',
    "late": '<path d="M0-7.4 7 5.2h-14z"/>',
    "here": '<circle r="6"/>',
}
MARK_STEP = 13.5


def areas_svg(
    drawing: Drawing,
    *,
    hrefs: Mapping[str, str],
    layers: Sequence[LayerView],
    texts: Mapping[str, str],
    first: str = "",
) -> SafeString:
    """The areas as links; each carries its step of every layer. `first` is where the keyboard enters."""
    enter = first or (drawing.shapes[0].code if drawing.shapes else "")
    return mark_safe("".join(_area(shape, hrefs, layers, texts, enter) for shape in drawing.shapes))


def _area(
    shape: Shape,
    hrefs: Mapping[str, str],
    layers: Sequence[LayerView],
    texts: Mapping[str, str],
    enter: str,
) -> str:
    code, name = shape.code, escape(shape.name)
    steps = "".join(f' data-{view.key}="{view.steps.get(code, 0)}"' for view in layers)
    values = "".join(f' data-v-{view.key}="{escape(view.values.get(code, ""))}"' for view in layers)
    text = escape(texts.get(code, ""))
    reach = "0" if code == enter else "-1"
    return (
        f'<a href="{escape(hrefs.get(code, "#"))}" tabindex="{reach}" data-name="{name}"{values}'
        f' aria-label="{name}: {text}"><path{steps} d="{shape.path}"/></a>'
    )


def marks_svg(drawing: Drawing, counts: Mapping[str, AreaCounts]) -> SafeString:
    """At most two marks per area, the gravest first: overdue, new, being handled."""
    return mark_safe(
        "".join(_marks(shape, counts[shape.code]) for shape in drawing.shapes if shape.code in counts)
    )


def _marks(shape: Shape, counts: AreaCounts) -> str:
    kinds = [
        kind for kind, many in (("late", counts.late), ("new", counts.new), ("proc", counts.handled)) if many
    ]
    kinds = kinds[:2]
    left = shape.x - MARK_STEP * (len(kinds) - 1) / 2
    return "".join(_mark(kind, left + MARK_STEP * at, shape.y) for at, kind in enumerate(kinds))


def mark_svg(kind: str, x: float, y: float) -> SafeString:
    return mark_safe(_mark(kind, x, y))


def _mark(kind: str, x: float, y: float) -> str:
    return f'<g class="mk mk-{kind}" transform="translate({x:.1f} {y:.1f})">{MARKS[kind]}</g>'


def paths_svg(paths: Sequence[str]) -> SafeString:
    return mark_safe("".join(f'<path d="{path}"/>' for path in paths))


def labels_svg(drawing: Drawing) -> SafeString:
    """Names of the parts, and on a treemap the names of the areas that have room for one."""
    names = "".join(
        f'<text x="{label.x}" y="{label.y}">{escape(label.text)}</text>' for label in drawing.labels
    )
    return mark_safe(names)


def cells_svg(drawing: Drawing) -> SafeString:
    return mark_safe("".join(_lines(shape) for shape in drawing.shapes if shape.lines))


def _lines(shape: Shape) -> str:
    spans = "".join(
        f'<tspan x="{shape.text_x}" y="{shape.text_y + LINE * at:g}">{escape(line)}</tspan>'
        for at, line in enumerate(shape.lines)
    )
    return f"<text>{spans}</text>"


def notes_svg(drawing: Drawing) -> SafeString:
    return mark_safe(
        "".join(f'<text x="{note.x}" y="{note.y}">{escape(note.text)}</text>' for note in drawing.notes)
    )
