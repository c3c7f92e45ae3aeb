"""Redis as a cache that pages can do without, and are hardly slower for it."""

from collections.abc import Callable
from time import monotonic
from typing import Any

from django_redis.cache import CONNECTION_INTERRUPTED, RedisCache  # type: ignore[import-untyped]

SOON_SECONDS, REST_SECONDS = 0.2, 5.0

_rests_until = 0.0  # of this process, whose threads have a cache object each


class RestingRedisCache(RedisCache):  # type: ignore[misc]  # untyped
    """A Redis that was waited for in vain is left alone for five seconds.

    A page asks the cache about ten times: of a server that swallows questions, each would be waited out. One that
    refuses at once costs nothing and is asked each time.
    """

    def _get(self, *args: Any, **kwargs: Any) -> Any:
        return _unless_resting(lambda: super(RestingRedisCache, self)._get(*args, **kwargs), CONNECTION_INTERRUPTED)

    def set(self, *args: Any, **kwargs: Any) -> Any:
        return _unless_resting(lambda: super(RestingRedisCache, self).set(*args, **kwargs), None)

    def add(self, *args: Any, **kwargs: Any) -> Any:
        return _unless_resting(lambda: super(RestingRedisCache, self).add(*args, **kwargs), None)


def _unless_resting(ask: Callable[[], Any], unanswered: Any) -> Any:
    """What `ask` says, which is `unanswered` where the server is away; that at once while it rests."""
    global _rests_until
    began = monotonic()
    if began < _rests_until:
        return unanswered
    said = ask()
    if said is unanswered and monotonic() - began > SOON_SECONDS:
        _rests_until = monotonic() + REST_SECONDS
    return said
