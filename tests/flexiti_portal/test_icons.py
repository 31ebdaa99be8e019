import lucide
from django.template import engines

from flexiti_portal.icons import _drawn

TEMPLATE = '{% load lucide %}{% lucide "check" size=16 aria_hidden="true" stroke_width=3 %}'


def test_icon_is_the_package_s_and_drawn_once():
    template = engines["django"].from_string(TEMPLATE)
    _drawn.cache_clear()
    drawn = [template.render() for _ in range(3)]
    assert drawn == [lucide._render_icon("check", 16, aria_hidden="true", stroke_width=3)] * 3
    assert _drawn.cache_info().misses == 1


def test_icons_of_different_sizes_are_different():
    drawn = engines["django"].from_string('{% load lucide %}{% lucide "check" %}{% lucide "check" size=16 %}').render()
    assert drawn.count('width="24"') == drawn.count('width="16"') == 1
