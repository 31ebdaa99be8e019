"""Run a command with DATABASE_URL pointing to a private PostgreSQL, made for it and removed afterwards.

python -m scripts.with_postgres python -m pytest -m postgres
"""

import os
import subprocess
import sys

from local_services import postgres
from local_services.processes import Stopped, stop_on_signals


def main(command: list[str]) -> int:
    """The command's exit code."""
    try:
        with stop_on_signals(), postgres.running(durable=False) as url:
            return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}).returncode
    except postgres.NoPostgres as problem:
        print(problem, file=sys.stderr)
        return 1
    except Stopped:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
