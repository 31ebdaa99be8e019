"""`python -m sandbox`: run the stand-in until SIGTERM or SIGINT."""

import argparse
import signal
import threading
from collections.abc import Sequence

from sandbox.clients import ApiClient, parse_client
from sandbox.latency import read_range
from sandbox.lender import Lender
from sandbox.server import Sandbox
from sandbox.tokens import DEFAULT_LIFE


def main(arguments: Sequence[str] | None = None) -> int:
    """Start, print the ready line, wait for a signal, stop. Returns the exit status."""
    parser = _parser()
    given = parser.parse_args(arguments)
    lender = Lender(given.client, read_range(given.apply_latency), given.token_life)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        sandbox = Sandbox(lender, given.host, given.port, given.control_port, quiet=given.quiet)
    except OSError as problem:
        parser.error(f"cannot listen: {problem.strerror}. Give another --host, --port or --control-port.")
    with sandbox:
        print(f"sandbox ready {sandbox.api_url}", flush=True)
        stop.wait()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="A local stand-in for the POS API v2.5.")
    parser.add_argument("--host", default="127.0.0.1", help="address of the API; the control plane stays on loopback")
    parser.add_argument("--port", type=int, default=8100, help="0 picks a free port, named in the ready line")
    parser.add_argument("--control-port", type=int, default=0, help="second port of the control plane; 0 picks one")
    parser.add_argument(
        "--apply-latency",
        type=float,
        nargs=2,
        default=(1.0, 2.0),
        metavar=("FROM", "TO"),
        help="seconds that apply takes (1 2)",
    )
    parser.add_argument("--token-life", type=float, default=DEFAULT_LIFE, help="seconds an access token lives (1200)")
    parser.add_argument(
        "--client",
        type=_client,
        action="append",
        default=[],
        metavar="ID:SECRET:NAME:MERCHANT_ID",
        help="one more merchant; may be repeated",
    )
    parser.add_argument("--quiet", action="store_true", help="no access log on stderr")
    return parser


def _client(text: str) -> ApiClient:
    try:
        return parse_client(text)
    except ValueError as problem:
        raise argparse.ArgumentTypeError(str(problem)) from None


if __name__ == "__main__":
    raise SystemExit(main())
