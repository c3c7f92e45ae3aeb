"""What a model is asked, and how its answer is read. Pure: no Django, no I/O."""

import json
from dataclasses import dataclass
from typing import Any

from insights.explaining.inputs import Inputs
from insights.explaining.prompts.explain import EXPLAIN, VERSION

SCHEMA_NAME = "signal_explanation"
PROMPT_VERSION = VERSION
MOST_OUTPUT_TOKENS = 1000


@dataclass(frozen=True, slots=True)
class Answer:
    """Well-formed, and not yet believed."""

    level: int
    text: str


def wire_schema() -> dict[str, Any]:
    """In the subset that strict decoding takes everywhere."""
    return {
        "type": "object",
        "properties": {"level": {"type": "integer"}, "text": {"type": "string"}},
        "required": ["level", "text"],
        "additionalProperties": False,
    }


def instructions() -> str:
    return EXPLAIN


def asked(inputs: Inputs) -> str:
    """The whole of what the model is told about the subnet."""
    return json.dumps(inputs.as_json(), ensure_ascii=False, indent=1)


def read(raw: str) -> Answer:
    """ValueError where `raw` is not what the schema asks for; what stands around the object is left out."""
    try:
        told = json.loads(raw[raw.find("{") : raw.rfind("}") + 1])
    except RecursionError as problem:
        raise ValueError("the answer is nested too deeply") from problem
    if not isinstance(told, dict) or set(told) != {"level", "text"}:
        raise ValueError("the answer has other fields than level and text")
    level, text = told["level"], told["text"]
    if not isinstance(level, int) or isinstance(level, bool) or not isinstance(text, str):
        raise ValueError("level is no whole number, or text no text")
    return Answer(level, " ".join(text.split()))
