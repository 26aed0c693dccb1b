# `make` alone lists what can be done here.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
UV_VERSION := 0.13.9
PORT ?= 8000
BIN := .venv/bin
UV := $(BIN)/uv
UV_READY := .venv/uv-$(UV_VERSION)
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" npm
TESTS ?= tests
WORKERS ?= 2

# Trust the certificates of the machine, so that a company's own proxy does not stop the set-up.
export UV_SYSTEM_CERTS := 1
export NODE_USE_SYSTEM_CA := 1
# Zones come from the pinned package, so that every machine renders the same calendars.
export PYTHONTZPATH :=
export PORT

LOCK := $(UV) pip compile --quiet --generate-hashes --universal --python-version 3.11 \
	--no-header --no-annotate --no-emit-index-url

.PHONY: help setup assets run test test-system screenshots readme-screenshots check lock bench mutants clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' Makefile

setup: .venv/developer ## make .venv with everything that running, tests and checks need
	@$(MAKE) --no-print-directory .venv/assets

assets: .venv/assets ## bring fonts, icons and htmx from npm, and place them for the pages

$(UV_READY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=…")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

.venv/runtime: requirements.txt | $(UV_READY)
	$(UV) pip install --quiet --require-hashes -r requirements.txt
	@touch $@

.venv/packages: requirements-assets.txt package-lock.json .npmrc | .venv/runtime
	command -v npm > /dev/null || $(UV) pip install --quiet --require-hashes -r requirements-assets.txt
	$(NPM) ci --silent $(if $(wildcard .venv/developer),,--omit=dev)
	@touch $@

.venv/assets: .venv/packages $(wildcard assets/*)
	$(BIN)/python -m assets
	@touch $@

.venv/developer: requirements-dev.txt requirements.txt requirements-assets.txt package-lock.json .npmrc | $(UV_READY)
	$(UV) pip sync --quiet --require-hashes requirements-dev.txt
	$(NPM) ci --silent
	@touch .venv/runtime .venv/packages $@

run: export DATABASE_URL ?= sqlite:///var/interval.sqlite3
run: .venv/runtime .venv/assets ## serve the demo clinic on http://localhost:8000, with a worker (PORT=… for another port)
	@mkdir -p var
	$(BIN)/alembic upgrade head
	$(BIN)/flask --app wsgi demo load --if-empty
	$(BIN)/flask --app wsgi demo show
	@trap 'kill $$(jobs -p) 2> /dev/null || true; wait' EXIT; \
	$(BIN)/flask --app wsgi worker --beside $$$$ & \
	$(BIN)/gunicorn --config gunicorn.conf.py wsgi:app & \
	wait $$!

test: setup ## run every test, on SQLite and on PostgreSQL, with the long ones in small size
	$(BIN)/pytest -n $(WORKERS) $(TESTS)

test-system: setup ## run the crash and load tests in full size
	INTERVAL_TEST_SIZE=full $(BIN)/pytest -m system $(TESTS)

screenshots: setup ## draw every page and state into var/screenshots
	$(BIN)/python -m tests.support.screenshots

readme-screenshots: setup ## draw the pictures of README anew into docs/pictures
	$(BIN)/python -m tests.support.readme_pictures

check: setup ## lint, format, types, arrows between the floors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -q -p no:cacheprovider tests/test_architecture.py

lock: .venv/developer ## pin what requirements*.in ask for; UPGRADE=1 takes the newest versions
	$(LOCK) $(if $(UPGRADE),--upgrade) requirements.in -o requirements.txt
	$(LOCK) $(if $(UPGRADE),--upgrade) requirements-assets.in -o requirements-assets.txt
	$(LOCK) $(if $(UPGRADE),--upgrade) requirements-dev.in -o requirements-dev.txt
	$(NPM) install --silent --package-lock-only
	$(BIN)/python -m assets.lock package-lock.json

bench: setup ## measure planning, booking, feeds and growth, each beside its baseline
	$(BIN)/python -m bench

mutants: setup ## break the domain on purpose and count which tests notice
	$(BIN)/mutmut run
	$(BIN)/mutmut results
	$(BIN)/mutmut export-cicd-stats
	$(BIN)/python -m tests.support.mutation_score mutants/mutmut-cicd-stats.json

clean: ## remove .venv, caches and the local database
	rm -rf .venv node_modules scheduler/static/vendor var mutants .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
