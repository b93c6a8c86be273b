"""Writes. Each is one transaction, one change, one event, one audit line."""

from ronda.publishing.services.deciding import publication_confirm, publication_refuse
from ronda.publishing.services.proposing import correction_enter, publication_propose
from ronda.publishing.services.writing import site_write

__all__ = [
    "correction_enter",
    "publication_confirm",
    "publication_propose",
    "publication_refuse",
    "site_write",
]
