"""The vendor documents' own examples, word for word (docs 000, 001 and 002 of the POS API v2.5)."""

from typing import Any

Json = dict[str, Any]

TOKEN_REQUEST: Json = {
    "client_id": "flexitidemo",
    "client_secret": "77xde15a-9d33-4c15-930a-3se4b3as33e9",
    "grant_type": "client_credentials",
    "scope": "merchant",
}
"""Doc 000, POST /oauth/token."""

TOKEN_ANSWER: Json = {
    "token_type": "bearer",
    "access_token": "2d8f373a3c2b1e61baf5a7769930ff4f0e08cdb0",
    "expires_in": 1200,
    "refresh_token": "36e0fc3d7415145f4b1d71512c459fd6eaa13aa8",
    "scope": "merchant",
}
"""Doc 000, POST /oauth/token."""

I18N_ANSWER: Json = {
    "salutations": {"mr": "Mr.", "ms": "Ms.", "mrs": "Mrs.", "mss": "Miss."},
    "provinces": {
        "AB": "Alberta",
        "BC": "British Columbia",
        "MB": "Manitoba",
        "NB": "New Brunswick",
        "NL": "Newfoundland & Labrador",
        "NS": "Nova Scotia",
        "NT": "Northwest Territories",
        "NU": "Nunavut",
        "ON": "Ontario",
        "PE": "Prince Edward Island",
        "QC": "Quebec",
        "SK": "Saskatchewan",
        "YT": "Yukon Territory",
    },
    "security_ids": {
        "4": "What is the name of your favourite childhood friend?",
        "5": "What is the country of your ultimate dream vacation?",
        "6": "What was the first concert you attended?",
        "7": "What is the name of the street you grew up on?",
        "8": "What is the name of your first grade teacher?",
        "9": "What is your favourite movie?",
    },
    "govid_types": {
        "CADL": "Driver's Licence",
        "CAHC": "Health Card",
        "CAPID": "Provincial ID Card",
        "CAP": "Passport",
        "CAPRC": "Permanent Resident Card",
        "CAICBC": "Insurance Corporation of British Columbia",
        "CAAR": "Alberta Registries",
        "CASGI": "Saskatchewan Government Insurance",
        "CADSNS": "Department of Service Nova Scotia and Municipal Relations",
        "CADPPEI": "Department of Transportation and Public Works of the Province of Prince Edward Island",
        "CASNB": "Service New Brunswick",
        "CADGSNF": "Department of Government Services and Lands of the Province of Newfoundland and Labrador",
        "CADTNW": "Department of Transportation of the Northwest Territories",
        "CADCTN": "Department of Community Government and Transportation of the Territory of Nunavut",
        "CACSC": "Correctional Service Canada identification card (with the individual's name and photograph)",
        "CAGCEC": "Government of Canada employee identity card (with the individual's name and photograph)",
        "CALCB": "Liquor Control Board Age of Majority (BYID) card",
        "CACFL": "Canadian Firearms licence",
        "CACFID": "Canadian Forces identification card",
        "CAMPIC": "MPIC card issued by the Manitoba Public Insurance Corporation",
        "CACAID": "NEXUS or CANPASS Air membership card (issued by Canada Border Services Agency)",
    },
    "govid_issued_bys": {
        "option_depends": {
            "CADL": {
                "AB": "Alberta",
                "BC": "British Columbia",
                "MB": "Manitoba",
                "NB": "New Brunswick",
                "NL": "Newfoundland & Labrador",
                "NS": "Nova Scotia",
                "NT": "Northwest Territories",
                "NU": "Nunavut",
                "ON": "Ontario",
                "PE": "Prince Edward Island",
                "QC": "Quebec",
                "SK": "Saskatchewan",
                "YT": "Yukon Territory",
            },
            "CAHC": {
                "BC": "British Columbia",
                "NB": "New Brunswick",
                "NL": "Newfoundland & Labrador",
                "NT": "Northwest Territories",
                "NU": "Nunavut",
                "QC": "Quebec",
                "SK": "Saskatchewan",
                "YT": "Yukon Territory",
            },
            "CAPID": {"ON": "Ontario"},
            "CAP": {"CANADA": "Canada"},
            "CAPRC": {"CANADA": "Canada"},
            "CAICBC": {"BC": "British Columbia"},
            "CAAR": {"AB": "Alberta"},
            "CASGI": {"SK": "Saskatchewan"},
            "CADSNS": {"NS": "Nova Scotia"},
            "CADPPEI": {"PE": "Prince Edward Island"},
            "CASNB": {"NB": "New Brunswick"},
            "CADGSNF": {"NL": "Newfoundland & Labrador"},
            "CADTNW": {"NT": "Northwest Territories"},
            "CADCTN": {"NU": "Nunavut"},
            "CACSC": {"CANADA": "Canada"},
            "CAGCEC": {"CANADA": "Canada"},
            "CALCB": {
                "AB": "Alberta",
                "BC": "British Columbia",
                "MB": "Manitoba",
                "NB": "New Brunswick",
                "NL": "Newfoundland & Labrador",
                "NS": "Nova Scotia",
                "NT": "Northwest Territories",
                "NU": "Nunavut",
                "ON": "Ontario",
                "PE": "Prince Edward Island",
                "QC": "Quebec",
                "SK": "Saskatchewan",
                "YT": "Yukon Territory",
            },
            "CACFL": {"CANADA": "Canada"},
            "CACFID": {"CANADA": "Canada"},
            "CAMPIC": {"MB": "Manitoba"},
            "CACAID": {"CANADA": "Canada"},
        }
    },
    "occupation_ids": {
        "options": {
            "FE": "Full-time Employment",
            "PE": "Part-time Employment",
            "SE": "Self-Employed",
            "RT": "Retired",
            "ST": "Student",
            "HM": "Homemaker",
            "DS": "Disability",
            "SW": "Seasonal Worker",
            "UE": "Unemployed with income",
            "UW": "Unemployed without income",
            "OT": "Other",
        }
    },
    "transaction_types": {"promotional_purchase": "Financed Purchase", "regular_purchase": "Revolving Purchase"},
    "plan_ids": {
        "1": "90 Days Grace, Equal Payments Regular Interest",
        "2": "Equal Payments, Low Interest",
        "4": "Equal Payments, Regular Interest",
        "5": "Equal Payments, No Interest",
        "6": "No Interest, No Payments (S.A.C.)",
        "7": "No Interest, No Payments",
        "9": "No Interest, Minimum monthly payments",
    },
    "qcpa_disclosure": "...",
    "insurance": "...",
    "insurance_tc": "...",
    "annual_fees": "...",
    "housing_type": {"Rent": "Rent", "Owned": "Owned", "Relatives": "Lives with Relatives", "Other": "Other"},
}
"""Doc 001, GET i18n, with the changed plan lines read as the later version; four texts are elided by the vendor."""

