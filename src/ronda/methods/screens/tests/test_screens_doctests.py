"""The examples in the docstrings are true, and every public name has one."""

import doctest
from importlib import import_module

import pytest

from ronda.methods import screens

PARTS = ["basis", "digits", "fingerprint", "integers", "mixture", "neighbours", "spikes", "vectors"]
PLAIN = {"Peaks", "Word"}  # named fields and fixed words; their docstrings say all


@pytest.mark.parametrize("part", PARTS)
def test_examples_are_true(part):
    found = doctest.testmod(import_module(f"ronda.methods.screens.{part}"))
    assert found.attempted > 0
    assert found.failed == 0


@pytest.mark.parametrize("name", sorted(set(screens.__all__) - PLAIN))
def test_every_public_name_is_documented_in_full(name):
    text = getattr(screens, name).__doc__
    assert "Parameters\n" in text
    assert "Examples\n" in text
