from ronda.desk.domain import AreaCounts, Layer, LayerView, layer_shown, layer_value, step_of


def step(layer: Layer, counts: AreaCounts) -> int:
    return step_of(*layer_value(layer, counts))


def test_nothing_known_is_missing_and_never_coloured_as_zero() -> None:
    assert step(Layer.CHECKS, AreaCounts(stations=5)) == 0
    assert step(Layer.COVERAGE, AreaCounts(stations=5)) == 0
    assert step(Layer.COVERAGE, AreaCounts(stations=0, heard=0)) == 0


def test_a_counted_zero_is_the_lightest_step() -> None:
    assert step(Layer.INCIDENTS, AreaCounts()) == 1
    assert step(Layer.CHECKS, AreaCounts(sheets=10, failed=0)) == 1
    assert step(Layer.COVERAGE, AreaCounts(stations=10, heard=0)) == 1


def test_more_is_darker() -> None:
    assert [step(Layer.INCIDENTS, AreaCounts(new=n)) for n in (0, 1, 2, 4, 9)] == [1, 2, 3, 4, 5]
    assert step(Layer.COVERAGE, AreaCounts(stations=10, heard=10)) == 5
    assert step(Layer.COVERAGE, AreaCounts(stations=100, heard=99)) == 4


def test_overdue_incidents_are_open_ones() -> None:
    assert AreaCounts(new=1, handled=2, late=3).open == 6


def test_areas_add_up_and_unknown_plus_known_is_known() -> None:
    total = AreaCounts(stations=3, heard=2, late=1) + AreaCounts(stations=2, failed=1, sheets=2)
    assert total == AreaCounts(stations=5, heard=2, late=1, failed=1, sheets=2)
    assert total.heard_share == 0.4


def test_the_map_opens_on_the_first_layer_that_has_something_to_show():
    views = [
        LayerView(Layer.INCIDENTS, "", "", (), {"a": 1, "b": 1}),
        LayerView(Layer.CHECKS, "", "", (), {"a": 0, "b": 4}),
        LayerView(Layer.COVERAGE, "", "", (), {"a": 5}),
    ]
    assert layer_shown(views, "") == Layer.CHECKS
    assert layer_shown(views, Layer.COVERAGE.value) == Layer.COVERAGE
    assert layer_shown(views[:1], "lain") == Layer.INCIDENTS
    assert layer_shown([], "") == ""
