from __future__ import annotations

import inspect

import pytest

from opendata import errors
from opendata.model import Report

ALL = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.OpendataError)]


def test_every_error_is_drawn_atop_its_module() -> None:
    assert errors.__doc__ is not None
    assert [kind.__name__ for kind in ALL if kind.__name__ not in errors.__doc__] == []


@pytest.mark.parametrize("kind", ALL)
def test_an_error_says_what_where_and_how_to_mend(kind: type[errors.OpendataError]) -> None:
    more = (Report(),) if kind is errors.CheckError else ()
    error = kind("What.", "where", "Mend.", *more)
    assert (error.what, error.where, error.remedy) == ("What.", "where", "Mend.")
    assert str(error) == "What.\nwhere\nMend."


def test_an_error_without_a_place_has_two_lines() -> None:
    assert str(errors.GateError("What.", remedy="Mend.")) == "What.\nMend."
