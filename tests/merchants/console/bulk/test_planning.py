"""What a file would do, line by line, and why one is refused."""

from typing import Any

import pytest

from merchants.console.bulk.planning import Plan, plan
from merchants.console.bulk.steps import Verb
from merchants.models import Membership, Role, Store, User
from tests.merchants.conftest import People, person

HEADINGS = "kind,store,city,province,time zone,location id,first name,last name,role,e-mail,language,user name\n"


def planned(people: People, *lines: str, by: User | None = None) -> Plan:
    return plan(people.merchant, HEADINGS + "\n".join(lines), by=by or people.administrator)


def store(name: str, city: str = "", province: str = "", zone: str = "", location: str = "") -> str:
    return ",".join(["store", name, city, province, zone, location, *[""] * 6])


def someone(first: str, last: str, role: str = "", stores: str = "", email: str = "", username: str = "") -> str:
    return ",".join(["person", stores, "", "", "", "", first, last, role, email, "", username])


def only_problem(shown: Plan) -> tuple[int, str, str]:
    (problem,) = shown.problems
    return problem.line, problem.column, problem.text


def test_new_unchanged_and_changed_are_told_apart(people: People) -> None:
    people.owner.first_name, people.owner.last_name = "Ola", "Owner"
    people.owner.save()
    shown = planned(
        people,
        store("Kenora", "Kenora", "Ontario", "America/Winnipeg"),
        store("Toronto - queen street", "Toronto", "ON"),
        store("Laval – Carrefour", "Laval-Ouest"),
        someone("Ola", "Owner"),
        someone("Zoë", "Roy", "Gérante", "Kenora|laval – carrefour"),
    )
    assert not shown.is_refused
    assert [step.verb for step in shown.steps] == [Verb.CREATE, Verb.LEAVE, Verb.CHANGE, Verb.LEAVE, Verb.CREATE]
    assert shown.steps[0].values["time_zone"] == "America/Winnipeg"
    assert [(one.label, one.before, one.after) for one in shown.steps[2].changes] == [("city", "Laval", "Laval-Ouest")]
    assert shown.steps[4].values["stores"] == ("Kenora", "Laval – Carrefour")
    assert ("user name", "", "zoe.roy") in [(one.label, one.before, one.after) for one in shown.steps[4].changes]


def test_planning_writes_nothing(people: People) -> None:
    planned(people, store("Kenora", "Kenora", "ON"), someone("Zoë", "Roy", "associate", "*"))
    assert Store.objects.count() == 3
    assert not User.objects.filter(last_name="Roy").exists()


def test_people_may_stand_before_the_stores_they_work_in(people: People) -> None:
    shown = planned(people, someone("Zoë", "Roy", "associate", "Kenora"), store("Kenora", "Kenora", "ON"))
    assert not shown.is_refused
    assert [step.line for step in shown.steps] == [2, 3]


def test_star_is_every_store_in_use(people: People) -> None:
    Store.objects.create(merchant=people.merchant, name="Gone", city="X", province="ON", is_active=False)
    shown = planned(people, someone("Zoë", "Roy", "manager", "*"))
    assert shown.steps[0].values["stores"] == ("Laval – Carrefour", "Toronto – Queen Street")


def test_two_new_people_of_one_name_get_two_user_names(people: People) -> None:
    shown = planned(
        people,
        someone("Jean", "Roy", "associate", "*", email="a@example.test"),
        someone("Jean", "Roy", "associate", "*", email="b@example.test"),
    )
    assert [step.values["username"] for step in shown.steps] == ["jean.roy", "jean.roy2"]


