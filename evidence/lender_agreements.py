"""Agreements as a lender might send them, in English and French: each kind is built in another way."""

import random
from collections.abc import Callable, Mapping
from html import escape

SITE = "http://e.example"

_CLAUSES: Mapping[str, tuple[str, ...]] = {
    "en": (
        "The annual interest rate on purchases is 31.99 % and on cash advances 34.99 %.",
        "You must pay at least the minimum payment by the due date shown on your statement.",
        "We may change this agreement by giving you thirty days’ written notice, unless the law asks for more.",
        "“Account” means the account that we open in your name; it isn’t transferable.",
        "If you cancel within ten days of receiving a copy, you owe nothing but what you have bought.",
        "Interest = balance × daily rate × number of days, rounded to the nearest cent (½ ¢ is rounded up).",
        "An amount of $1,500.00 that is not paid after 30 days costs $39.43 in interest.",
    ),
    "fr": (
        "Le taux d’intérêt annuel est de 31,99 % pour les achats et de 34,99 % pour les avances d’argent.",
        "Vous devez verser au moins le paiement minimum à la date d’échéance indiquée sur votre relevé.",
        "Le présent contrat peut être modifié sur préavis écrit de trente jours; l’article 22 de la Loi s’applique.",
        "« Compte » désigne le compte ouvert à votre nom, où qu’il soit tenu; il est incessible.",
        "Le commerçant vous remet un double du contrat; le délai de dix jours court dès sa réception.",
        "Intérêts = solde × taux quotidien × nombre de jours, arrondis au cent près (œuvre de l’émetteur).",
        "Un solde de 1 500,00 $ impayé après 30 jours entraîne 39,43 $ d’intérêts à l’échéance.",
    ),
}


def a_clause(chance: random.Random) -> str:
    """One clause with a number of its own, so that no two documents have the same words."""
    language = chance.choice(("en", "fr"))
    return f"{chance.choice(_CLAUSES[language])} ({chance.randrange(10_000)}.{chance.randrange(100)})"


def _clauses(chance: random.Random, most: int = 12) -> list[str]:
    return [a_clause(chance) for _ in range(chance.randint(3, most))]


def as_html(clause: str, chance: random.Random) -> str:
    """The clause as HTML writes it: entities by name, number or not at all, blanks that do not break, comments."""
    text = escape(clause, quote=False)
    for letter, names in {
        "’": "&rsquo; &#8217; &#x2019;",
        "é": "&eacute; &#233;",
        "×": "&times;",
        "½": "&frac12;",
    }.items():
        if chance.random() < 0.5:
            text = text.replace(letter, chance.choice(names.split()))
    if chance.random() < 0.5:
        text = text.replace(" %", "&nbsp;%").replace(" $", "\N{NO-BREAK SPACE}$")
    words = text.split(" ")
    words.insert(chance.randrange(len(words)), "<!-- reviewed: <b>no</b> -->")
    return " ".join(words)


def _plain(chance: random.Random) -> str:
    parts = [f"<h1>Cardholder agreement {chance.randrange(1000)}</h1>"]
    for number, clause in enumerate(_clauses(chance), 1):
        parts.append(f"<h{chance.randint(2, 5)}>{number}. Section</h{2}>" if chance.random() < 0.3 else "")
        parts.append(f"<p class='c' style='margin:0'>{as_html(clause, chance)}</p>")
    return f"<div id='tcs'>{''.join(parts)}</div>"


def _inline(chance: random.Random) -> str:
    around = "b strong em i u s del ins small sub sup q span font abbr cite mark code label button".split()
    parts = []
    for clause in _clauses(chance):
        words = as_html(clause, chance).split(" ")
        tag, at = chance.choice(around), chance.randrange(len(words) - 1)
        if "<" not in words[at] + words[at + 1] and ">" not in words[at] + words[at + 1]:
            words[at] = f"<{tag}>{words[at]} {words[at + 1]}</{tag}>"
            del words[at + 1]
        parts.append(f"<p>{' '.join(words)}</p>")
    return "".join(parts)


def _blocks(chance: random.Random) -> str:
    """Neighbours that only their tags keep apart."""
    names = (
        "section article aside main header footer nav address blockquote center figure figcaption fieldset legend form "
        "details summary dd dt pre menu dir hgroup search dialog".split()
    )
    parts = [f"<{name}>{as_html(a_clause(chance), chance)}</{name}>" for name in chance.sample(names, 8)]
    return "".join(part.replace("<details>", "<details open>").replace("<dialog>", "<dialog open>") for part in parts)


def _table(chance: random.Random) -> str:
    rows = "".join(
        f"<tr><th scope=row>{number}</th><td>{as_html(clause, chance)}<td colspan=2>{chance.randrange(99)}.99 %</tr>"
        for number, clause in enumerate(_clauses(chance), 1)
    )
    return (
        f"<table border=1><caption>Rates &amp; fees</caption><thead><tr><th>No.<th>What<th>Rate</thead>{rows}</table>"
    )


def _lists(chance: random.Random) -> str:
    items = "".join(f"<li>{as_html(clause, chance)}" for clause in _clauses(chance))
    terms = "".join(f"<dt>{number}<dd>{as_html(a_clause(chance), chance)}" for number in range(3))
    return f"<ol start=4 type=a>{items}<ul><li>{a_clause(chance)}</ul></ol><dl>{terms}</dl>"


def _links(chance: random.Random) -> str:
    site = f"<a href='{SITE}/a?b=1&amp;c=2' target=_blank>our site</a>"
    clause = as_html(a_clause(chance), chance)
    return f"<p>{clause} See {site}. Call <a href=tel:18005550199>us</a>, or <a href='#x'>§4</a>!</p>"


def _hidden(chance: random.Random) -> str:
    return (
        f"<p>{a_clause(chance)}</p><p hidden>{a_clause(chance)}</p><div style='display:none'>{a_clause(chance)}</div>"
        f"<details><summary>More</summary>{a_clause(chance)}</details><template>{a_clause(chance)}</template>"
        f"<noscript><p>{a_clause(chance)}</p></noscript><p>{a_clause(chance)}<wbr>{a_clause(chance)}</p>"
    )


def _whole_page(chance: random.Random) -> str:
    body = chance.choice((_plain, _table, _lists, _blocks))(chance)
    head = "<meta charset=utf-8><title>Agreement</title><style>p{color:#333}</style><link rel=stylesheet href=/a.css>"
    return f"<!DOCTYPE html><html lang=fr><head>{head}</head><body>{body}<script>var page = 1;</script></body></html>"


def _unclosed(chance: random.Random) -> str:
    return "<div><p>" + "<p>".join(f"<b>{as_html(clause, chance)}</b>" for clause in _clauses(chance)) + "<ul><li>end"


def _nested(chance: random.Random) -> str:
    depth = chance.randint(5, 200)
    return (
        "<div>" * depth + "".join(f"<p>{as_html(clause, chance)}</p>" for clause in _clauses(chance)) + "</div>" * depth
    )


def _long(chance: random.Random) -> str:
    return "".join(_plain(chance) for _ in range(40))


AGREEMENTS: Mapping[str, Callable[[random.Random], str]] = {
    "paragraphs": _plain,
    "words set apart": _inline,
    "blocks": _blocks,
    "tables": _table,
    "lists": _lists,
    "links": _links,
    "hidden parts": _hidden,
    "whole pages": _whole_page,
    "unclosed tags": _unclosed,
    "nested blocks": _nested,
    "long": _long,
}
