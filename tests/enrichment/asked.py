"""What a model on loopback is asked, and what it sends back."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

RESPONSES, CHAT = "/v1/responses", "/v1/chat/completions"
TOKENS = {"input": 2_000, "cached": 500, "output": 300, "reasoning": 100}
SERVED = "-2026-10-01"  # what the vendor adds to the name of a model it was asked for


@dataclass(frozen=True)
class Asked:
    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def material(self) -> str:
        """The last message, or the input: what is not instruction."""
        if self.path == CHAT:
            return str(self.body["messages"][-1]["content"])
        given = self.body["input"]
        return given if isinstance(given, str) else str(given[-1]["content"])

    @property
    def lines(self) -> list[tuple[str, str]]:
        """(reference, text) of the numbered lines."""
        return re.findall(r"^\w+·(\w\d+)\| (.+)$", self.material, re.MULTILINE)

    @property
    def key(self) -> str:
        return self.headers.get("idempotency-key", "")

    @property
    def most_tokens(self) -> int:
        limits = ("max_output_tokens", "max_completion_tokens", "max_tokens")
        return next(int(self.body[name]) for name in limits if name in self.body)


@dataclass(frozen=True)
class Sent:
    """What goes back. `seconds`: how long the vendor thinks before it does, once `together` were asked at once."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    kind: str = "application/json"
    seconds: float = 0.0
    together: int = 1


Behaviour = Callable[[Asked], Sent]
