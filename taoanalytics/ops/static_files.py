"""Static files as production serves them: without what a browser does not need, named by hash, compressed."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile
from rcssmin import cssmin
from rjsmin import jsmin
from whitenoise.storage import CompressedManifestStaticFilesStorage

_SHORTER: Mapping[str, Callable[[str], str]] = {".css": cssmin, ".js": jsmin}
_OWN = ("css/", "js/")  # what others wrote is served as they did


def shortened(name: str, text: str) -> str:
    """Without comments and indentation. A pseudo-class after a space is written `*:is(…)`: the space is lost else."""
    return _SHORTER[PurePath(name).suffix](text)


class SmallStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Our own style sheets and scripts are shortened."""

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Yields (name, name with hash, whether it was worked on), as `collectstatic` wants it."""
        if not dry_run:
            for name in paths:
                if name.startswith(_OWN) and PurePath(name).suffix in _SHORTER:
                    self._shorten(name)
                    paths[name] = (self, name)
        yield from super().post_process(paths, dry_run, **options)  # type: ignore[no-untyped-call]

    def _shorten(self, name: str) -> None:
        with self.open(name) as file:
            text = file.read().decode()
        self.delete(name)
        self.save(name, ContentFile(shortened(name, text).encode()))
