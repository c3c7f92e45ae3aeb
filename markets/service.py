"""How an outside market is asked: counted first, bounded in time and size, patient only as long as it is told to be."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from taoanalytics.jobs.errors import Permanent, ServiceError, Transient
from taoanalytics.lib.http import HttpError, Limits, Reply, get_json
from taoanalytics.lib.text import clean

_TRIES = 3
_LONGEST_COMPLAINT = 200


@dataclass(frozen=True, slots=True)
class Complaint:
    """An error that a service wrote into a body, whatever the status said."""

    text: str
    code: int | None = None

    @property
    def heals(self) -> bool:
        return self.code == 429 or (self.code is not None and 500 <= self.code < 600)


def uncounted() -> None:
    """Asked by hand, or in a test: nobody counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One API. `before_call` counts a call that is about to go out, or raises ServiceError to keep it in."""

    name: str
    root: str
    complaint: Callable[[Any], Complaint | None]
    key_header: str = ""
    key: str = field(default="", repr=False)
    before_call: Callable[[], None] = uncounted
    pause: Callable[[float], None] = time.sleep

    def get(self, path: str, parameters: Mapping[str, str] | None = None) -> Reply:
        """The reply to one question. Raises Transient or Permanent; neither ever holds the key.

        Asks again, and counts again, only where the service (or our own quota) names a wait that is bearable.
        """
        for attempt in range(1, _TRIES + 1):
            try:
                self.before_call()
                return self._asked(path, parameters)
            except Transient as problem:
                wait = problem.retry_after
                if wait is None or wait > settings.MARKETS_LONGEST_WAIT_SECONDS or attempt == _TRIES:
                    raise
            self.pause(wait)
        raise AssertionError("the last try returns or raises")

    def _asked(self, path: str, parameters: Mapping[str, str] | None) -> Reply:
        limits = Limits(
            connect_seconds=settings.MARKETS_CONNECT_SECONDS,
            total_seconds=settings.MARKETS_TOTAL_SECONDS,
            largest_bytes=settings.MARKETS_LARGEST_REPLY_BYTES,
        )
        try:
            reply = get_json(
                self.root.rstrip("/") + path, parameters=parameters, headers=self._headers(), limits=limits
            )
        except HttpError as problem:
            raise self._error(problem) from None
        if complaint := self.complaint(reply.value):
            said = f"{self.name} sent an error: {self._quoted(complaint)}"
            raise Transient(said) if complaint.heals else Permanent(said)
        return reply

    def _headers(self) -> dict[str, str]:
        if not self.key:
            return {}
        if not self.key.isascii() or not self.key.isprintable() or " " in self.key:
            raise Permanent(f"{self.name}: the key holds characters that no key has; set it anew")
        return {self.key_header: self.key}

    def _error(self, problem: HttpError) -> ServiceError:
        said = f"{self.name}: {problem}"
        if complaint := self.complaint(problem.value):
            said += f": {self._quoted(complaint)}"
        if problem.heals:
            return Transient(said, retry_after=problem.retry_after)
        return Permanent(said)

    def _quoted(self, complaint: Complaint) -> str:
        """Some services repeat the key that they refuse."""
        text = complaint.text.replace(self.key, "…") if self.key else complaint.text
        code = f" (code {complaint.code})" if complaint.code is not None else ""
        return clean(" ".join(text.split()), _LONGEST_COMPLAINT) + code
