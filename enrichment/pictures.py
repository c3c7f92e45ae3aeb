"""Icons as we serve them: whatever image a stranger sent, decoded within bounds and drawn anew. Pure."""

import io

from PIL import Image, ImageOps

SIDE = 64
LEAST_SIDE, MOST_PIXELS = 16, 4_000_000
TYPES = (
    "image/png", "image/jpeg", "image/jpg", "image/gif", "image/webp", "image/x-icon", "image/vnd.microsoft.icon",
    "image/ico", "application/octet-stream", "binary/octet-stream",
)  # fmt: skip
"""Media types worth looking at; what they hold is judged by itself. SVG is not one: it can hold scripts."""

_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "ICO")


def encoded(image: bytes) -> bytes:
    """A square PNG of `SIDE` pixels without anything but its pixels. Raises ValueError that says what is wrong."""
    try:
        with Image.open(io.BytesIO(image), formats=_FORMATS) as opened:
            width, height = opened.size
            if width * height <= MOST_PIXELS and min(width, height) >= LEAST_SIDE:
                return _drawn(opened)
    except Image.DecompressionBombError:
        raise ValueError(f"the image has more than {MOST_PIXELS:,} pixels") from None
    except Exception as problem:  # decoders raise whatever a broken file leads them to
        if isinstance(problem, Image.DecompressionBombWarning):
            raise ValueError(f"the image has more than {MOST_PIXELS:,} pixels") from None
        raise ValueError("not an image that can be read") from None
    if min(width, height) < LEAST_SIDE:
        raise ValueError(f"the image is only {width} × {height} pixels")
    raise ValueError(f"the image has more than {MOST_PIXELS:,} pixels")


def _drawn(opened: Image.Image) -> bytes:
    picture = ImageOps.contain(opened.convert("RGBA"), (SIDE, SIDE), Image.Resampling.LANCZOS)
    square = Image.new("RGBA", (SIDE, SIDE))
    square.paste(picture, ((SIDE - picture.width) // 2, (SIDE - picture.height) // 2))
    written = io.BytesIO()
    square.save(written, "PNG", optimize=True)
    return written.getvalue()
