"""The examples in the docstrings are true, and every public name has one."""

import doctest
import importlib
from enum import Enum

import pytest

from ronda.methods import recap

PARTS = ["basis", "differences", "moves", "shifts", "systematic"]


@pytest.mark.parametrize("name", PARTS)
def test_examples_are_true(name):
    found = doctest.testmod(importlib.import_module(f"ronda.methods.recap.{name}"))
    assert found.attempted > 0
    assert found.failed == 0


@pytest.mark.parametrize("name", recap.__all__)
def test_every_public_name_is_documented_in_full(name):
    public = getattr(recap, name)
    assert public.__doc__
    if not (isinstance(public, type) and issubclass(public, Enum)):
        assert "Parameters\n" in public.__doc__
        assert "Examples\n" in public.__doc__
