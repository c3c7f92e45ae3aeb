"""Redis as two test processes at once can share it."""

from typing import Any

from django_redis.client import DefaultClient


class OwnKeys(DefaultClient):
    """`clear` drops what this process wrote. The usual one empties the database, in the midst of another's test."""

    def clear(self, client: Any = None) -> None:
        self.delete_pattern("*", client=client)
