"""What a row about a person would do. An empty cell leaves what there is."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from merchants.console import staffing
from merchants.console.bulk.columns import ALL_STORES, BETWEEN_STORES, LANGUAGES, PERSON, ROLES, folded
from merchants.console.bulk.reading import Row
from merchants.console.bulk.standing import Standing
from merchants.console.bulk.steps import Step, Verb, Wrong, changes_between
from merchants.console.person_forms import InvitationForm
from merchants.console.scope import is_within_reach
from merchants.console.usernames import is_taken, made_from
from merchants.models import Membership, Role

_OF_THE_ACCOUNT = ("first_name", "last_name", "email", "language")
_CHECKED_BY_FORM = ("first_name", "last_name", "email", "username")


def plan_person(row: Row, standing: Standing, labels: dict[str, str]) -> Step:
    """Raises Wrong."""
    cells = {name: row.values.get(name, "") for name in (*_OF_THE_ACCOUNT, "role", "store", "username")}
    membership = _meant(cells, standing)
    before = _as_it_is(membership) if membership else {}
    values = _checked(cells, before, standing)
    values["username"] = membership.user.username if membership else _username(values, standing)
    _refuse_twice(row, membership, values, cells, standing)
    after = {**values, "store": BETWEEN_STORES.join(values["stores"])}
    changes = changes_between(labels, _in_words(before), _in_words(after))
    if membership and changes:
        _refuse_changes(membership, before, after, standing)
    verb = Verb.CREATE if membership is None else Verb.CHANGE if changes else Verb.LEAVE
    name = f"{values['first_name']} {values['last_name']}".strip()
    return Step(row.line, PERSON, verb, name, changes, values, membership=membership)


def _in_words(values: dict[str, Any]) -> dict[str, Any]:
    """As a person reads them: the role by its name, the stores one after the other."""
    role = str(Role(values["role"]).label) if values.get("role") else ""
    return {**values, "role": role, "store": values.get("store", "").replace(BETWEEN_STORES, ", ")}


def _meant(cells: dict[str, str], standing: Standing) -> Membership | None:
    """Whom of the staff the row is about; None for a new person."""
    full_name = f"{cells['first_name']} {cells['last_name']}"
    found = standing.people(username=cells["username"], email=cells["email"], full_name=full_name)
    if len(found) > 1:
        raise Wrong({"username": _("Several people have this name or e-mail. Give the user name of the one meant.")})
    if not found:
        if cells["username"] and is_taken(cells["username"]):
            raise Wrong({"username": _("Somebody has this user name already. Choose another one.")})
        return None
    if not found[0].user.is_active:
        raise Wrong({"last_name": _("This person is deactivated. Reactivate them first, or remove the line.")})
    return found[0]


def _as_it_is(membership: Membership) -> dict[str, str]:
    person = membership.user
    account = {name: getattr(person, name) for name in (*_OF_THE_ACCOUNT, "username")}
    stores = sorted((one.name for one in membership.stores.all() if one.is_active), key=folded)
    return {**account, "role": membership.role, "store": BETWEEN_STORES.join(stores)}


def _checked(cells: dict[str, str], before: dict[str, str], standing: Standing) -> dict[str, Any]:
    """By the rules of the person's own page; what is empty stays as it was."""
    problems: dict[str, str] = {}
    values: dict[str, Any] = {name: cells[name] or before.get(name, "") for name in (*_OF_THE_ACCOUNT, "username")}
    for name in _CHECKED_BY_FORM:
        try:
            InvitationForm.base_fields[name].clean(values[name])
        except ValidationError as problem:
            problems[name] = " ".join(problem.messages)
    values["language"] = _one_of(LANGUAGES, "language", cells, before, problems, _("Give en or fr, or leave it empty."))
    told = _("Give associate, manager or administrator.")
    values["role"] = _one_of(ROLES, "role", cells, before, problems, told)
    if not values["role"] and "role" not in problems:
        problems["role"] = told
    values["stores"] = _stores(cells["store"], values["role"], before, standing, problems)
    if problems:
        raise Wrong(problems)
    return values


def _one_of(
    known: Any, name: str, cells: dict[str, str], before: dict[str, str], problems: dict[str, str], told: str
) -> str:
    if not cells[name]:
        return before.get(name, "")
    found = known.get(folded(cells[name]))
    if found is None:
        problems[name] = told
    return str(found or "")


def _stores(
    cell: str, role: str, before: dict[str, str], standing: Standing, problems: dict[str, str]
) -> tuple[str, ...]:
    """The names of the stores, those of this very file included; none for an administrator."""
    known = standing.names_of_stores
    if role == Role.ADMINISTRATOR:
        return ()
    if cell == ALL_STORES:
        return tuple(sorted(known.values(), key=folded))
    if not cell and before.get("store"):
        return tuple(before["store"].split(BETWEEN_STORES))
    typed = [one.strip() for one in re.split(r"[|\r\n]", cell) if one.strip()]
    unknown = [one for one in typed if folded(one) not in known]
    if unknown:
        problems["store"] = _("No store in use is called %(name)s. Add a line for it, or correct the name.") % {
            "name": ", ".join(unknown)
        }
    elif not typed:
        problems["store"] = _("Choose at least one store: without one this person can do nothing.")
    return tuple(sorted({known[folded(one)] for one in typed if folded(one) in known}, key=folded))


def _username(values: dict[str, Any], standing: Standing) -> str:
    name: str = values["username"] or made_from(values["first_name"], values["last_name"], taken=standing.new_usernames)
    return name


def _refuse_twice(
    row: Row, membership: Membership | None, values: dict[str, Any], cells: dict[str, str], standing: Standing
) -> None:
    """Two rows about one person; two new people of one name need a user name or e-mail each to tell them apart."""
    who = values["username"].lower()
    told_apart = cells["username"] or cells["email"]
    name = folded(f"{values['first_name']} {values['last_name']}")
    key = f"user:{who}" if membership or cells["username"] else f"new:{told_apart.lower() or name}"
    first = standing.first_line_of(key, row.line)
    if first != row.line:
        text = _("This person is in line %(line)d already. Keep one of the two, or give each a user name.")
        raise Wrong({"last_name": text % {"line": first}})
    standing.new_usernames.add(who)


def _refuse_changes(membership: Membership, before: dict[str, str], after: dict[str, Any], standing: Standing) -> None:
    changes_account = any(before[name] != after[name] for name in _OF_THE_ACCOUNT)
    if changes_account and not is_within_reach(membership.user, by=standing.by):
        raise Wrong({"last_name": staffing.only_here()})
    if before["role"] != after["role"] and (text := staffing.why_role_stays(membership, by=standing.by)):
        raise Wrong({"role": text})
