"""A squarified treemap (Bruls, Huizing and van Wijk, 2000) in two levels: districts hold their villages."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from ronda.web.drawing.shapes import HEIGHT, LINE, WIDTH, Cell, Drawing, Label, Shape

HEAD, FOOT = 8.0, 96.0
LETTER = 6.3  # width of a letter at 11 pixels
PART_LETTER = 7.2  # and of a bold one at 12


class Box(NamedTuple):
    x: float
    y: float
    w: float
    h: float

    @property
    def path(self) -> str:
        return f"M{self.x:.1f} {self.y:.1f}h{self.w:.1f}v{self.h:.1f}h{-self.w:.1f}z"


def squarified_treemap(
    cells: Sequence[Cell], *, part_of: Callable[[str], str], part_names: Mapping[str, str]
) -> Drawing:
    """Draw every cell as a rectangle of its size, close to a square, inside the area above it."""
    groups: dict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        groups[part_of(cell.code)].append(cell)
    sheet = Box(HEAD, HEAD, WIDTH - 2 * HEAD, HEIGHT - HEAD - FOOT)
    order = sorted(groups, key=lambda code: (-_size(groups[code]), code))
    boxes = squarify([_size(groups[code]) for code in order], sheet)
    shapes: list[Shape] = []
    parts: list[str] = []
    labels: list[Label] = []
    is_nested = len(order) > 1
    for code, box in zip(order, boxes, strict=True):
        head = " ".join(_wrapped(part_names.get(code, code), (box.w - 8) * LETTER / PART_LETTER, 1))
        # An area that is its own group has its name above it already, or inside it where that is too narrow.
        inner = _inside(box) if is_nested and (head or len(groups[code]) > 1) else box
        drawn = _cells(groups[code], inner)
        shapes += [
            replace(shape, lines=()) if is_nested and shape.code == code and head else shape
            for shape in drawn
        ]
        if is_nested:
            parts.append(box.path)
            labels.append(Label(head, box.x + 6, box.y + 13))
    return Drawing(
        kind="treemap",
        shapes=tuple(shapes),
        parts=tuple(parts),
        labels=tuple(label for label in labels if label.text),
        by_code={shape.code: shape for shape in shapes},
    )


def squarify(sizes: Sequence[float], box: Box) -> list[Box]:
    """Rectangles for sizes in falling order that fill the box, each as square as its row allows."""
    total = sum(sizes)
    if total <= 0 or box.w <= 0 or box.h <= 0:
        return [Box(box.x, box.y, 0, 0) for _size in sizes]
    scale = box.w * box.h / total
    areas = [size * scale for size in sizes]
    done: list[Box] = []
    start = 0
    while start < len(areas):
        side = min(box.w, box.h)
        end = start + 1
        while end < len(areas) and _worst(areas[start : end + 1], side) <= _worst(areas[start:end], side):
            end += 1
        row, box = _lay(areas[start:end], box)
        done += row
        start = end
    return done


def _worst(row: Sequence[float], side: float) -> float:
    total = sum(row)
    if total <= 0 or side <= 0:
        return float("inf")
    return max(side**2 * max(row) / total**2, total**2 / (side**2 * max(min(row), 1e-9)))


def _lay(row: Sequence[float], box: Box) -> tuple[list[Box], Box]:
    """Put a row along the shorter side; the boxes of the row, and what is left."""
    total = sum(row)
    if box.w >= box.h:
        thick = total / box.h if box.h else 0
        placed, y = [], box.y
        for area in row:
            high = area / thick if thick else 0
            placed.append(Box(box.x, y, thick, high))
            y += high
        return placed, Box(box.x + thick, box.y, max(0.0, box.w - thick), box.h)
    thick = total / box.w if box.w else 0
    placed, x = [], box.x
    for area in row:
        wide = area / thick if thick else 0
        placed.append(Box(x, box.y, wide, thick))
        x += wide
    return placed, Box(box.x, box.y + thick, box.w, max(0.0, box.h - thick))


def _inside(box: Box) -> Box:
    """Room for the villages below the district's name."""
    return Box(box.x + 2, box.y + 18, max(0.0, box.w - 4), max(0.0, box.h - 20))


def _cells(cells: Sequence[Cell], box: Box) -> list[Shape]:
    order = sorted(cells, key=lambda cell: (-cell.size, cell.code))
    boxes = squarify([max(1, cell.size) for cell in order], box)
    return [_shape(cell, place) for cell, place in zip(order, boxes, strict=True)]


def _shape(cell: Cell, box: Box) -> Shape:
    lines = _wrapped(cell.name, box.w - 8, max(1, int((box.h - 18) // LINE)))
    below = box.y + 6 + LINE * len(lines)
    rest = box.y + box.h - below
    return Shape(
        cell.code,
        cell.name,
        box.path,
        round(box.x + box.w / 2, 1),
        round(below + rest / 2 if lines and rest > 14 else box.y + box.h / 2, 1),
        lines,
        round(box.x + 5, 1),
        round(box.y + LINE, 1),
    )


def _wrapped(text: str, width: float, most: int) -> tuple[str, ...]:
    """The whole name in as many lines as fit, else nothing: half names mislead."""
    lines: list[str] = []
    for word in text.split():
        if len(word) * LETTER > width:
            return ()
        if lines and len(f"{lines[-1]} {word}") * LETTER <= width:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return tuple(lines) if len(lines) <= most else ()


def _size(cells: Sequence[Cell]) -> int:
    return sum(max(1, cell.size) for cell in cells)
