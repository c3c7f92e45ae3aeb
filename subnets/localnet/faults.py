"""What can go wrong with a node, chosen by whoever starts one."""

from dataclasses import dataclass

SUBSTRATE_REPLY_CAP = 15 * 1024 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class Faults:
    """Faults a node shows. For a node on another chain give its world another seed."""

    latency: float = 0.0  # seconds added to every answer
    keep: int | None = None  # blocks of state a pruned node still has; None keeps all
    max_response: int = SUBSTRATE_REPLY_CAP  # bytes of the largest reply
    per_second: int | None = None  # answers before it refuses; None refuses never
    retry_after: int = 1  # seconds it tells a refused client to wait
    drop_after: int | None = None  # answered calls after which it drops their socket; None never drops
    drop_once: bool = True  # after that it behaves; else it drops every socket
    dies_after: int | None = None  # answered calls after which it drops every socket and answers no more
    silent: bool = False  # it takes connections and never answers


NO_FAULTS = Faults()
