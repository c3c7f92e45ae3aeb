"""`--remote`: another database for one command, chosen before Django opens any."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as live_settings

REMOTE = "postgres://writer:hunter2@127.0.0.1:9/production"


def manage(tmp_path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), "CHAIN_ENDPOINTS": "ws://127.0.0.1:9"} | environment
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, env=env, cwd=live_settings.BASE_DIR, capture_output=True, text=True, check=False)


def test_remote_aims_one_command_at_the_other_database_and_says_so_without_the_password(tmp_path):
    local = f"sqlite:///{tmp_path}/local.sqlite3"
    environment = {"DATABASE_URL": local, "HEROKU_DATABASE_URL": REMOTE}
    there = manage(tmp_path, "collect", "--remote", "chain", "--dry-run", **environment)
    assert there.stdout.startswith("Writing to postgresql 127.0.0.1/production")
    assert "hunter2" not in there.stdout + there.stderr
    here = manage(tmp_path, "collect", "chain", "--dry-run", **environment)
    assert here.stdout.startswith("Writing to SQLite file")


@pytest.mark.parametrize(
    ("arguments", "environment", "complaint"),
    [
        (("collect", "chain", "--remote"), {}, "HEROKU_DATABASE_URL, which is not set"),
        (("flush", "--remote"), {"HEROKU_DATABASE_URL": REMOTE}, "not for flush"),
        (("--remote",), {"HEROKU_DATABASE_URL": REMOTE}, "no command at all"),
    ],
)
def test_remote_is_refused_in_words_where_it_makes_no_sense(tmp_path, arguments, environment, complaint):
    refused = manage(tmp_path, *arguments, **environment)
    assert refused.returncode == 1
    assert complaint in refused.stderr
