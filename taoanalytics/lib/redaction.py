"""Secrets do not get out: known values, and what looks like a key, are struck from text before it leaves the process.

Knows neither Django nor a log, so that settings, logging and error reporting can all use it.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, unquote, urlsplit

STRUCK = "***"

_SECRET_NAME = re.compile(r"KEY|SECRET|TOKEN|PASSWORD|DSN", re.IGNORECASE)
_SHORTEST_SECRET = 6  # characters; a shorter one would strike ordinary words
_SHAPES = (
    re.compile(r"\b(sk|pk|CG)-[A-Za-z0-9_-]{8,}"),
    re.compile(r"(?i)(?<=bearer )[A-Za-z0-9._~+/=-]{8,}"),
    re.compile(
        r"""(?i)(?<![a-z])((?:[a-z0-9]+[_-])*(?:api[_-]?key|key|secret|token|password)["']?\s*[=:]\s*["']?)"""
        r"""[^\s"'&,;)}\]]{6,}"""
    ),
    re.compile(r"(?<=://)([^\s/:@]*):[^\s/@]+(?=@)"),  # user:password@ of an address
)


class Redactor:
    """Strikes the secrets of an environment, in each spelling that text may give them."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        known = {spelling for secret in _secrets(environment) for spelling in _spellings(secret)}
        longest_first = sorted(known, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first))) if known else None

    def __call__(self, text: str) -> str:
        if self._known is not None:
            text = self._known.sub(STRUCK, text)
        key, bearer, assignment, address = _SHAPES
        text = bearer.sub(STRUCK, key.sub(STRUCK, text))
        return address.sub(rf"\1:{STRUCK}", assignment.sub(rf"\1{STRUCK}", text))

    def structure(self, value: Any) -> Any:
        """The same, all through nested dicts, lists and tuples."""
        if isinstance(value, str):
            return self(value)
        if isinstance(value, Mapping):
            return {key: self.structure(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.structure(item) for item in value]
        return value


def _secrets(environment: Mapping[str, str]) -> Iterator[str]:
    for name, value in environment.items():
        if _SECRET_NAME.search(name):
            yield value
        for address in value.split(",") if "://" in value else ():
            yield from _secrets_of_address(address.strip())


def _secrets_of_address(address: str) -> Iterator[str]:
    """The password, and for a chain endpoint also path and query, where hosted nodes expect their key."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return
    if parts.password:
        yield parts.password
        yield unquote(parts.password)
    if parts.scheme in ("ws", "wss"):
        yield from (piece for piece in (*parts.path.split("/"), parts.query) if len(piece) > 2 * _SHORTEST_SECRET)


def _spellings(secret: str) -> Iterable[str]:
    if len(secret) < _SHORTEST_SECRET:
        return ()
    return {secret, json.dumps(secret)[1:-1], quote(secret, safe=""), repr(secret)[1:-1]}


redacted = Redactor(os.environ)
"""That of this process's own environment, as it was when the module was loaded."""
