"""Types of command-line arguments; argparse makes a sentence of their ArgumentTypeError."""

from argparse import ArgumentTypeError
from datetime import UTC, datetime, timedelta

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def moment(value: str) -> datetime:
    """A date or an ISO 8601 time; without an offset it is UTC."""
    try:
        parsed = datetime.fromisoformat(value)
    except ValueError:
        raise ArgumentTypeError(f"{value!r} is not a date like 2026-01-31 or a time like 2026-01-31T12:00") from None
    return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)


def span(value: str) -> timedelta:
    """A length of time: 30m, 6h, 1d, 2w."""
    number, unit = value[:-1], value[-1:]
    if unit not in _UNITS or not number.isdecimal() or not 0 < int(number) < 10_000:
        raise ArgumentTypeError(f"{value!r} is not a span like 30m, 6h, 1d or 2w")
    return timedelta(**{_UNITS[unit]: int(number)})


def whole(value: str) -> int:
    """A count or a number of a subnet: 0 or more."""
    if not value.isdecimal() or len(value) > 9:
        raise ArgumentTypeError(f"{value!r} is not a whole number of 0 or more")
    return int(value)
