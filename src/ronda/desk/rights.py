"""What a scope may read, by the mandates: the desk shows only rooms and figures that exist for the post."""

from ronda.kernel.scope import Scope
from ronda.law.mandates import mandates


def may_read(scope: Scope, record: str) -> bool:
    """Whether the agency's kind reads this class of record at all."""
    book = mandates()
    return record in book.records and scope.kind in book.reach(record, "read")
