"""Ends an exchange after its time. A socket's own time-out starts anew with every byte that arrives."""

import math
import os
import socket
from contextlib import suppress
from threading import Timer
from time import monotonic
from typing import Self


class Deadline:
    """A block of time that hangs up on the watched connection when it is over; `passed` says whether it was."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._ends = math.inf
        self._socket: socket.socket | None = None
        self._timer = Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._ends = monotonic() + self._seconds
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        if self._socket is not None:
            self._socket.close()

    @property
    def passed(self) -> bool:
        """By the clock, not by the timer: a socket's own time-out may wake before the timer's thread does."""
        return monotonic() >= self._ends

    def watch(self, connected: socket.socket) -> None:
        """Raises TimeoutError if the time is over already."""
        # A second handle on the connection: the first changes hands when the encryption starts.
        self._socket = socket.socket(fileno=os.dup(connected.fileno()))
        if self.passed:
            raise TimeoutError

    def _end(self) -> None:
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