@pytest.mark.parametrize(
    ("line", "column", "said"),
    [
        ("shop,Kenora" + "," * 10, "kind", "Give store or person."),
        (store("", "Kenora", "ON"), "store", "Enter the name"),
        (store("Kenora", "", "ON"), "city", "Enter the city."),
        (store("Kenora", "Kenora", "XX"), "province", "No province is called that"),
        (store("Kenora", "Kenora", ""), "province", "Choose the province"),
        (store("Kenora", "Kenora", "ON", "Kenora time"), "time zone", "such as America/Winnipeg"),
        (store("Kenora", "Kenora", "ON", "America/Vancouver"), "time zone", "not kept in Ontario"),
        ("store,Kenora,Kenora,ON,,,Zoë,,,,,", "first name", "the other kind of line"),
        (someone("", "Roy", "associate", "*"), "first name", "Enter the first name."),
        (someone("Zoë", "Roy", "king", "*"), "role", "associate, manager or administrator"),
        (someone("Zoë", "Roy", "", "*"), "role", "associate, manager or administrator"),
        (someone("Zoë", "Roy", "associate", "Nowhere"), "store", "No store in use is called Nowhere"),
        (someone("Zoë", "Roy", "associate", "Québec – Saint-Roch"), "store", "No store in use is called"),
        (someone("Zoë", "Roy", "associate"), "store", "Choose at least one store"),
        (someone("Zoë", "Roy", "associate", "*", email="zoe@"), "e-mail", "Enter an e-mail address"),
        (someone("Zoë", "Roy", "associate", "*", username="stranger"), "user name", "already"),
        (someone("Zoë", "Roy", "associate", "*", username="a b"), "user name", "valid username"),
    ],
)
def test_bad_line_refuses_the_file_naming_line_column_and_what_to_do(
    people: People, line: str, column: str, said: str
) -> None:
    shown = planned(people, store("Fine", "Barrie", "ON"), line)
    assert shown.is_refused
    number, named, text = only_problem(shown)
    assert (number, named) == (3, column)
    assert said in text


def test_all_that_is_wrong_is_told_at_once(people: People) -> None:
    shown = planned(people, store("Kenora", "", "XX"), someone("Zoë", "", "king", "*"))
    assert [(one.line, one.column) for one in shown.problems] == [
        (2, "city"),
        (2, "province"),
        (3, "last name"),
        (3, "role"),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        (store("Kenora", "Kenora", "ON"), store("KENORA", "Kenora", "ON")),
        (someone("Zoë", "Roy", "associate", "*"), someone("Zoe", "Roy", "associate", "*")),
        (someone("", "", username="owner"), someone("", "", "manager", username="OWNER")),
    ],
    ids=["store", "new person", "person there"],
)
def test_one_thing_in_two_lines_is_refused(people: People, lines: tuple[str, str]) -> None:
    User.objects.filter(username="owner").update(first_name="Ola", last_name="Owner")
    number, _column, text = only_problem(planned(people, *lines))
    assert number == 3
    assert "line 2 already" in text


def test_store_out_of_use_and_deactivated_person_are_refused(people: People) -> None:
    Store.objects.filter(pk=people.laval.pk).update(is_active=False)
    User.objects.filter(pk=people.owner.pk).update(is_active=False, first_name="Ola", last_name="Owner")
    shown = planned(people, store("Laval – Carrefour", "Laval"), someone("Ola", "Owner", "manager"))
    assert ["out of use" in shown.problems[0].text, "deactivated" in shown.problems[1].text] == [True, True]


def test_rules_of_staff_hold_in_a_file(people: People) -> None:
    User.objects.update(first_name="Some", last_name="Body")
    shown = planned(people, someone("", "", "manager", "*", username="administrator"))
    assert "Nobody changes their own role" in only_problem(shown)[2]
    operator = User.objects.create_superuser("operator")
    shown = planned(people, someone("", "", "manager", "*", username="administrator"), by=operator)
    assert "only administrator" in only_problem(shown)[2]
    Membership.objects.create(user=people.owner, merchant=people.other_merchant, role=Role.ASSOCIATE)
    shown = planned(people, someone("Other", "", username="owner"))
    assert "also works for another merchant" in only_problem(shown)[2]


def test_several_people_of_one_name_need_a_user_name(people: People) -> None:
    person("jean1", people.merchant, Role.ASSOCIATE, people.toronto, first_name="Jean", last_name="Roy")
    person("jean2", people.merchant, Role.ASSOCIATE, people.toronto, first_name="Jean", last_name="Roy")
    assert "Several people" in only_problem(planned(people, someone("Jean", "Roy", "manager")))[2]
    assert not planned(people, someone("Jean", "Roy", "manager", username="jean2")).is_refused


def test_digest_is_another_when_anything_shown_is(people: People) -> None:
    one, two = planned(people, store("Kenora", "Kenora", "ON")), planned(people, store("Kenora", "Keewatin", "ON"))
    assert one.digest != two.digest
    assert one.digest == planned(people, store("Kenora", "Kenora", "ON")).digest


def test_forty_stores_and_two_hundred_people_are_planned_in_a_moment(
    people: People, django_assert_max_num_queries: Any
) -> None:
    stores = [store(f"Store {n}", "Barrie", "ON") for n in range(40)]
    staff = [someone(f"First{n}", f"Last{n}", "associate", f"Store {n % 40}") for n in range(200)]
    with django_assert_max_num_queries(260):
        assert not planned(people, *stores, *staff).is_refused
