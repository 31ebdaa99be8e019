"""Made-up applicants and the answers they give."""

import random
from datetime import date, timedelta

from applications.answers import Values

FIRST_NAMES = (
    "Adèle Amir Béatrice Bruno Chloé Connor Dalia Émile Esme Farah Félix Gina Hugo Imani Jasper Jocelyne Kenji "
    "Léa Liam Maëlle Marcus Nadia Noah Océane Olivia Pascal Priya Quentin Rosalie Samir Simone Tariq Théo Una "
    "Victor Wanda Xavier Yasmine Yves Zoé"
).split()
LAST_NAMES = (
    "Abbott Archambault Bélanger Bouchard Campbell Chen Côté Desrosiers Dubois Elliott Fortin Fraser Gagnon "
    "Girard Grant Haddad Hébert Ibrahim Jackson Kaur Khan Lachance Lavoie Lévesque MacDonald Martin Mercier "
    "Nguyen Novak O'Brien Okafor Ouellet Patel Pelletier Quinn Rahman Roy Sato Singh Stewart Tanaka Tremblay "
    "Underhill Vachon Walsh Wong Xu Young Zhang Zimmerman"
).split()
_BORN = date(1940, 1, 1)
_DAYS_OF_BIRTH = 24_000  # up to 2005
_AREA_CODES = {"QC": ("418", "450", "514"), "ON": ("416", "519", "613"), "BC": ("250", "604"), "AB": ("403", "780")}
_POSTAL_LETTERS = {"QC": "GHJ", "ON": "KLMNP", "BC": "V", "AB": "T"}
_STREETS = ("Elm Street", "rue des Érables", "Lakeshore Road", "chemin du Moulin", "avenue du Parc", "King Street")
_OCCUPATIONS = (("FE", "Clerk"), ("FE", "Infirmière"), ("PE", "Électricien"), ("SE", "Designer"), ("RE", "Retired"))


def answers_of(number: int, chance: random.Random, *, province: str, language: str, city: str) -> dict[str, Values]:
    """The complete answers, by step, of the applicant with this number; two numbers are two people."""
    income = chance.randrange(24_000, 140_000, 500)
    occupation_id, occupation_title = chance.choice(_OCCUPATIONS)
    return {
        "start": {
            "language": language,
            "province": province,
            "amount_requested": f"{min(15_000, round(chance.lognormvariate(7.7, 0.6), -2)):.2f}",
        },
        "identity": {
            "salutation": chance.choice(("mr", "ms")),
            "first_name": FIRST_NAMES[number % len(FIRST_NAMES)],
            "last_name": LAST_NAMES[number // len(FIRST_NAMES) % len(LAST_NAMES)],
            "dob": (_BORN + timedelta(days=number // 2000 * 7919 % _DAYS_OF_BIRTH)).isoformat(),
            "govid_type": "DL",
            "govid_issuedby": province,
            "govid_expiry": f"{chance.randrange(2027, 2032)}-{chance.randrange(1, 13):02}-15",
        },
        "contact": {
            "phone_number": f"{chance.choice(_AREA_CODES[province])}{2_000_000 + number % 8_000_000}",
            "email": f"applicant{number}@example.test",
            "address_1": f"{chance.randrange(1, 3000)} {chance.choice(_STREETS)}",
            "city": city,
            "postal_code": _postal_code(chance, province),
        },
        "income": {
            "personal_income": f"{income}.00",
            "household_income": f"{income + chance.randrange(0, 60_000, 500)}.00",
            "monthly_housing_expenses": f"{chance.randrange(600, 2600, 50)}.00",
            "housing_type": chance.choice(("Rent", "Own")),
            "occupation_id": occupation_id,
            "occupation_title": occupation_title,
            "employer_name": "Example Inc",
            "employer_phone": "4165550199",
        },
        "security": {"security_qid": "8"},
    }


def _postal_code(chance: random.Random, province: str) -> str:
    letters = "ABCEGHJKLMNPRSTVWXYZ"
    middle = f"{chance.randrange(10)}{chance.choice(letters)}{chance.randrange(10)}"
    return f"{chance.choice(_POSTAL_LETTERS[province])}{middle}{chance.choice(letters)}{chance.randrange(10)}"
