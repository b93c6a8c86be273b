"""The examples in the docstrings are true, and every public name has one."""

import doctest
import importlib

import pytest

from ronda.methods import index

PARTS = ["categories", "checking", "explaining", "normalising", "sensitivity", "structure", "uncertainty"]
WORDS = {"Aggregation", "Normalisation"}


@pytest.mark.parametrize("name", PARTS)
def test_examples_are_true(name):
    found = doctest.testmod(importlib.import_module(f"ronda.methods.index.{name}"))
    assert found.attempted > 0
    assert found.failed == 0


@pytest.mark.parametrize("name", sorted(set(index.__all__) - WORDS))
def test_every_public_name_is_documented_in_full(name):
    written = getattr(index, name).__doc__
    assert "Parameters\n" in written
    assert "Examples\n" in written
