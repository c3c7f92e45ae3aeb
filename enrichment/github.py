"""Where a subnet's repository is, read from whatever its owner wrote as its address. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

README_NAMES = ("README.md", "readme.md", "README.rst")
USUAL_BRANCHES = ("main", "master", "HEAD")
_OWNER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})")
_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")
_SSH = re.compile(r"^(?:ssh://)?git@github\.com[:/]", re.IGNORECASE)
_HOSTS = {"github.com", "www.github.com", "m.github.com"}
_RAW_HOST = "raw.githubusercontent.com"
_NO_OWNERS = {
    "about", "apps", "collections", "contact", "customer-stories", "enterprise", "events", "explore", "features",
    "issues", "login", "marketplace", "new", "notifications", "pricing", "pulls", "search", "security", "settings",
    "signup", "site", "sponsors", "stars", "topics", "trending",
}  # fmt: skip


class NoRepository(Exception):
    """The address leads to no repository; the text says why."""


@dataclass(frozen=True, slots=True)
class Repository:
    """`name` is empty for an account without one; `branch` and `folder` only where the address says so."""

    owner: str
    name: str
    branch: str = ""
    folder: str = ""

    def readme_paths(self) -> Iterator[str]:
        """Below the host for raw files, the likeliest first."""
        if not self.name:
            yield f"{self.owner}/.github/HEAD/profile/README.md"
            return
        if self.branch and self.folder:
            yield "/".join((self.owner, self.name, quote(self.branch), quote(self.folder), README_NAMES[0]))
        for file in README_NAMES:
            for branch in dict.fromkeys((self.branch or USUAL_BRANCHES[0], *USUAL_BRANCHES)):
                yield "/".join((self.owner, self.name, quote(branch), file))


def is_github(address: str) -> bool:
    try:
        repository_of(address)
    except NoRepository:
        return False
    return True


def repository_of(address: str) -> Repository:
    """Raises NoRepository."""
    host, path = _host_and_path(address)
    steps = [unquote(step) for step in path.split("/") if step]
    if host == "gist.github.com":
        raise NoRepository("the address is of a gist, not of a repository")
    if host not in _HOSTS and host != _RAW_HOST:
        raise NoRepository(f"{host[:100]} is not GitHub" if host else "the address has no valid host name")
    if steps and steps[0].lower() == "orgs":
        steps = steps[1:2]
    if not steps:
        raise NoRepository("the address is of GitHub itself")
    return _checked(steps[0], steps[1:], raw=host == _RAW_HOST)


def _host_and_path(address: str) -> tuple[str, str]:
    written = _SSH.sub("https://github.com/", address.strip())
    if "://" not in written:
        written = f"https://{written}"
    try:
        parts = urlsplit(written)
        return (parts.hostname or "").removesuffix("."), parts.path
    except ValueError:
        raise NoRepository("the address is malformed") from None


def _checked(owner: str, steps: list[str], *, raw: bool) -> Repository:
    if not _OWNER.fullmatch(owner) or owner.lower() in _NO_OWNERS:
        raise NoRepository("the address names no account")
    if not steps:
        return Repository(owner, "")
    name = steps[0].removesuffix(".git")
    if not _NAME.fullmatch(name) or name in (".", ".."):
        raise NoRepository("the address names no repository")
    rest = steps[1:] if raw else steps[2:] if steps[1:2] and steps[1] in ("tree", "blob", "raw") else []
    if not rest or any(step in (".", "..") or "\\" in step or not step.isprintable() for step in rest):
        return Repository(owner, name)
    folder = rest[1:-1] if raw or steps[1] != "tree" else rest[1:]  # a file's folder
    return Repository(owner, name, rest[0], "/".join(folder))
