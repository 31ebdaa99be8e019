"""The terms and conditions an applicant approves: four HTML fragments, all written for this sandbox.

Quebec has its own text under the Consumer Protection Act; every other province shares one (vendor doc 002).
"""

from functools import cache
from pathlib import Path


def terms_html(lang: str, province: str, revision: int = 1) -> str:
    """`<div id='tcs'>…</div>` in `lang` ("en" or "fr"); without a province the text for the rest of Canada.

    `revision` is printed in the text, so that a change of terms can be staged.
    """
    document = "quebec" if province == "QC" else "rest_of_canada"
    return _document(f"{document}.{lang}.html").replace("{{revision}}", str(revision))


@cache
def _document(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")
