"""The people and places of the demonstration: what `seed_demo` makes sure of."""

from dataclasses import dataclass, field

from merchants.models import Role

# The same for everybody and printed by `make run`; never used outside a demonstration.
PASSWORD = "counter-demo"  # noqa: S105 # nosec B105


@dataclass(frozen=True)
class DemoStore:
    name: str
    city: str
    province: str
    time_zone: str = "America/Toronto"


@dataclass(frozen=True)
class DemoPerson:
    username: str
    first_name: str
    last_name: str
    role: Role
    stores: tuple[str, ...] = ()


@dataclass(frozen=True)
class DemoMerchant:
    name: str
    support_contact: str
    client_id: str
    client_secret: str = field(repr=False)
    stores: tuple[DemoStore, ...] = ()
    people: tuple[DemoPerson, ...] = ()
    merchant_username: str = ""
    merchant_password: str = field(default="", repr=False)


TORONTO = DemoStore("Toronto – Queen Street", "Toronto", "ON")
LAVAL = DemoStore("Laval – Carrefour", "Laval", "QC")
QUEBEC = DemoStore("Québec – Saint-Roch", "Québec", "QC")

# The keys of the first merchant are the samples of vendor docs 000 and 002; the sandbox knows both merchants.
MERCHANTS = (
    DemoMerchant(
        name="European Restorations",
        support_contact="Priya Nair, head office, 416-555-0142",
        client_id="flexitidemo",
        client_secret="77xde15a-9d33-4c15-930a-3se4b3as33e9",  # noqa: S106 # nosec B106
        merchant_username="merchantonline",
        merchant_password="dice-manila-purism",  # noqa: S106 # nosec B106
        stores=(TORONTO, LAVAL),
        people=(
            DemoPerson("associate", "Amélie", "Okafor", Role.ASSOCIATE, (TORONTO.name,)),
            DemoPerson("manager", "Daniel", "Wong", Role.MANAGER, (TORONTO.name,)),
            DemoPerson("floater", "Sasha", "Tremblay", Role.ASSOCIATE, (TORONTO.name, LAVAL.name)),
            DemoPerson("admin", "Priya", "Nair", Role.ADMINISTRATOR),
        ),
    ),
    DemoMerchant(
        name="Maison Boréale",
        support_contact="Luc Gagnon, siège social, 418-555-0167",
        client_id="maisonboreale",
        client_secret="5b1f6c2e-8d07-4f6a-9a53-2f7d1c0e84ab",  # noqa: S106 # nosec B106
        stores=(QUEBEC,),
        people=(DemoPerson("stranger", "Étienne", "Roy", Role.ASSOCIATE, (QUEBEC.name,)),),
    ),
)
