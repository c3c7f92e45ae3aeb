#!/usr/bin/env python
import os
import sys
from pathlib import Path

import environ

REMOTE = "--remote"
REMOTE_COMMANDS = {
    "backfill",
    "collect",
    "enrich",
    "enrichment_report",
    "export",
    "fetch_icons",
    "generate_insights",
    "import_history",
    "recompute_metrics",
    "thin",
}


def aimed(arguments: list[str]) -> list[str]:
    """The arguments without `--remote`, which makes HEROKU_DATABASE_URL the database of this one command.

    Decided here because Django opens its database as soon as it reads the settings.
    """
    if REMOTE not in arguments:
        return arguments
    rest = [argument for argument in arguments if argument != REMOTE]
    command = rest[1] if len(rest) > 1 else ""
    if command not in REMOTE_COMMANDS:
        sys.exit(f"{REMOTE} is for {', '.join(sorted(REMOTE_COMMANDS))}; not for {command or 'no command at all'}.")
    environ.Env.read_env(Path(__file__).resolve().parent / ".env")
    remote = os.environ.get("HEROKU_DATABASE_URL")
    if not remote:
        sys.exit(f"{REMOTE} writes to the database at HEROKU_DATABASE_URL, which is not set.")
    os.environ["DATABASE_URL"] = remote
    os.environ.setdefault("PGSSLMODE", "require")  # unless the address says otherwise: it leaves this machine
    return rest


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "taoanalytics.settings")
    sys.argv = aimed(sys.argv)
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
