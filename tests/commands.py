"""A command run in this process, as an operator sees it."""

import pytest
from django.core.management import call_command


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """(exit code, what was printed)"""
    code = 0
    try:
        call_command(*arguments)
    except SystemExit as leaving:
        code = int(leaving.code or 0)
    return code, capsys.readouterr().out
