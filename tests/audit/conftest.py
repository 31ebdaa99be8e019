from tests.evidence import evidence_may_be_flushed  # noqa: F401  (an autouse fixture)
