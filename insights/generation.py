"""What is worked out once for each generation of published data."""

import logging
from collections.abc import Callable
from secrets import token_hex
from typing import Any, TypeVar

from django.core.cache import cache

T = TypeVar("T")
logger = logging.getLogger(__name__)


def _unless_away(ask: Callable[[], Any]) -> Any:
    """What the cache says; None where it is away, whatever its client raises then."""
    try:
        return ask()
    except Exception:
        logger.warning("cache unavailable", exc_info=True)
        return None


_held: dict[str, tuple[Any, Any]] = {}
_MOST_HELD = 16  # a few past days beside the newest


def held_per_generation(generation: int, name: str, work_out: Callable[[], T]) -> T:
    """What `work_out` gives, held in this process rather than unpacked for each page, and not to be changed.

    The cache has a mark of it, without which it is worked out anew. Generation 0 is never held: nothing was published.
    """
    if not generation:
        return work_out()
    mark = _unless_away(lambda: cache.get_or_set(f"held-{name}:{generation}", lambda: token_hex(8)))
    if mark is None:
        return work_out()
    held = _held.get(name)
    if held is not None and held[0] == mark:
        kept: T = held[1]
        _held[name] = _held.pop(name, held)  # last in line: the first is given up
        return kept
    found = work_out()
    if len(_held) >= _MOST_HELD:
        _held.pop(next(iter(_held)), None)
    _held[name] = (mark, found)
    return found
