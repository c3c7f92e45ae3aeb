"""From the loose values of JSON to ours: a value is what it should be, unknown, or refused by name."""

import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from taoanalytics.lib.text import clean

Read = Callable[[Any, str], float | None]

LARGEST = 1e18  # beyond any amount of TAO, alpha or dollars there can be, and within what a double tells apart
_EARLIEST = datetime(2020, 1, 1, tzinfo=UTC)


class UnreadableError(ValueError):
    """A value that is not what the service should have sent; the text names the field."""


def number(value: Any, field: str, *, lower: float = -LARGEST, upper: float = LARGEST) -> float | None:
    """A finite number from a number or a numeric string; null and "" are unknown. Raises UnreadableError."""
    if value is None or value == "":
        return None
    try:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise ValueError
        found = float(value)
    except (ValueError, OverflowError):
        raise UnreadableError(f"{field} is {value!r:.40}, which is not a number") from None
    if not math.isfinite(found) or not lower <= found <= upper:
        raise UnreadableError(f"{field} is {value!r:.40}, which cannot be")
    return found


amount: Read = partial(number, lower=0)
"""A number that cannot be negative."""


def netuid(value: Any) -> int:
    """The number of a subnet. Raises UnreadableError."""
    found = number(value, "netuid", lower=0, upper=65_535)
    if found is None or found != int(found):
        raise UnreadableError(f"netuid is {value!r:.40}, which is no subnet's number")
    return int(found)


def line(value: Any, limit: int) -> str:
    """One line of a stranger's text; "" for anything that is no text."""
    return clean(" ".join(value.split()), limit) if isinstance(value, str) else ""


def moment(value: Any, field: str) -> datetime:
    """A time from ISO 8601 (without offset: UTC) or from seconds or milliseconds since 1970. Raises UnreadableError."""
    try:
        if isinstance(value, str) and not value.strip().replace(".", "", 1).isdecimal():
            found = datetime.fromisoformat(value.strip())
            found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
        else:
            seconds = number(value, field, lower=0)
            if seconds is None:
                raise ValueError
            found = datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC)
    except (ValueError, OverflowError, OSError):
        raise UnreadableError(f"{field} is {value!r:.40}, which is not a time") from None
    if found < _EARLIEST:
        raise UnreadableError(f"{field} is {found:%Y-%m-%d}, before there was anything to tell")
    return found


def records(value: Any) -> list[Any] | None:
    """The list in either shape of a reply, bare or as `{"data": […]}`; None if it is neither."""
    if isinstance(value, Mapping):
        value = value.get("data")
    return value if isinstance(value, list) else None
