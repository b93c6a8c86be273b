"""One database for each file of tests, emptied before each test."""

from typing import Any

import pytest


@pytest.fixture
def database(module_database: Any) -> Any:
    """A database that other connections see, without a row."""
    tables = (
        "gate_message, gate_conflict, gate_file, gate_outcome, ledger_leaf, ledger_group, agencies_agency"
    )
    module_database.psql(f"SET client_min_messages = 'error'; TRUNCATE {tables} CASCADE")
    return module_database
