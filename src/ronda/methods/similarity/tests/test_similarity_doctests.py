"""The examples in the docstrings are true, and every public name has one."""

import doctest
import importlib

import pytest

from ronda.methods import similarity

PARTS = ["pairs", "sketches", "words"]
NUMBERS = {"BANDS", "HASHES", "ROWS"}


@pytest.mark.parametrize("name", PARTS)
def test_examples_are_true(name):
    found = doctest.testmod(importlib.import_module(f"ronda.methods.similarity.{name}"))
    assert found.attempted > 0
    assert found.failed == 0


@pytest.mark.parametrize("name", sorted(set(similarity.__all__) - NUMBERS))
def test_every_public_name_is_documented_in_full(name):
    written = getattr(similarity, name).__doc__
    assert "Parameters\n" in written
    assert "Examples\n" in written
