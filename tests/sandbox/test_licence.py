"""The licence decoder, on texts with their control characters."""

import pytest

from sandbox.licence import NotALicence, decode
from tests.sandbox.caller import Till

ELEMENTS = {
    "DCA": "G",
    "DBA": "20310131",
    "DCS": "TREMBLAY",
    "DAC": "ANNE",
    "DAD": "A-RR_M",
    "DBB": "19880409",
    "DAG": "10 RUE EXEMPLE",
    "DAI": "LAVAL",
    "DAJ": "QC",
    "DAK": "H7A0A1     ",
    "DAQ": "T1234-090488-01",
    "DCG": "CAN",
}
HEADER = "@\n\x1e\rANSI\n604428040101 DL00310219DL"


def barcode(header: str = HEADER, **changes: str) -> str:
    elements = {**ELEMENTS, **changes}
    return header + "\n".join(f"{name}{value}" for name, value in elements.items()) + "\r"


def test_decode_gives_the_twelve_members(till: Till):
    answer = till.post("/customers/driverslicense", {"code": barcode()})
    assert answer.status_code == 200
    assert answer.json() == {
        "first_name": "ANNE",
        "middle_name": "A-RR_M",
        "last_name": "TREMBLAY",
        "dob": "1988-04-09",
        "address_1": "10 RUE EXEMPLE",
        "city": "LAVAL",
        "province": "QC",
        "postal_code": "H7A 0A1",
        "govid_type": "CADL",
        "govid_issuedby": "QC",
        "govid_number": "T1234-090488-01",
        "govid_expiry": "2031-01-31",
    }


@pytest.mark.parametrize(
    "header",
    [
        "@\n\x1e\rANSI 636012030002DL00410100ZO01410010DL",
        "@\n\x1e\rANSI 6360120101DL00290219DL",
        "@\n\x1e\rAAMVA636012040001DL00310219DL",
    ],
)
def test_decode_reads_other_versions_and_directories(header: str):
    assert decode(barcode(header))["last_name"] == "TREMBLAY"


def test_decode_goes_where_the_directory_points():
    other = "ZO" + "ZOAnothing\n\r"
    header = "@\n\x1e\rANSI 604428040102ZO00410014DL00550219"
    code = header + other.ljust(55 - len(header)) + "DL" + barcode("")
    assert code.index("DLDCA") == 55
    assert decode(code)["first_name"] == "ANNE"


@pytest.mark.parametrize(
    "damage",
    [
        lambda code: code.replace("ANSI", "xxx"),
        lambda code: code.replace("\x1e", ""),
        lambda code: code.replace("\r", ""),
        lambda code: code.replace("\n", " "),
        lambda code: code[1:],
        lambda code: code.replace("DL0031", "ID0031"),
        lambda code: code.replace("DCSTREMBLAY", "DCS"),
        lambda code: code.replace("DAQT1234-090488-01", "DAQ"),
        lambda code: "A1B 2C3",
    ],
)
def test_damaged_code_is_a_wrong_input_of_the_field_code(till: Till, damage):
    with pytest.raises(NotALicence):
        decode(damage(barcode()))
    answer = till.post("/customers/driverslicense", {"code": damage(barcode())})
    assert answer.status_code == 409
    assert answer.json()["field_errors"] == [{"param": "code", "msg": "invalid"}]


@pytest.mark.parametrize(("body", "msg"), [({}, "required"), ({"code": ""}, "required"), ({"code": 1}, "type")])
def test_code_missing_or_of_another_type(till: Till, body: dict[str, object], msg: str):
    answer = till.post("/customers/driverslicense", body)
    assert answer.json()["field_errors"] == [{"param": "code", "msg": msg}]


def test_what_the_barcode_leaves_empty_is_empty():
    decoded = decode(barcode(DAD="NONE", DBA="00000000", DAI=""))
    assert (decoded["middle_name"], decoded["govid_expiry"], decoded["city"]) == ("", "", "")


def test_given_names_in_one_element():
    decoded = decode(barcode(DAC="", DAD="", DCT="ANNE,MARIE CLAIRE"))
    assert (decoded["first_name"], decoded["middle_name"]) == ("ANNE", "MARIE CLAIRE")


def test_american_dates_and_province_by_issuer():
    assert decode(barcode(DCG="USA", DBB="04091988"))["dob"] == "1988-04-09"
    assert decode(barcode(DAJ=""))["govid_issuedby"] == "QC"
