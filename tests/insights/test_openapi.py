"""What the OpenAPI document says of the API is so."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator
from jsonschema.protocols import Validator

pytestmark = pytest.mark.django_db

VALUES = {"as_of": "2026-01-30", "from": "2026-01-20", "to": "2026-01-30", "every": "7d", "limit": "2"}
"""For parameters without an example of their own; what may be left out is then left out as well."""
NONSENSE = {
    "netuid": "70000",
    "key": "nonsense",
    "registered_at_block": "soon",
    "category": "NO SUCH",
    "fields": "nonsense",
    "sort": "nonsense",
    "limit": "0",
    "as_of": "yesterday",
    "metric": "nonsense",
    "from": "2026-02-30",
    "to": "tomorrow",
    "every": "2d",
}


@pytest.fixture
def document(browser: Client) -> dict[str, Any]:
    return dict(browser.get("/api/v1/openapi.json").json())


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        yield path, methods["get"]


def asked(browser: Client, path: str, parameters: list[dict[str, Any]], values: dict[str, str]) -> Any:
    """The answer where each parameter has its value in `values`, or else its example if it needs one."""
    query = {}
    for each in parameters:
        value = values.get(each["name"], each["example"] if each.get("required") else None)
        if each["in"] == "path":
            path = path.replace(f"{{{each['name']}}}", str(value))
        elif value is not None:
            query[each["name"]] = value
    return browser.get(path, query)


def schema_of(document: dict[str, Any], operation: dict[str, Any], status: int) -> Validator:
    declared = operation["responses"][str(status)]["content"]["application/json"]["schema"]
    return Draft202012Validator({**declared, "components": document["components"]})


def test_each_operation_answers_its_examples_as_its_schema_says(
    browser: Client, document: dict[str, Any], network: None
) -> None:
    for path, operation in operations(document):
        parameters = operation.get("parameters", [])
        full = VALUES | {each["name"]: str(each["example"]) for each in parameters if "example" in each}
        for values in ({}, *({name: value} for name, value in full.items()), full):
            response = asked(browser, path, parameters, values)
            assert response.status_code == 200, (path, values, response.content)
            schema_of(document, operation, 200).validate(response.json())


def test_what_an_operation_refuses_is_declared_and_told_in_words(
    browser: Client, document: dict[str, Any], network: None
) -> None:
    for path, operation in operations(document):
        parameters = operation.get("parameters", [])
        for each in parameters:
            response = asked(browser, path, parameters, {each["name"]: NONSENSE[each["name"]]})
            assert response.status_code in (400, 404), (path, each["name"])
            schema_of(document, operation, response.status_code).validate(response.json())


def test_every_operation_and_parameter_is_described(document: dict[str, Any], browser: Client) -> None:
    for path, operation in operations(document):
        assert operation["description"], path
        for each in operation.get("parameters", []):
            assert each.get("description"), (path, each["name"])
