"""Every address of the project, from its own resolver."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse


@dataclass(frozen=True)
class Address:
    """One pattern: its name with namespaces, its route, and the names of its arguments."""

    name: str
    route: str
    arguments: tuple[str, ...]
    view: Any
    is_of_admin: bool

    @property
    def corner(self) -> str:
        """The first two parts of the route: addresses that are looked at together."""
        return "/".join(self.route.split("/")[:2])

    @property
    def concerns_somebody(self) -> bool:
        """Whether an argument is the key of something that belongs to somebody."""
        return any(name == "id" or name.endswith("_id") for name in self.arguments)

    def path(self, values: Mapping[str, Any]) -> str:
        """The path with these arguments; a name that `values` lacks is a KeyError: tell world.py of it."""
        if not self.name.endswith("None"):
            return reverse(self.name, kwargs={name: values[name] for name in self.arguments})
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values[found[1]]), self.route)


def every_address() -> list[Address]:
    """All of them, in their order; the catch-all of the admin, which shows its 404, has no name to reverse."""
    return [one for one in _within(get_resolver().url_patterns, "", "", ()) if not one.route.endswith("(?P<url>.*)$")]


def _within(
    patterns: list[URLPattern | URLResolver], route: str, namespace: str, outer: tuple[str, ...]
) -> Iterator[Address]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _within(pattern.url_patterns, here, inner, (*outer, *_converters(pattern)))
        else:
            yield Address(
                name=f"{namespace}{pattern.name}",
                route=here,
                arguments=(*outer, *(tuple(pattern.pattern.regex.groupindex) or _converters(pattern))),
                view=pattern.callback,
                is_of_admin=namespace.startswith("admin:"),
            )


def _converters(pattern: URLPattern | URLResolver) -> tuple[str, ...]:
    return tuple(re.findall(r"<(?:\w+:)?(\w+)>", str(pattern.pattern)))
