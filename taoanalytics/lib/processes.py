"""Whether another process of this machine still works."""

import os
from pathlib import Path


def is_alive(pid: int) -> bool:
    """Whether there is such a process, whoever it belongs to, that is not merely waiting to be buried."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    """Whether it is dead and waits for its parent to notice: the first process of a container may take its time."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:  # not on Linux, or gone by now
        return False
    return stat.rpartition(")")[2].split()[0] == "Z"
