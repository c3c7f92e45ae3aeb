"""What a subnet is judged by: its texts, cut into numbered lines that a quote can be checked against."""

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property

LETTERS = {"website": "W", "meta": "M", "readme": "R", "issues": "G", "identity": "I"}
"""The first letter of a line's reference, by the kind of source that the line is from."""

LONGEST_LINE = 240

_SENTENCE_END = re.compile(r"(?<=[.!?:;。！？])\s+")


@dataclass(frozen=True, slots=True)
class SourceText:
    """`kind` is one of `ContextSource.Kind`; `text` is cleaned of what a visitor would not have seen."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """`reference` is `W012`: the letter of the kind and a number from 1 up within that letter."""

    reference: str
    kind: str
    text: str


@dataclass(frozen=True)
class Material:
    """All that is read of one subnet. `hidden_characters` were on its pages and are not in `texts`."""

    netuid: int
    name: str
    texts: tuple[SourceText, ...] = ()
    hidden_characters: int = 0

    @cached_property
    def digest(self) -> str:
        """32 hexadecimal digits; the same for the same name and texts in the same order."""
        summed = hashlib.sha256()
        for part in (self.name, *(part for source in self.texts for part in (source.kind, source.text))):
            summed.update(f"{len(part)}:".encode())
            summed.update(part.encode("utf-8", "surrogatepass"))
        return summed.hexdigest()[:32]

    @property
    def characters(self) -> int:
        return sum(len(source.text) for source in self.texts)

    @property
    def tokens(self) -> int:
        """An estimate: four characters each."""
        return self.characters // 4

    def is_thin(self, least_tokens: int) -> bool:
        """Too little text to be called context."""
        return self.tokens < least_tokens

    def lines(self) -> tuple[Line, ...]:
        return self._lines

    def numbered(self, nonce: str = "") -> str:
        """One line each: `W012 text`; with a nonce, which no page can know, `k7Q2·W012| text`."""
        if nonce:
            return "\n".join(f"{nonce}·{line.reference}| {line.text}" for line in self._lines)
        return "\n".join(f"{line.reference} {line.text}" for line in self._lines)

    @cached_property
    def _lines(self) -> tuple[Line, ...]:
        counted = dict.fromkeys(LETTERS.values(), 0)
        result = []
        for source in self.texts:
            letter = LETTERS[source.kind]
            for text in _cut(source.text):
                counted[letter] += 1
                result.append(Line(f"{letter}{counted[letter]:03d}", source.kind, text))
        return tuple(result)


def _cut(text: str) -> list[str]:
    """Lines of at most `LONGEST_LINE` characters, broken at sentences where there are any, else at spaces."""
    return [piece for line in text.splitlines() if line.strip() for piece in _pieces(" ".join(line.split()))]


def _pieces(line: str) -> list[str]:
    if len(line) <= LONGEST_LINE:
        return [line]
    result = [""]
    for sentence in _SENTENCE_END.split(line):
        for part in _words_together(sentence):
            if len(result[-1]) + 1 + len(part) <= LONGEST_LINE:
                result[-1] = f"{result[-1]} {part}".strip()
            else:
                result.append(part)
    return [piece for piece in result if piece]


def _words_together(sentence: str) -> list[str]:
    """A sentence that fits stays whole; a longer one is cut at spaces, and a word without end where it must be."""
    if len(sentence) <= LONGEST_LINE:
        return [sentence]
    result = []
    rest = sentence
    while len(rest) > LONGEST_LINE:
        at = rest.rfind(" ", 1, LONGEST_LINE + 1)
        at = at if at > 0 else LONGEST_LINE
        result.append(rest[:at])
        rest = rest[at:].lstrip()
    return [*result, rest] if rest else result
