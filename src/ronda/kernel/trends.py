"""Small histories: how many rows had come to pass by each of several moments."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, DateTimeField, F, Func, IntegerField, QuerySet, Value

_NEXT = timedelta(microseconds=1)


def hours_before(at: datetime, hours: int) -> list[datetime]:
    """The ends of the last hours, oldest first; the last is `at` itself."""
    return [at - timedelta(hours=back) for back in range(hours - 1, -1, -1)]


def counted_by(rows: QuerySet[Any], when: str, moments: Sequence[datetime]) -> list[int]:
    """Rows whose time `when` lies at or before each moment (ascending); rows without a time count nowhere.

    One pass that sorts each row into its hour: twelve filtered counts of the same rows cost three times as much.
    """
    edges = Value([moment + _NEXT for moment in moments], output_field=ArrayField(DateTimeField()))
    step = Func(F(when), edges, function="width_bucket", output_field=IntegerField())
    found = rows.order_by().annotate(_moment=step).values_list("_moment").annotate(n=Count("*"))
    per_step = {step: n for step, n in found if step is not None}
    return list(accumulate(per_step.get(step, 0) for step in range(len(moments))))
