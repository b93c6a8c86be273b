"""The examples in the docstrings are true, and every public name has one."""

import doctest

import pytest

import ronda.methods.tally as tally
from ronda.methods.tally import checks, copies, recap, rules


@pytest.mark.parametrize("module", [checks, copies, recap, rules], ids=lambda module: module.__name__)
def test_examples_are_true(module):
    found = doctest.testmod(module)
    assert found.attempted > 0
    assert found.failed == 0


@pytest.mark.parametrize("name", tally.__all__)
def test_every_public_name_is_documented_in_full(name):
    text = getattr(tally, name).__doc__
    assert "Parameters\n" in text
    assert "Examples\n" in text
