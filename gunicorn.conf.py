"""How the site is served: `gunicorn taoanalytics.wsgi` reads this, WEB_CONCURRENCY says in how many processes."""

from pathlib import Path

worker_class = "gthread"
# One works while the other waits for the database. More wait for each other: with four, a fifth fewer pages a second.
threads = 2
timeout = 25  # Heroku's router gives up after 30
max_requests, max_requests_jitter = 20_000, 2_000  # what a process has come to hold is given back

# A worker's heartbeat is a file, which must not wait for a disk.
_memory = Path("/dev/shm")  # noqa: S108
worker_tmp_dir = str(_memory) if _memory.is_dir() else None
