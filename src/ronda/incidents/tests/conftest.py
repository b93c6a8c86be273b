import pytest

from ronda.incidents.tests.cast import stage_set


@pytest.fixture
def stage(db: None) -> None:
    """Places, agencies and units of the stories."""
    stage_set()
