"""One text in the ways in which a model may read it, where a pattern would not. Pure."""

import codecs
import re
import unicodedata
from collections.abc import Iterator

from taoanalytics.lib.text import folded

_BY_LETTER = {
    "a": "ɑᴀа", "b": "ʙвьƅ", "c": "ᴄс", "d": "ᴅđԁɗ", "e": "ᴇеєҽ℮", "f": "ꜰƒ", "g": "ɡɢցǥ", "h": "ʜħһнհ", "i": "ıɩɪіӏ",
    "j": "ᴊјȷ", "k": "ᴋкƙ", "l": "ʟłǀ", "m": "ᴍм", "n": "ɴпոռŋ", "o": "ᴏøоօ", "p": "ᴘрþ", "q": "ꞯԛզ", "r": "ʀгɾ",
    "s": "ꜱѕʂ", "t": "ᴛтŧ", "u": "ᴜսʊ", "v": "ᴠѵʋ", "w": "ᴡԝѡ", "x": "хҳ", "y": "ʏуү", "z": "ᴢʐ",
}  # fmt: skip
_LOOKALIKES = {ord(each): letter for letter, others in _BY_LETTER.items() for each in others}
_ENCLOSED = (0x1F150, 0x1F170, 0x1F1E6)  # white letters on black rounds and squares, and those of flags
_LOOKALIKES |= {start + place: chr(ord("a") + place) for start in _ENCLOSED for place in range(26)}
_DIGITS_AS_LETTERS = str.maketrans("013457@$", "oieastas")
_WITH_DIGITS = re.compile(r"\b(?=\w*[a-z])(?=[\w@$]*[0-9@$])[\w@$]+")
_MARKS = re.compile(r"[ \t]*[_,*~/|+=‚·•–—-]+[ \t]*")


def latin(text: str) -> str:
    """In lower case and without accents, each letter that looks like a Latin one as that one."""
    return folded(unicodedata.normalize("NFKC", text)).translate(_LOOKALIKES)


def otherwise(text: str) -> Iterator[str]:
    """`text`, as `latin` leaves it, with digits read as letters, and with the marks between words read as spaces."""
    lettered = _WITH_DIGITS.sub(lambda found: found[0].translate(_DIGITS_AS_LETTERS), text)
    if lettered != text:
        yield lettered
    spaced = _MARKS.sub(" ", lettered)
    if spaced != lettered:
        yield spaced


def turned(text: str) -> Iterator[str]:
    """Written backwards, and moved by half the alphabet: what models read and people do not."""
    plain = text.encode("ascii", "ignore").decode("ascii")
    yield plain[::-1]
    yield codecs.decode(plain, "rot13")
