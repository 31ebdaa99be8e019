"""Lucide's icons under their own tag, each drawn once: a list of fifty lines shows the same few."""

from functools import lru_cache

from django.template import Library
from lucide.templatetags.lucide import lucide

register = Library()


@register.simple_tag(name="lucide")
def icon(name: str, *, size: int | None = 24, **attributes: str | int) -> str:
    """Inline SVG; `attributes` as in the package's tag, with underscores for hyphens."""
    return _drawn(name, size, tuple(attributes.items()))


@lru_cache(maxsize=256)
def _drawn(name: str, size: int | None, attributes: tuple[tuple[str, str | int], ...]) -> str:
    drawn: str = lucide(name, size=size, **dict(attributes))
    return drawn