LOGIN_REQUEST: Json = {"merchant_username": "merchantonline", "merchant_password": "dice-manila-purism"}
"""Doc 002, POST merchants/login."""

LOGIN_ANSWER: Json = {
    "merchant_name": "European Restorations",
    "merchant_id": "382",
    "form_values": {
        "salutation": {"options": {"mr": "Mr.", "ms": "Ms.", "mrs": "Mrs.", "mss": "Miss."}},
        "province": {
            "options": {
                "AB": "Alberta",
                "BC": "British Columbia",
                "MB": "Manitoba",
                "NB": "New Brunswick",
                "NL": "Newfoundland & Labrador",
                "NS": "Nova Scotia",
                "NT": "Northwest Territories",
                "NU": "Nunavut",
                "ON": "Ontario",
                "PE": "Prince Edward Island",
                "QC": "Quebec",
                "SK": "Saskatchewan",
                "YT": "Yukon Territory",
            }
        },
        "security_qid": {
            "options": {
                "4": "What is the name of your favourite childhood friend?",
                "5": "What is the country of your ultimate dream vacation?",
                "6": "What was the first concert you attended?",
                "7": "What is the name of the street you grew up on?",
                "8": "What is the name of your first grade teacher?",
                "9": "What is your favourite movie?",
            }
        },
        "govid_type": {
            "options": {
                "CADL": "Driver's Licence",
                "CAHC": "Health Card",
                "CAPID": "Provincial ID Card",
                "CAP": "Passport",
                "CAPRC": "Permanent Resident Card",
                "CAICBC": "Insurance Corporation of British Columbia",
                "CAAR": "Alberta Registries",
                "CASGI": "Saskatchewan Government Insurance",
                "CADSNS": "Department of Service Nova Scotia and Municipal Relations",
                "CADPPEI": "Department of Transportation and Public Works of the Province of Prince Edward Island",
                "CASNB": "Service New Brunswick",
                "CADGSNF": "Department of Government Services and Lands of the Province of Newfoundland and Labrador",
                "CADTNW": "Department of Transportation of the Northwest Territories",
                "CADCTN": "Department of Community Government and Transportation of the Territory of Nunavut",
                "CACSC": "Correctional Service Canada identification card (with the individual's name and photograph)",
                "CAGCEC": "Government of Canada employee identity card (with the individual's name and photograph)",
                "CALCB": "Liquor Control Board Age of Majority (BYID) card",
                "CACFL": "Canadian Firearms licence",
                "CACFID": "Canadian Forces identification card",
                "CAMPIC": "MPIC card issued by the Manitoba Public Insurance Corporation",
                "CACAID": "NEXUS or CANPASS Air membership card (issued by Canada Border Services Agency)",
            }
        },
        "govid_issued_by": {
            "option_depends": {
                "CADL": {
                    "AB": "Alberta",
                    "BC": "British Columbia",
                    "MB": "Manitoba",
                    "NB": "New Brunswick",
                    "NL": "Newfoundland & Labrador",
                    "NS": "Nova Scotia",
                    "NT": "Northwest Territories",
                    "NU": "Nunavut",
                    "ON": "Ontario",
                    "PE": "Prince Edward Island",
                    "QC": "Quebec",
                    "SK": "Saskatchewan",
                    "YT": "Yukon Territory",
                },
                "CAHC": {
                    "BC": "British Columbia",
                    "NB": "New Brunswick",
                    "NL": "Newfoundland & Labrador",
                    "NT": "Northwest Territories",
                    "NU": "Nunavut",
                    "QC": "Quebec",
                    "SK": "Saskatchewan",
                    "YT": "Yukon Territory",
                },
                "CAPID": {"ON": "Ontario"},
                "CAP": {"CANADA": "Canada"},
                "CAPRC": {"CANADA": "Canada"},
                "CAICBC": {"BC": "British Columbia"},
                "CAAR": {"AB": "Alberta"},
                "CASGI": {"SK": "Saskatchewan"},
                "CADSNS": {"NS": "Nova Scotia"},
                "CADPPEI": {"PE": "Prince Edward Island"},
                "CASNB": {"NB": "New Brunswick"},
                "CADGSNF": {"NL": "Newfoundland & Labrador"},
                "CADTNW": {"NT": "Northwest Territories"},
                "CADCTN": {"NU": "Nunavut"},
                "CACSC": {"CANADA": "Canada"},
                "CAGCEC": {"CANADA": "Canada"},
                "CALCB": {
                    "AB": "Alberta",
                    "BC": "British Columbia",
                    "MB": "Manitoba",
                    "NB": "New Brunswick",
                    "NL": "Newfoundland & Labrador",
                    "NS": "Nova Scotia",
                    "NT": "Northwest Territories",
                    "NU": "Nunavut",
                    "ON": "Ontario",
                    "PE": "Prince Edward Island",
                    "QC": "Quebec",
                    "SK": "Saskatchewan",
                    "YT": "Yukon Territory",
                },
                "CACFL": {"CANADA": "Canada"},
                "CACFID": {"CANADA": "Canada"},
                "CAMPIC": {"MB": "Manitoba"},
                "CACAID": {"CANADA": "Canada"},
            }
        },
        "offer_types": [
            {
                "plan_name": "90 Days Grace, Equal Payments Regular Interest",
                "term_options": [18, 36, 48, 72],
                "plan_id": "1",
                "offer_category": "equal_billing",
            },
            {
                "plan_name": "Equal Payments, Low Interest",
                "term_options": [3, 6, 40, 60],
                "plan_id": "2",
                "offer_category": "equal_billing",
            },
            {
                "plan_name": "Equal Payments, Regular Interest",
                "term_options": [3, 6, 18, 36, 72],
                "plan_id": "4",
                "offer_category": "equal_billing",
            },
            {
                "plan_name": "Equal Payments, No Interest",
                "term_options": [3, 6, 10, 20, 30, 40],
                "plan_id": "5",
                "offer_category": "equal_billing",
            },
            {
                "plan_name": "No Interest, No Payments (S.A.C.)",
                "term_options": [3, 6, 8],
                "plan_id": "6",
                "offer_category": "deferred_payment",
            },
            {
                "plan_name": "No Interest, No Payments ",
                "term_options": [3, 12],
                "plan_id": "7",
                "offer_category": "deferred_payment",
            },
            {
                "plan_name": "No Interest, Minimum monthly payments",
                "term_options": [3, 6, 9, 12, 18],
                "plan_id": "9",
                "offer_category": "deferred_payment",
            },
        ],
    },
}
"""Doc 002, POST merchants/login."""

