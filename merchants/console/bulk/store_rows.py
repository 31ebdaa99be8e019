"""What a row about a store would do. An empty cell leaves what there is."""

from django.utils.translation import gettext as _

from merchants.console.bulk.columns import STORE, folded, provinces
from merchants.console.bulk.reading import Row
from merchants.console.bulk.standing import Standing
from merchants.console.bulk.steps import Step, Verb, Wrong, changes_between
from merchants.console.store_forms import StoreForm
from merchants.models import Store
from merchants.time_zones import LABELS, is_kept_in

_FIELDS = ("name", "city", "province", "time_zone", "lender_location_id")


def plan_store(row: Row, standing: Standing, labels: dict[str, str]) -> Step:
    """Raises Wrong."""
    name = " ".join(row.values.get("store", "").split())
    if not name:
        raise Wrong({"store": _("Enter the name of the store.")})
    first = standing.first_line_of(f"store:{folded(name)}", row.line)
    if first != row.line:
        raise Wrong({"store": _("This store is in line %(line)d already. Keep one of the two.") % {"line": first}})
    store = standing.store(name)
    if store and not store.is_active:
        raise Wrong({"store": _("This store is out of use. Put it back in use first, or remove the line.")})
    if store is None:  # even if something is wrong with it, people may say that they work there
        standing.new_stores[folded(name)] = name
    values = _checked(_merged(row, store, name), standing, store)
    before = {field: getattr(store, field) for field in _FIELDS} if store else {}
    changes = changes_between(labels, before, {**values, "store": ""})
    verb = Verb.CREATE if store is None else Verb.CHANGE if changes else Verb.LEAVE
    return Step(row.line, STORE, verb, values["name"], changes, values, store=store)


def _merged(row: Row, store: Store | None, name: str) -> dict[str, str]:
    """The cells, and what the store has where they are empty. Another province brings its own time."""
    typed = {field: row.values.get(field, "") for field in _FIELDS if field != "name"}
    if typed["province"]:
        typed["province"] = provinces().get(folded(typed["province"]), typed["province"])
    if store is None:
        return {"name": name, **typed}
    merged = {"name": store.name, **{field: typed[field] or getattr(store, field) for field in typed}}
    if not typed["time_zone"] and merged["province"] != store.province:
        stays = is_kept_in(store.time_zone, merged["province"])
        merged["time_zone"] = store.time_zone if stays else ""
    return merged


def _checked(values: dict[str, str], standing: Standing, store: Store | None) -> dict[str, str]:
    """By the rules of the store's own page."""
    zone = values["time_zone"]
    if zone and zone not in LABELS and not (store and store.time_zone == zone):
        raise Wrong(
            {"time_zone": _("Leave it empty for the usual time of the province, or give one such as America/Winnipeg.")}
        )
    form = StoreForm(values, merchant=standing.merchant, store=store)
    if not form.is_valid():
        texts = {field: " ".join(map(str, errors)) for field, errors in form.errors.items()}
        if values["province"] and "province" in texts:
            texts["province"] = _("No province is called that. Give its two letters, such as ON.")
        raise Wrong({"store" if field == "name" else field: text for field, text in texts.items()})
    return dict(form.cleaned_data)
