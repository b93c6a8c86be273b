"""Trying a check on many inputs, and counting how many were really tried."""

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st


def try_all(
    inputs: st.SearchStrategy[Any], cases: int, check: Callable[[Any], object], *, shrinks: bool = True
) -> int:
    """Run the check on at least this many inputs, the same in every run; returns how many were tried.

    AssertionError when there were fewer, as when a strategy has nothing new to give.
    """
    tried = 0

    @settings(
        max_examples=cases,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate, *([Phase.shrink] if shrinks else [])],
        suppress_health_check=list(HealthCheck),
    )
    @given(inputs)
    def each(came: Any) -> None:
        nonlocal tried
        tried += 1
        check(came)

    each()
    assert tried >= cases, f"only {tried} of {cases} inputs were tried"
    return tried