APPLY_REQUEST: Json = {
    "amount_requested": 5000,
    "phone_number": "5551231231",
    "language": "en-CA",
    "salutation": "mr",
    "first_name": "John",
    "middle_name": "Grey",
    "last_name": "Doe",
    "dob": "1990-01-01",
    "address_1": "123 Any Street",
    "address_2": "Apt C",
    "govid_expiry": "2020-12-12",
    "city": "Montreal",
    "province": "QC",
    "postal_code": "A1A0H1",
    "govid_type": "CAP",
    "monthly_housing_expenses": 1000,
    "govid_issuedby": "CANADA",
    "govid_number": "ab121212",
    "input_type": "manual",
    "personal_income": 123123,
    "household_income": 223123,
    "housing_type": "Rent",
    "email": "email@address.com",
    "occupation_id": "FE",
    "occupation_title": "Baker",
    "employer_name": "Tasty Bakery",
    "employer_phone": "1231231231",
    "sin": "123123123",
    "security_qid": "8",
    "security_answer": "Horse",
    "piw": "Cloud",
    "tos_agreement": True,
}
"""Doc 002, POST apply: a Quebec applicant."""

APPLY_ANSWER_ROC: Json = {
    "vcc_number": 6374980100408234,
    "account_number": 20035156,
    "customer_id": 43353,
    "available_credit": 5000,
    "credit_limit": 5000,
    "risk_rating": "L",
}
"""Doc 002, 200 - Success - ROC applicant."""

