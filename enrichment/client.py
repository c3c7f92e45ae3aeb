"""The SDK's client, told everything, so that no variable of the environment sends it elsewhere."""

import time
from collections.abc import Iterator
from functools import cache
from threading import Lock
from typing import Any

from taoanalytics.lib.http import trust

LARGEST_REPLY_BYTES = 4 * 2**20
_CONNECT_SECONDS = 10.0
_OURS = ("host", "content-type", "content-length", "accept", "accept-encoding", "user-agent", "idempotency-key")
_opening = Lock()


class TooLargeError(Exception):
    """A reply without end."""


def client(base_url: str, key: str, seconds: float) -> Any:
    """One for each such service in this process, for all threads. `seconds`: of one answer, however it drips."""
    with _opening:
        return _opened(base_url, key, seconds)


@cache
def _opened(base_url: str, key: str, seconds: float) -> Any:
    import httpx2
    from openai import DefaultHttpx2Client, OpenAI

    class Bounded(httpx2.SyncByteStream):
        """A body with an end in time and size; the library's own time-out starts anew with every byte."""

        def __init__(self, stream: Any, end: float) -> None:
            self._stream, self._end = stream, end

        def __iter__(self) -> Iterator[bytes]:
            size = 0
            for piece in self._stream:
                size += len(piece)
                if size > LARGEST_REPLY_BYTES:
                    raise httpx2.ReadError("too large") from TooLargeError()
                if time.monotonic() > self._end:
                    raise httpx2.ReadTimeout("too slow")
                yield piece

        def close(self) -> None:
            self._stream.close()

    class Transport(httpx2.HTTPTransport):
        """Sends the headers that the question needs and none that the machine or the SDK would add."""

        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            end = time.monotonic() + seconds
            kept = {name: value for name, value in request.headers.items() if name.lower() in _OURS}
            login = {"authorization": f"Bearer {key}"} if key else {}
            lean = httpx2.Request(
                request.method,
                request.url,
                headers=kept | login,
                stream=request.stream,
                extensions=request.extensions,
            )
            reply = super().handle_request(lean)
            return httpx2.Response(
                reply.status_code,
                headers=reply.headers,
                stream=Bounded(reply.stream, end),
                extensions=reply.extensions,
            )

    return OpenAI(
        api_key=key or "none",
        base_url=base_url,
        max_retries=0,
        timeout=httpx2.Timeout(seconds, connect=min(seconds, _CONNECT_SECONDS)),
        http_client=DefaultHttpx2Client(
            transport=Transport(verify=trust(), trust_env=False), follow_redirects=False, trust_env=False
        ),
    )
