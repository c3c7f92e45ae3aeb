"""Which release of the code this is, for caches that outlive a process."""

from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path

_SHOWN = {".py", ".html", ".css", ".js", ".json", ".svg"}


def fingerprint(folders: Iterable[Path]) -> str:
    """12 hex digits that change when a file below `folders` does; known by size and time, so it costs no reading."""
    files = sorted(file for folder in folders for file in folder.rglob("*") if file.suffix in _SHOWN and file.is_file())
    seen = ((str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in files)
    return blake2b(repr(list(seen)).encode(), digest_size=6).hexdigest()
