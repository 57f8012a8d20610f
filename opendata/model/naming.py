"""What a dataset may be called: the name stands in the descriptor, in folders of any system and in addresses."""

from __future__ import annotations

import re

_NAME = re.compile(r"(?!.*--)[a-z0-9-]{2,90}")
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")
_SHARED = "--shared"


def is_dataset_name(name: str) -> bool:
    """True for 2 to 90 small letters, digits and single hyphens that Windows does not keep for a device.

    >>> [is_dataset_name(name) for name in ("dien-tich-lua", "a", "a--b", "Lúa", "../a", "con")]
    [True, False, False, False, False, False]
    """
    return _NAME.fullmatch(name) is not None and not is_device(name)


def is_published_name(name: str) -> bool:
    """True for the name of a dataset, or of its shared edition.

    >>> [is_published_name(name) for name in ("paddy", "paddy--shared", "paddy--closed", "con--shared")]
    [True, True, False, False]
    """
    return is_dataset_name(name.removesuffix(_SHARED))


def is_device(name: str) -> bool:
    """True for a name, with any ending, that Windows keeps for a device, so that no file can have it.

    >>> is_device("con"), is_device("nul.csv"), is_device("cone")
    (True, True, False)
    """
    return _DEVICE.fullmatch(name.lower()) is not None
