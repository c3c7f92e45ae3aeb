"""Formulas as MathML, from a notation close to how they are read.

`row("100", "×", over("a", "b"))`: a number becomes <mn>, an operator <mo>, a letter <mi>, a word <mtext>; what is
MathML already stays as it is.
"""

from html import escape

_OPERATORS = frozenset("+−×÷=≤≥<>(){}|,·")


def _tag(token: str) -> str:
    if token.startswith("<") and token.endswith(">"):
        return token
    if token in _OPERATORS:
        return f"<mo>{escape(token)}</mo>"
    if token[0].isdigit():
        return f"<mn>{token}</mn>"
    return f"<mi>{token}</mi>" if len(token) == 1 else f"<mtext>{escape(token)}</mtext>"


def row(*tokens: str) -> str:
    return f"<mrow>{''.join(map(_tag, tokens))}</mrow>"


def over(above: str, below: str) -> str:
    return f"<mfrac>{_tag(above)}{_tag(below)}</mfrac>"


def sub(base: str, index: str) -> str:
    return f"<msub>{_tag(base)}{_tag(index)}</msub>"


def power(base: str, exponent: str) -> str:
    return f"<msup>{_tag(base)}{_tag(exponent)}</msup>"


def root(inner: str) -> str:
    return f"<msqrt>{_tag(inner)}</msqrt>"


def sum_over(index: str, *tokens: str) -> str:
    return row(f"<munder><mo>∑</mo>{_tag(index)}</munder>", *tokens)


def least(index: str, *tokens: str) -> str:
    return row(f"<munder><mi>min</mi>{_tag(index)}</munder>", *tokens)


def greatest(index: str, *tokens: str) -> str:
    return row(f"<munder><mi>max</mi>{_tag(index)}</munder>", *tokens)
