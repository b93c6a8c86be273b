"""What a drawing is made of. Coordinates are pixels of a 628 x 508 sheet with 16 pixels of air."""

from dataclasses import dataclass, field

WIDTH, HEIGHT, AIR = 628.0, 508.0, 14.0
LINE = 13.0  # height of a line of small text


@dataclass(frozen=True, slots=True)
class Cell:
    """An area to draw: code, name and how big it is (polling stations)."""

    code: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Shape:
    """One area: its path, and the point where marks stand."""

    code: str
    name: str
    path: str
    x: float
    y: float
    lines: tuple[str, ...] = ()
    text_x: float = 0
    text_y: float = 0


@dataclass(frozen=True, slots=True)
class Label:
    """A name written on the sheet."""

    text: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """A whole sheet: areas, borders of the level above, names, neighbours."""

    kind: str
    shapes: tuple[Shape, ...]
    parts: tuple[str, ...] = ()
    labels: tuple[Label, ...] = ()
    around: tuple[str, ...] = ()
    notes: tuple[Label, ...] = ()
    width: float = WIDTH
    height: float = HEIGHT
    by_code: dict[str, Shape] = field(default_factory=dict)

    @property
    def view_box(self) -> str:
        return f"0 0 {self.width:g} {self.height:g}"
