"""A secret for machines where nobody has set one."""

import os
import secrets
from pathlib import Path


def kept_secret(file: Path) -> str:
    """The secret in `file`, made on first use and readable by its owner alone; survives restarts."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text().strip()
    with os.fdopen(descriptor, "w") as out:
        secret = secrets.token_urlsafe(50)
        out.write(secret)
    return secret