APPLY_ANSWER_QC: Json = {
    "vcc_number": 6374980100408234,
    "account_number": 20035156,
    "customer_id": 43353,
    "available_credit": 5000,
    "credit_limit": 5000,
    "risk_rating": "L",
    "offer_types": [
        {
            "plan_name": "90 Days Grace, Equal Payments Regular Interest",
            "plan_id": "1",
            "offer_category": "equal_billing",
            "term_options": ["12", "18", "24", "36"],
        }
    ],
    "debt_ratio": 0,
}
"""Doc 002, 200 - Success - QC applicant."""

ERRORS: dict[str, tuple[int, Json]] = {
    "Unauthorized - Invalid Token": (
        401,
        {"code": 401, "error": "invalid_token", "error_description": "The access token provided is invalid."},
    ),
    "Conflict - Invalid Client": (
        400,
        {"code": 400, "error": "invalid_client", "error_description": "Client credentials are invalid"},
    ),
    "Conflict - Invalid client ID": (
        400,
        {"code": 400, "error": "invalid_client", "error_description": "Invalid or missing client_id parameter"},
    ),
    "Conflict - Invalid grant type": (
        400,
        {"code": 400, "error": "invalid_request", "error_description": "Invalid or missing grant_type parameter"},
    ),
    "Required Parameters": (
        409,
        {
            "url": "/flexiti/pos-api/v2.5/client-id/flexitidemo/apply",
            "message": "Some inputs are wrong!",
            "error": "wrong_inputs",
            "field_errors": [{"param": "phone_number", "msg": "required"}],
        },
    ),
    "No TOS": (
        409,
        {
            "url": "/flexiti/pos-api/v2.5/client-id/flexitidemo/apply",
            "message": "It has been following errors:",
            "error": "tos_agreement_required",
        },
    ),
    "Existing Customer": (
        409,
        {
            "url": "/flexiti/pos-api/v2.5/client-id/flexitidemo/apply",
            "message": "It has been following errors:",
            "error": "customer_already_exists",
        },
    ),
    "Credit App Not Found": (
        409,
        {
            "url": "/flexiti/pos-api/v2.5/client-id/flexitidemo/apply",
            "message": "Credit app id Information not found.",
            "error": "creditapp_id_not_found",
        },
    ),
    "Application Declined": (
        409,
        {
            "url": "/flexiti/pos-api/v2.5/client-id/flexitidemo/apply",
            "message": "<p>For more information, please call our customer support "
            "centre at <span class='no-break'>1-877-259-3750</span> "
            "Monday to Friday 9am to 12am ET, Saturday and Sunday from "
            "9am to 9pm ET and we'd be happy to help.</p>",
            "error": "application_declined",
        },
    ),
    "Application Creation Error": (
        409,
        {
            "url": "/flexiti/pos-api/v2.5/client-id/flexitidemo/apply",
            "message": "<h1>We are currently experiencing some technical "
            "difficulties that we are trying to fix as soon as "
            "possible.</h1><p>Unfortunately, as a result, we are "
            "unable to proceed with your application right "
            "now.<br/><br/>Have questions? We’re happy to help. "
            "Just give us a call at 1-877-259-3750.</p>",
            "error": "application_create_error",
        },
    ),
    "Application Marked Pending": (
        409,
        {
            "url": "/flexiti/pos-api/v2.5/client-id/flexitidemo/apply",
            "message": "<p>For more information, please call our customer "
            "support centre at <span "
            "class='no-break'>1-877-259-3750</span> Monday to "
            "Friday 9am to 12am ET, Saturday and Sunday from 9am "
            "to 9pm ET and we'd be happy to help.</p>",
            "error": "application_marked_pending",
        },
    ),
    "Application Declined 2": (
        409,
        {
            "url": "/flexiti/pos-api/v2.5/client-id/flexitidemo/apply",
            "message": "<p>For more information, please call our customer support "
            "centre at <span class='no-break'>1-877-259-3750</span> "
            "Monday to Friday 9am to 12am ET, Saturday and Sunday from "
            "9am to 9pm ET and we'd be happy to help.</p>",
            "error": "application_declined_2",
        },
    ),
    "Application Declined 3": (
        409,
        {
            "url": "/flexiti/pos-api/v2.5/client-id/flexitidemo/apply",
            "message": "<h1>Unfortunately we can’t seem to find a credit history "
            "for you.</h1><p>If you think this is an error, please "
            "give us a call at 1-877-259-3750 Monday to Friday 9am to "
            "12am ET, Saturday and Sunday 9am to 9pm ET and we’d be "
            "happy to help.</p>",
            "error": "application_declined_3",
        },
    ),
    "Application Marked Pending 2": (
        409,
        {
            "url": "/flexiti/pos-api/v2.5/client-id/flexitidemo/apply",
            "message": "<p>For more information, please call our customer "
            "support centre at <span "
            "class='no-break'>1-877-259-3750</span> Monday to "
            "Friday 9am to 12am ET, Saturday and Sunday from 9am "
            "to 9pm ET and we'd be happy to help.</p>",
            "error": "application_marked_pending_2",
        },
    ),
    "SIN Wrong Format": (
        409,
        {
            "url": "/flexiti/pos-api/v2.5/client-id/flexitidemo/apply",
            "message": "Some inputs are wrong!",
            "error": "wrong_inputs",
            "field_errors": [{"param": "SIN", "msg": "wrong format"}],
        },
    ),
}
"""Doc 002, error responses of POST apply: the vendor's heading to status and body."""
