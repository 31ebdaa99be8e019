"""A worker process with ten threads that need a token at the same moment, and a clock that may be wrong.

python -m tests.merchants.credentials.token_worker BASE_URL CLIENT_ID CLIENT_SECRET SECONDS_OFF

Every line on stdin makes each thread call `i18n` once; the answer is one line: how many calls succeeded.
"""

import sys
import time
from concurrent.futures import ThreadPoolExecutor

import django

THREADS = 10


def main(base_url: str, client_id: str, client_secret: str, seconds_off: str) -> None:
    shift_clock(float(seconds_off))
    django.setup()
    keys = base_url, client_id, client_secret
    with ThreadPoolExecutor(THREADS) as threads:
        answer("ready")
        for _ in sys.stdin:
            answer(sum(threads.map(call, [keys] * THREADS)))


def shift_clock(seconds: float) -> None:
    """Before anything of ours is imported, which may keep a clock for itself."""
    right = time.time
    time.time = lambda: right() + seconds


def call(keys: tuple[str, str, str]) -> bool:
    from merchants.credentials.tokens import CacheTokenStore
    from posapi import Client, Credentials, Destinations, PosApiError, new_reference_id

    try:
        with Client(Credentials(*keys), CacheTokenStore(), Destinations(this_machine=True)) as client:
            return bool(client.flow(new_reference_id()).i18n("en").provinces)
    except PosApiError as problem:
        sys.stderr.write(f"{problem}\n")
        return False


def answer(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
