"""The French of the portal is Canada's: 2026-01-31, 13 h 40, weeks that begin on Sunday.

Not taken from Django's fr_CA, whose "h" between hours and minutes is not escaped and prints the hour twice.
"""

_TIME = "G\u00a0\\h\u00a0i"

DATE_FORMAT = "j F Y"
TIME_FORMAT = _TIME
DATETIME_FORMAT = f"j F Y, {_TIME}"
SHORT_DATE_FORMAT = "Y-m-d"
SHORT_DATETIME_FORMAT = f"Y-m-d {_TIME}"
FIRST_DAY_OF_WEEK = 0
DATE_INPUT_FORMATS = ["%Y-%m-%d"]
DATETIME_INPUT_FORMATS = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"]
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "\u00a0"
NUMBER_GROUPING = 3
