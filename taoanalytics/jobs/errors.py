"""The two ways an outside service can fail: one heals by waiting, the other does not. And the database's own."""

from django.db import InterfaceError, OperationalError

DATABASE_AWAY = (OperationalError, InterfaceError)


class ServiceError(Exception):
    """An outside service did not deliver. The text says what happened and to what; it never holds a key."""


class Transient(ServiceError):
    """Trying again later may help. `retry_after`: seconds the service asked for, if it did."""

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Permanent(ServiceError):
    """Trying again will not help: wrong address, wrong chain, refused input."""
