"""/api/v1/: the site's numbers for other programs. Read-only; schemas follow from the declarations."""

from insights.api.published import urls

__all__ = ["urls"]
