"""Measures of what the portal promises under faults (docs/reliability.md has the figures).

    make chaos                                    every measure in its long form, then the figures (an hour)
    python -m chaos                               the same without setting up
    python -m chaos.submissions --size 500        one measure, smaller
    python -m chaos.submissions --size 40 --brisk the same in half a minute, with timings of seconds
    python -m chaos.double_submission --database sqlite   those that can: on the other database
    python -m chaos.report                        the figures part of docs/reliability.md again, from the results

Everything runs on this machine: a private PostgreSQL and Valkey, the real web server, the real workers, and the sandbox
in the lender's place. Nothing but loopback and Unix sockets is touched, every run ends by itself, and what it started
ends with it. Nothing imports this package; it speaks to the sandbox over HTTP only.

A measure is a module with one `MEASURE` (measure.py) whose `run` gives figures (results.py):

    def run(given: Run) -> list[Figure]:
        \"\"\"`given.size` double submissions.\"\"\"
        given.say("signing in")
        ...
        return [told("submissions", given.size), must_be("with more than one apply", twice, 0)]

    MEASURE = Measure("double_submission", "Concurrent double submissions", "submissions", long=1000, run=run)

    if __name__ == "__main__":
        sys.exit(main(MEASURE))

It is listed in `MEASURES` (measure.py), ends with a table and exit code 1 when a figure misses its demand, and writes
`var/chaos/<name>.json`: figures, seed, command, machine, versions and date. `chaos.report` writes the document from
those files alone. `given.folder` is an empty folder for the run's state and logs; it is kept until the next run.
`given.random` is seeded by `--seed`, so that the same faults can be staged again.

    results.py   figures, and the file they are kept in
    measure.py   the command line of a measure
    machine.py   where a figure was measured
    report.py    from the files to docs/reliability.md
"""
