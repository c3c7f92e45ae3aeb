"""How the site is served: `gunicorn taoanalytics.wsgi` reads this, WEB_CONCURRENCY says in how many processes."""

from pathlib import Path

worker_class = "gthread"
threads = 4  # a browser's spare connection, on which nothing is asked, takes one for five seconds
timeout = 25  # of a process that hangs; Heroku's router gives a page up after 30
max_requests, max_requests_jitter = 20_000, 2_000  # what a process has come to hold is given back

# A worker's heartbeat is a file, which must not wait for a disk.
_memory = Path("/dev/shm")  # noqa: S108
worker_tmp_dir = str(_memory) if _memory.is_dir() else None
