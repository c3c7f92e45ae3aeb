"""Files that are sent while they are written.

A small file is made whole before its first byte: it has a length, and is an error if its writing fails. A larger one
goes out in pieces as they are written, so that no more than a piece of it is in memory and the reader does not wait
for its end. Whatever can fail for want of the database has been read before: what is written comes from memory. Should
the writing fail all the same, the failure reaches the server, which breaks the connection off: the reader sees a file
that has no end, never one that looks whole. HTTP/1.0 has no such end, so there every file is made whole.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

WHOLE_BYTES = 64 * 1024
"""A file of no more is one answer with its length."""

PIECE_BYTES = 16 * 1024
_COMPRESSION, _GZIP = 6, 31  # the second asks zlib for gzip's frame


def answered(
    request: HttpRequest, lines: Iterable[str], *, content_type: str, headers: Mapping[str, str]
) -> HttpResponse | StreamingHttpResponse:
    """`lines` as one answer, or as a stream if they are many; what fails within the first pieces is raised here."""
    walk = _pieces(lines)
    first: list[bytes] = []
    size = 0
    for piece in walk:
        first.append(piece)
        size += len(piece)
        if size > WHOLE_BYTES and _knows_an_end(request):
            return StreamingHttpResponse(chain(first, walk), content_type=content_type, headers=dict(headers))
    return HttpResponse(b"".join(first), content_type=content_type, headers=dict(headers))


def _knows_an_end(request: HttpRequest) -> bool:
    return request.META.get("SERVER_PROTOCOL") != "HTTP/1.0"


def _pieces(lines: Iterable[str]) -> Iterator[bytes]:
    """The same text in pieces that are worth a packet each."""
    held: list[bytes] = []
    size = 0
    for line in lines:
        text = line.encode()
        held.append(text)
        size += len(text)
        if size >= PIECE_BYTES:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)


def packed(pieces: Iterable[bytes], *, most: int, keep: Callable[[bytes], None]) -> Iterator[bytes]:
    """The pieces compressed one by one; `keep` gets all of it once the last is written, if it is `most` bytes or less.

    Who breaks off before the end keeps nothing.
    """
    packer = zlib.compressobj(_COMPRESSION, zlib.DEFLATED, _GZIP)
    held: list[bytes] = []
    size = 0
    for piece in pieces:
        part = packer.compress(piece) + packer.flush(zlib.Z_SYNC_FLUSH)
        size += len(part)
        if size <= most:
            held.append(part)
        else:
            held.clear()
        yield part
    end = packer.flush()
    if size + len(end) <= most:
        keep(b"".join([*held, end]))
    yield end


def unpacked_beside(pieces: Iterable[bytes], *, most: int, keep: Callable[[bytes], None]) -> Iterator[bytes]:
    """The pieces as they are, for a reader who takes no compressed ones; `keep` gets what `packed` would give it."""
    sent: list[bytes] = []

    def noted() -> Iterator[bytes]:
        for piece in pieces:
            sent.append(piece)
            yield piece

    for _ in packed(noted(), most=most, keep=keep):
        yield from sent
        sent.clear()
