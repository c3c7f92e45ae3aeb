"""Whatever way an owner writes the address of a repository, it is found; what is none is said to be none."""

import pytest

from enrichment.github import NoRepository, Repository, is_github, repository_of

FORMS = {
    "https://github.com/acme/gpu": Repository("acme", "gpu"),
    "https://github.com/acme/gpu/": Repository("acme", "gpu"),
    "http://github.com/acme/gpu": Repository("acme", "gpu"),
    "https://www.github.com/acme/gpu": Repository("acme", "gpu"),
    "github.com/acme/gpu": Repository("acme", "gpu"),
    "  https://GitHub.com/Acme/GPU.x_y  ": Repository("Acme", "GPU.x_y"),
    "https://github.com/acme/gpu.git": Repository("acme", "gpu"),
    "git@github.com:acme/gpu.git": Repository("acme", "gpu"),
    "ssh://git@github.com/acme/gpu.git": Repository("acme", "gpu"),
    "https://github.com/acme/gpu?tab=readme-ov-file#install": Repository("acme", "gpu"),
    "https://github.com/acme/gpu/issues/7": Repository("acme", "gpu"),
    "https://github.com/acme/gpu/tree/dev": Repository("acme", "gpu", "dev"),
    "https://github.com/acme/gpu/tree/dev/miner/core": Repository("acme", "gpu", "dev", "miner/core"),
    "https://github.com/acme/gpu/blob/dev/README.md": Repository("acme", "gpu", "dev"),
    "https://github.com/acme/gpu/blob/dev/docs/README.md": Repository("acme", "gpu", "dev", "docs"),
    "https://raw.githubusercontent.com/acme/gpu/dev/README.md": Repository("acme", "gpu", "dev"),
    "https://github.com/acme": Repository("acme", ""),
    "https://github.com/orgs/acme/repositories": Repository("acme", ""),
    "https://github.com/acme/gpu/tree/../../etc": Repository("acme", "gpu"),
    "https://github.com/acme/gpu/tree/%2e%2e/x": Repository("acme", "gpu"),
}
NONE = {
    "https://gist.github.com/acme/0123456789abcdef": "gist",
    "https://gitlab.com/acme/gpu": "gitlab.com is not GitHub",
    "https://github.com.evil.example/acme/gpu": "is not GitHub",
    "https://evil.example/github.com/acme/gpu": "is not GitHub",
    "https://github.com/": "GitHub itself",
    "https://github.com/sponsors/acme": "names no account",
    "https://github.com/-acme/gpu": "names no account",
    "https://github.com/acme/..": "names no repository",
    "https://github.com/acme/g pu": "names no repository",
    "https://[::1": "malformed",
    "n/a": "not GitHub",
    "": "no valid host",
}


@pytest.mark.parametrize("address", FORMS)
def test_a_repository_is_found_in_every_form_of_its_address(address: str) -> None:
    assert repository_of(address) == FORMS[address]
    assert is_github(address)


@pytest.mark.parametrize("address", NONE)
def test_what_is_no_repository_is_said_to_be_none(address: str) -> None:
    with pytest.raises(NoRepository, match=NONE[address]):
        repository_of(address)
    assert not is_github(address)


def test_the_readme_is_looked_for_in_the_usual_places_in_order() -> None:
    assert list(Repository("acme", "gpu").readme_paths()) == [
        f"acme/gpu/{branch}/{name}"
        for name in ("README.md", "readme.md", "README.rst")
        for branch in ("main", "master", "HEAD")
    ]


def test_the_branch_and_folder_that_the_address_names_come_first() -> None:
    paths = list(Repository("acme", "gpu", "dev", "miner").readme_paths())
    assert paths[:3] == ["acme/gpu/dev/miner/README.md", "acme/gpu/dev/README.md", "acme/gpu/main/README.md"]


def test_an_account_without_a_repository_has_its_profile() -> None:
    assert list(Repository("acme", "").readme_paths()) == ["acme/.github/HEAD/profile/README.md"]
