"""What every test gets; the parts are in tests/stack/.

- no network beyond this machine (network.py)
- a real Valkey behind Django's cache, empty for every test; `valkey`, `postgres`, `sandbox` (services.py)
- the whole portal: `portal`, `portal_on_postgres` (whole.py), and a real Chromium: `windows` (windows.py)
- evidence may be emptied between tests that commit: `evidence_may_be_flushed` (evidence.py)
- a Django test client that checks every page it fetches (client.py)
"""

pytest_plugins = [
    "tests.stack.network",
    "tests.stack.services",
    "tests.stack.client",
    "tests.stack.whole",
    "tests.stack.windows",
    "tests.evidence",
]
