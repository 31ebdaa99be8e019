"""Files as people and Excel make them."""

import pytest

from merchants.console.bulk.columns import template
from merchants.console.bulk.reading import MAX_ROWS, Unreadable, as_text, read

ENGLISH = "kind,store,city,province\nstore,Laval – Carrefour,Laval,QC\n"
FRENCH = "Genre;Magasin;Prénom;Nom\npersonne;Québec;Zoë;L’Écuyer\n"


@pytest.mark.parametrize(
    "data",
    [
        FRENCH.encode(),
        FRENCH.encode("utf-8-sig"),
        FRENCH.encode("cp1252"),
        FRENCH.replace(";", "\t").encode("utf-16"),
        FRENCH.replace("\n", "\r\n").encode(),
        FRENCH.replace(";", ",").encode(),
    ],
    ids=["utf-8", "utf-8 with a mark", "windows", "unicode text", "windows lines", "commas"],
)
def test_every_way_of_saving_reads_the_same(data: bytes) -> None:
    sheet = read(as_text(data))
    assert [row.values for row in sheet.rows] == [
        {"kind": "personne", "store": "Québec", "first_name": "Zoë", "last_name": "L’Écuyer"}
    ]
    assert sheet.headings["first_name"] == "Prénom"


def test_lines_are_counted_as_excel_counts_them() -> None:
    text = 'kind,store\n\nstore,"Two\nlines"\n,\nstore,Last\n'
    assert [row.line for row in read(text).rows] == [3, 5]
    assert [row.line for row in read("sep=,\n" + text).rows] == [4, 6]


def test_headings_are_known_whatever_their_capitals_and_accents() -> None:
    sheet = read("KIND;store;user_name;Numero d'emplacement;Rôle\nstore;a;;;\n")
    assert list(sheet.headings) == ["kind", "store", "username", "lender_location_id", "role"]


@pytest.mark.parametrize(
    ("text", "line", "column", "said"),
    [
        ("", 0, "", "nothing in it"),
        ("kind,store\n", 0, "", "no lines below"),
        ("kind,store,colour\nstore,a,red\n", 1, "colour", "No column is called that"),
        ("kind,store,store\nstore,a,b\n", 1, "store", "there twice"),
        ("kind,city\nstore,a\n", 1, "store", "missing"),
        ("kind,store\nstore,a,b\n", 2, "", "more cells than headings"),
        ('kind,store\nstore,"a"b\n', 0, "", "quotation mark"),
        ("kind,store\n" + "store,a\n" * (MAX_ROWS + 1), 0, "", "at most"),
    ],
)
def test_what_is_no_table_of_ours_is_refused_with_what_to_do(text: str, line: int, column: str, said: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(text)
    problem = refused.value.problems[0]
    assert (problem.line, problem.column) == (line, column)
    assert said in problem.text


@pytest.mark.parametrize("language", ["en", "fr-ca"])
def test_template_is_a_file_that_can_be_read(language: str) -> None:
    sheet = read(as_text(template(language)))
    assert len(sheet.headings) == 12
    assert len(sheet.rows) == 2
