.NOTPARALLEL:
.PHONY: help setup run serve test test-sqlite test-postgres chaos bench evidence scan sbom check check-lint check-types check-templates check-django check-messages lock messages clean
.DEFAULT_GOAL := help
SHELL := /bin/bash

python := .venv/bin/python
# Rooms that know no database, the check of pages, and the matrix of access, which asks the same of any.
one_pass := posapi sandbox contract look local_services access test_pages.py
# One process more than cores: much of the whole portal's tests is waiting.
pytest := $(python) -m pytest -n 3 --dist loadfile --no-loadscope-reorder --durations 15 --durations-min 1

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup:  ## make .venv and install what is pinned
	@scripts/setup

run:  ## start everything on this machine; PORT and POSAPI_BASE_URL may be given
	@scripts/setup && exec $(python) -m scripts.run --stop-with-parent

serve:  ## a trial in the shape of production: PostgreSQL, Valkey, 2 web processes, 2 workers, beat
	@scripts/setup && exec $(python) -m scripts.serve --stop-with-parent

test: test-sqlite test-postgres  ## all tests: on SQLite with the browser journeys, then on PostgreSQL

test-sqlite:
	@scripts/setup --dev
	$(pytest)

test-postgres:
	@scripts/setup --dev
	$(python) -m scripts.with_postgres $(pytest) -m "not stack and not browser" $(one_pass:%=--ignore tests/%)

chaos:  ## measure what docs/reliability.md promises, under faults, and write its figures
	@scripts/setup --dev
	$(python) -m chaos

bench:  ## measure what docs/performance.md tells, with millions of made-up applications, and write its figures
	@scripts/setup --dev
	$(python) -m benchmarks

evidence:  ## measure what docs/evidence.md promises, and write its figures
	@scripts/setup --dev
	$(python) -m evidence.scanners
	$(python) -m evidence

scan:  ## scanners of others at a running portal (docs/scans.md); they are installed beside it, in var/scanners
	@scripts/setup --dev
	$(python) -m evidence.scanners
	$(python) -m evidence.scans

sbom:  ## the list of everything that runs in production, as CycloneDX, in var/sbom.json
	@scripts/setup
	$(python) -m scripts.make_sbom

check: check-lint check-types check-templates check-django check-messages  ## linters, types, import contracts, settings, translations

check-lint:
	@scripts/setup --dev
	$(python) -m ruff check
	$(python) -m ruff format --check
	.venv/bin/lint-imports --no-logo
	$(python) -m bandit -q -c pyproject.toml -r flexiti_portal applications merchants audit vault posapi local_services sandbox scripts
	$(python) -m scripts.check_tracked_files

check-types:
	@scripts/setup --dev
	$(python) -m mypy

check-templates:
	@scripts/setup --dev
	$(python) -m djlint templates --lint --quiet --ignore H052  # the waiting page refreshes itself without JavaScript

check-django:
	@scripts/setup --dev
	$(python) -m scripts.check_deployment

check-messages:
	@scripts/setup --dev
	$(python) -m scripts.update_messages --check

messages:  ## collect the messages to translate into locale/fr
	@scripts/setup --dev
	$(python) -m scripts.update_messages

lock:  ## write requirements*.txt from requirements*.in, with hashes
	@scripts/setup --dev
	$(python) -m uv pip compile --quiet --universal --generate-hashes --python-version 3.11 requirements.in -o requirements.txt
	$(python) -m uv pip compile --quiet --universal --generate-hashes --python-version 3.11 requirements-dev.in -o requirements-dev.txt
	$(python) -m uv pip compile --quiet --universal --generate-hashes --python-version 3.11 requirements-scan.in -o requirements-scan.txt

clean:  ## remove what was built; the portal's data in var/ stays
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find locale -name '*.mo' -delete
