"""The examples in the docstrings are true, and every public name has one."""

import doctest

import pytest

from ronda.methods import audit
from ronda.methods.audit import ballots, batches, detection, draws


@pytest.mark.parametrize("module", [ballots, batches, detection, draws], ids=lambda module: module.__name__)
def test_examples_are_true(module):
    found = doctest.testmod(module)
    assert found.attempted > 0
    assert found.failed == 0


@pytest.mark.parametrize("name", audit.__all__)
def test_every_public_name_is_documented_in_full(name):
    text = getattr(audit, name).__doc__
    assert "Parameters\n" in text
    assert "Examples\n" in text
