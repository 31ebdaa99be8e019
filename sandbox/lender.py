"""Everything one instance of the stand-in remembers, all of it in memory."""

from collections.abc import Iterable

from sandbox.accounts import Ledger
from sandbox.adjudication import OverridesInForce
from sandbox.clients import ApiClient, Clients
from sandbox.faults import FaultQueue
from sandbox.journal import Journal
from sandbox.latency import Latencies, Range
from sandbox.options import Options
from sandbox.switches import Switchboard
from sandbox.tokens import DEFAULT_LIFE, TokenBook


class Lender:
    """Clients, tokens, accounts, options, and what the control plane has set. Each part locks for itself."""

    def __init__(
        self,
        clients: Iterable[ApiClient] = (),
        apply_latency: Range = (1.0, 2.0),
        token_life: float = DEFAULT_LIFE,
    ) -> None:
        self.clients = Clients(clients)
        self.tokens = TokenBook(token_life)
        self.accounts = Ledger()
        self.options = Options()
        self.overrides = OverridesInForce()
        self.switchboard = Switchboard()
        self.faults = FaultQueue()
        self.latencies = Latencies(apply_latency)
        self.journal = Journal()

    def reset(self, *, keep_tokens: bool = False) -> None:
        """Back to how it started: tokens included unless kept, so the next call with an old token gets a 401."""
        if not keep_tokens:
            self.tokens.reset()
        for part in (
            self.accounts,
            self.options,
            self.overrides,
            self.switchboard,
            self.latencies,
            self.journal,
            self.clients,
        ):
            part.reset()
        self.faults.clear()
