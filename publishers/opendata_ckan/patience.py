"""Trying again what may pass by itself: a few times, each time later, as late as the portal asks for."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, TypeVar

from tenacity import Retrying, retry_if_exception, stop_after_attempt

from opendata_ckan.answers import PassingError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tenacity import RetryCallState

T = TypeVar("T")

ATTEMPTS = 6
FIRST = 0.25
"""Seconds before the second try; they double with each further one."""
LONGEST = 60.0
"""Seconds that we wait at the portal's request; where it asks for more, we say so and end."""


def tries() -> Retrying:
    """Attempts to go through, one by one, as tenacity has them; what does not pass is raised at the end."""
    return Retrying(
        retry=retry_if_exception(_worth_it), wait=_pause, stop=stop_after_attempt(ATTEMPTS), sleep=_sleep, reraise=True
    )


def patiently(read: Callable[[], T]) -> T:
    """What `read` gives, tried again where that may help. For reading alone: nothing is done twice by it."""
    return tries()(read)


def _worth_it(fault: BaseException) -> bool:
    return isinstance(fault, PassingError) and (fault.wait is None or fault.wait <= LONGEST)


def _pause(state: RetryCallState) -> float:
    fault = state.outcome.exception() if state.outcome else None
    asked = fault.wait if isinstance(fault, PassingError) else None
    spread = FIRST * 2 ** (state.attempt_number - 1)
    return (asked or 0.0) + float(spread) * random.uniform(0.5, 1.0)  # noqa: S311 - spreads clients apart, keeps no secret


def _sleep(seconds: float) -> None:
    time.sleep(seconds)
