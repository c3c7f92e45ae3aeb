"""A page as its reader sees it."""

import html
import re
from typing import Protocol


class Answered(Protocol):
    """A reply of Django's test client, or of requests."""

    @property
    def content(self) -> bytes: ...


def text_of(response: Answered) -> str:
    """Its words in one line, without tags."""
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode()))
    return html.unescape(words).replace(" ,", ",")
