"""Where pages that were made stand in the cache: in a fixed number of places, however many addresses visitors make up.

For the cache may be the memory in which the queue's messages stand. An address has two of the places and its page
stands in either: with a single one, two pages that everybody reads would take turns in it, and be made at each turn.
A page of an earlier edition makes room for any other; an edition is what a publication, a release and the age of the
data are together.
"""

import logging
from dataclasses import dataclass
from hashlib import blake2b
from secrets import choice
from typing import NamedTuple, Self

from django.core.cache import cache

logger = logging.getLogger(__name__)

_PLACES = {"plain": 1024, "asked": 256}
"""How many pages without and with a query are kept, in each coding."""

_MOST_BYTES = 128 * 1024  # compressed
_LONGEST_ADDRESS = 300  # a longer one is somebody's own search: not worth a place


class Made(NamedTuple):
    """A page as it is sent: its body, compressed, and the headers that tell what that is."""

    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Slot:
    """What is kept of a page, and the place it goes to if nothing is ("" for a page that is not to be kept)."""

    key: str
    edition: str
    place: str = ""
    made: Made | None = None

    @classmethod
    def of(cls, address: str, *, asked: bool, coding: str, key: str, edition: str) -> Self:
        """`key` names the page as it is in `edition`; its two places follow from the address, the same in all editions.

        `asked` and `coding` have places of their own: what visitors make up for themselves takes nobody else's.
        """
        empty = cls(key, edition)
        if len(address) > _LONGEST_ADDRESS:
            return empty
        places = _places(address, "asked" if asked else "plain", coding)
        free = []
        for place in places:
            try:
                held_edition, held_key, *made = cache.get(place) or ("", "")
            except Exception:  # whatever the cache's client raises, the page can be made without it
                logger.warning("cache unavailable", exc_info=True)
                return empty
            if held_key == key:
                return cls(key, edition, place, Made(*made))
            if held_edition != edition:
                free.append(place)
        return cls(key, edition, free[0] if free else choice(places))

    @property
    def most_bytes(self) -> int:
        """The largest compressed body that has room here."""
        return _MOST_BYTES if self.place else 0

    def keep(self, made: Made) -> None:
        if len(made.body) > self.most_bytes:
            return
        try:
            cache.set(self.place, (self.edition, self.key, *made))
        except Exception:
            logger.warning("cache unavailable", exc_info=True)


def _places(address: str, kind: str, coding: str) -> tuple[str, str]:
    digest = blake2b(address.encode(errors="replace"), digest_size=16).digest()
    first, second = (int.from_bytes(half) % _PLACES[kind] for half in (digest[:8], digest[8:]))
    return f"page:{coding}:{kind}:{first}", f"page:{coding}:{kind}:{second}"
