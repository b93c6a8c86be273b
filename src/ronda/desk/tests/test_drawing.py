"""Maps and treemaps: nothing is lost, nothing overlaps, sizes say what they claim."""

import re

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from ronda.desk.domain import AreaCounts, Layer, LayerView
from ronda.desk.drawing_svg import areas_svg, marks_svg
from ronda.web.drawing import Cell, outline_map, squarified_treemap
from ronda.web.drawing.shapes import HEIGHT, WIDTH
from ronda.web.drawing.treemap import Box, squarify

NAMES = {"51.01.01": "Negara", "51.01.02": "Mendoyo"}
CELLS = [Cell(f"51.01.0{1 + at // 6}.{2001 + at}", f"Desa {at}", 3 + at) for at in range(12)]


def part_of(code: str) -> str:
    return code[:8]


def square(at: int) -> shapely.Polygon:
    west, south = 114.5 + 0.05 * (at % 4), -8.4 + 0.05 * (at // 4)
    return shapely.box(west, south, west + 0.05, south + 0.05)


SQUARES = {cell.code: square(at) for at, cell in enumerate(CELLS)}


@given(st.lists(st.integers(min_value=1, max_value=500), min_size=1, max_size=80))
def test_a_treemap_fills_its_box_in_the_right_shares(sizes: list[int]) -> None:
    ordered = sorted(sizes, reverse=True)
    boxes = squarify(ordered, Box(0, 0, 600, 400))
    assert sum(box.w * box.h for box in boxes) == pytest.approx(600 * 400)
    for size, box in zip(ordered, boxes, strict=True):
        assert box.w * box.h == pytest.approx(600 * 400 * size / sum(ordered))
        assert -1e-6 <= box.x <= box.x + box.w <= 600 + 1e-6
        assert -1e-6 <= box.y <= box.y + box.h <= 400 + 1e-6


def test_every_area_is_on_the_treemap_and_inside_the_sheet() -> None:
    drawn = squarified_treemap(CELLS, part_of=part_of, part_names=NAMES)
    assert {shape.code for shape in drawn.shapes} == {cell.code for cell in CELLS}
    assert [label.text for label in drawn.labels] == ["Mendoyo", "Negara"]
    assert all(0 <= shape.x <= WIDTH and 0 <= shape.y <= HEIGHT for shape in drawn.shapes)


def test_a_village_of_a_district_is_named_once_on_the_treemap() -> None:
    names = {cell.code: cell.name for cell in CELLS}
    drawn = squarified_treemap(CELLS, part_of=lambda code: code, part_names=names)
    assert {label.text for label in drawn.labels} == set(names.values())
    assert not any(shape.lines for shape in drawn.shapes)


def test_a_long_name_that_no_head_can_hold_is_written_inside_its_village() -> None:
    cells = [Cell(f"51.01.02.{2001 + at}", f"Mendoyo Dangin Tukad {at}", 8) for at in range(20)]
    drawn = squarified_treemap(cells, part_of=lambda code: code, part_names={c.code: c.name for c in cells})
    narrow = [shape for shape in drawn.shapes if shape.name not in {label.text for label in drawn.labels}]
    assert narrow
    assert all(" ".join(shape.lines) == shape.name for shape in narrow)


def test_an_area_without_stations_still_has_a_place_on_the_treemap() -> None:
    drawn = squarified_treemap([Cell("51.01.01.2001", "Kosong", 0)], part_of=part_of, part_names=NAMES)
    assert len(drawn.shapes) == 1
    assert squarified_treemap([], part_of=part_of, part_names={}).shapes == ()


def test_a_name_is_written_whole_or_not_at_all() -> None:
    tiny = squarified_treemap(
        [Cell(f"51.01.01.{2000 + at}", "Mendoyo Dangin Tukad", 1) for at in range(300)],
        part_of=part_of,
        part_names=NAMES,
    )
    assert all(" ".join(shape.lines) in ("", "Mendoyo Dangin Tukad") for shape in tiny.shapes)


def test_a_map_draws_areas_that_have_an_outline_and_their_parts() -> None:
    drawn = outline_map(CELLS, SQUARES, part_of=part_of, part_names=NAMES)
    assert len(drawn.shapes) == 12
    assert len(drawn.parts) == 2
    assert {label.text for label in drawn.labels} == {"Negara", "Mendoyo"}
    some = outline_map(CELLS, dict(list(SQUARES.items())[:5]), part_of=part_of, part_names=NAMES)
    assert len(some.shapes) == 5


def test_a_tight_sheet_is_as_wide_and_no_higher_than_its_map() -> None:
    wide = {cell.code: square(at) for at, cell in enumerate(CELLS[:4])}
    usual, tight = (
        outline_map(CELLS[:4], wide, part_of=part_of, part_names=NAMES, is_tight=is_tight)
        for is_tight in (False, True)
    )
    assert usual.height == HEIGHT
    # four squares side by side: a quarter as high as wide, and 14 pixels of air all round
    assert tight.height == pytest.approx((WIDTH - 28) / 4 + 28, rel=0.02)
    assert all(0 < shape.y < tight.height for shape in tight.shapes)


def test_marks_stand_inside_their_area_even_when_it_is_a_crescent() -> None:
    crescent = shapely.Point(114.6, -8.3).buffer(0.1).difference(shapely.Point(114.63, -8.3).buffer(0.1))
    cell = Cell("51.01.01.2001", "Sabit", 3)
    drawn = outline_map([cell], {cell.code: crescent}, part_of=part_of, part_names=NAMES)
    shape = drawn.shapes[0]
    numbers = [float(number) for number in re.findall(r"-?\d+\.?\d*", shape.path)]
    assert numbers
    ring, x, y = [], 0.0, 0.0
    for at in range(0, len(numbers) - 1, 2):
        x, y = (numbers[0], numbers[1]) if at == 0 else (x + numbers[at], y + numbers[at + 1])
        ring.append((x, y))
    assert shapely.Polygon(ring).contains(shapely.Point(shape.x, shape.y))


def test_broken_rings_are_drawn_all_the_same() -> None:
    bow = shapely.Polygon([(114.5, -8.4), (114.6, -8.3), (114.6, -8.4), (114.5, -8.3)])
    cell = Cell("51.01.01.2001", "Silang", 3)
    assert outline_map([cell], {cell.code: bow}, part_of=part_of, part_names=NAMES).shapes[0].path


def test_hostile_names_are_escaped_in_the_picture() -> None:
    cell = Cell("51.01.01.2001", '"><script>x</script>', 3)
    drawn = outline_map([cell], {cell.code: square(0)}, part_of=part_of, part_names=NAMES)
    view = LayerView(Layer.INCIDENTS, "", "", (), {cell.code: 1}, {cell.code: "1"})
    assert "<script>" not in areas_svg(drawn, hrefs={}, layers=[view], texts={cell.code: "<b>"})


def test_the_gravest_two_marks_are_shown() -> None:
    cell = CELLS[0]
    drawn = outline_map([cell], SQUARES, part_of=part_of, part_names=NAMES)
    html = marks_svg(drawn, {cell.code: AreaCounts(new=3, handled=2, late=1)})
    assert re.findall(r"mk-(\w+)", html) == ["late", "new"]
    assert marks_svg(drawn, {cell.code: AreaCounts()}) == ""
