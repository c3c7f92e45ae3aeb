"""What subnets are by people's word: a file of labels, the curated categories, a folder of texts to try them on."""

import csv
import importlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import DatabaseError

from enrichment.evaluation import Labelled
from enrichment.github import NoRepository, repository_of
from enrichment.readme import read_readme
from subnets.models import Category, CategoryAssignment, Subnet

MAPPING = "MAPPING.csv"


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a folder, and whom it is of: a netuid and `owner/repository`, each "" for unknown."""

    netuid: str
    repository: str
    file: str
    text: str

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(key.casefold() for key in (self.repository, self.netuid, self.file) if key)


def slugs() -> dict[str, str]:
    """{name, slug or code in lower case: slug} of every category; of the seeded ones where there is no database."""
    try:
        rows = list(Category.objects.in_use().values_list("slug", "name", "code"))
    except DatabaseError:
        rows = []
    if not rows:
        seeded = importlib.import_module("subnets.migrations.0002_seed_categories").CATEGORIES
        rows = [(slug, name, code) for slug, name, code, *_ in seeded]
    return {word.casefold(): slug for slug, *others in rows for word in (slug, *others)}


def read_labels(file: Path) -> dict[str, Labelled]:
    """{`owner/repository`, netuid or file name, in lower case: label}. Raises ValueError, in words, for another file.

    The file is JSON: {"labels": {key: {"primary": category, "also_acceptable": [category, …]}}}; the outer "labels" may
    be left out, and a bare category may stand for the inner object. A category is a slug, a name or a code.
    """
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as problem:
        raise ValueError(f"{file} cannot be read as JSON: {problem}") from None
    labels = content.get("labels", content) if isinstance(content, dict) else None
    if not isinstance(labels, dict):
        raise ValueError(f"{file} holds no labels: an object with a label for each repository or netuid is expected")
    known = slugs()
    return {str(key).strip().casefold(): _label(key, value, known) for key, value in labels.items()}


def _label(key: str, value: Any, known: Mapping[str, str]) -> Labelled:
    given = value if isinstance(value, dict) else {"primary": value}
    others = given.get("also_acceptable") or []
    named = [given.get("primary"), *(others if isinstance(others, list) else [others])]
    for category in named:
        if not isinstance(category, str) or category.strip().casefold() not in known:
            raise ValueError(f"the label of {key} names {category!r}, which is no category")
    primary, *also = (known[category.strip().casefold()] for category in named)
    return Labelled(primary, frozenset(also) - {primary})


def read_texts(folder: Path) -> list[Text]:
    """The texts that the folder's MAPPING.csv lists by `file`, with `netuid` and `repo`; without one, every text in it.

    READMEs are cleaned as those that are fetched. Raises ValueError, in words, where there is nothing to read.
    """
    listed = _listed(folder)
    try:
        found = [
            Text(row.get("netuid") or "", row.get("repo") or "", row["file"], _cleaned(folder / row["file"]))
            for row in listed
        ]
    except OSError as problem:
        raise ValueError(f"a text of {folder} cannot be read: {problem}") from None
    if not found:
        raise ValueError(f"{folder} holds no texts: a {MAPPING} with the columns file, netuid, repo, or .md and .txt")
    return found


def _listed(folder: Path) -> list[dict[str, str]]:
    mapping = folder / MAPPING
    if mapping.is_file():
        with mapping.open(encoding="utf-8", newline="") as file:
            return [row for row in csv.DictReader(file) if row.get("file")]
    files = sorted(each for each in folder.glob("*") if each.suffix in (".md", ".txt"))
    return [{"file": each.name} for each in files]


def _cleaned(file: Path) -> str:
    text = file.read_text(encoding="utf-8", errors="replace")
    return read_readme(text).text if file.suffix.lower() == ".md" else text


def curated(subnets: list[Subnet]) -> dict[int, Labelled]:
    """{row of the subnet: what staff made it}"""
    newest = CategoryAssignment.objects.newest().filter(subnet__in=subnets, category__isnull=False)
    by_staff = newest.filter(source=CategoryAssignment.Source.CURATED).values_list("subnet", "category__slug")
    return {subnet: Labelled(slug) for subnet, slug in by_staff if slug}


def labels_of(subnets: list[Subnet], labels: Mapping[str, Labelled]) -> dict[int, Labelled]:
    """{row of the subnet: its label}, found by the repository that the chain names, else by the netuid."""
    found = {}
    for subnet in subnets:
        label = labels.get(_repository(subnet)) or labels.get(str(subnet.netuid))
        if label is not None:
            found[subnet.pk] = label
    return found


def _repository(subnet: Subnet) -> str:
    try:
        repository = repository_of(subnet.identity.github if subnet.identity else "")
    except NoRepository:
        return ""
    return f"{repository.owner}/{repository.name}".casefold()
