# Everything is done through this file, in .venv, on a machine that has Python 3.11 or later, make and git.
# `make` alone lists the targets; ARGS="..." is handed on to serve, test, bench and lock.

PYTHON ?= python3
UV ?= uv
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip --disable-pip-version-check install --quiet
LOCKED := --require-hashes --only-binary :all: --requirement
# Workers beyond four cost more to start than they save.
PYTEST := $(BIN)/python -m pytest -n auto --maxprocesses 4
# Never the database of whoever runs make; a test database on SQLite is in memory anyway.
NO_DATABASE := sqlite://:memory:
TEMPLATES = $(shell find src -name '*.html')
UV_COMPILE := pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --extra postgres --extra redis

.DEFAULT_GOAL := help
.PHONY: help serve test check fix bench docs lock clean

help:
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "%-7s %s\n", $$1, $$2 }' Makefile

serve: $(VENV)/runtime.installed ## start the server; the first time with the starter catalogue
	@$(BIN)/launchledger serve $(ARGS)

test: $(VENV)/development.installed ## run every test twice: on SQLite and on a throw-away PostgreSQL
	@status=0; \
	echo "== tests on SQLite"; \
	DATABASE_URL=$(NO_DATABASE) $(PYTEST) $(ARGS) || status=1; \
	echo "== tests on PostgreSQL"; \
	$(BIN)/python tools/throwaway_postgres.py $(PYTEST) $(ARGS) || status=1; \
	exit $$status

check: export DATABASE_URL = $(NO_DATABASE)
check: $(VENV)/development.installed ## check format, lint, types, layers, sizes, dependencies, migrations and links
	@failed=; \
	run() { echo "== $$*"; "$$@" || failed="$$failed\n  $$*"; }; \
	PATH="$(CURDIR)/$(BIN):$$PATH"; \
	run ruff format --check --quiet --output-format concise; \
	run ruff check --quiet --output-format concise; \
	run mypy; \
	run lint-imports --no-logo; \
	run deptry --no-ansi src; \
	$(if $(TEMPLATES),run djade --check --target-version 5.2 $(TEMPLATES);) \
	run tools/check_sizes.py; \
	run tools/check_links.py; \
	run python -m django makemigrations --check --dry-run --settings launchledger.conf.settings; \
	if [ -n "$$failed" ]; then printf "make check: these failed:$$failed\n" >&2; exit 1; fi

fix: $(VENV)/development.installed ## format the code and mend what the linters can mend
	@$(BIN)/ruff format --quiet
	@$(BIN)/ruff check --quiet --fix
	@$(if $(TEMPLATES),$(BIN)/djade --target-version 5.2 $(TEMPLATES))

bench: $(VENV)/development.installed ## measure this server beside what one would use instead
	@$(BIN)/python -m benchmarks $(ARGS)

docs: $(VENV)/development.installed ## check the links of the documentation, which begins at README.md
	@$(BIN)/python tools/check_links.py

lock: ## pin every dependency anew in requirements/ (needs uv; ARGS=--upgrade takes newer ones)
	@command -v $(UV) >/dev/null || { echo "make lock needs uv: pip install uv" >&2; exit 1; }
	$(UV) $(UV_COMPILE) $(ARGS) pyproject.toml -o requirements/runtime.txt
	$(UV) $(UV_COMPILE) --group dev $(ARGS) pyproject.toml -o requirements/development.txt

clean: ## remove .venv and every cache; your catalogue stays
	@rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is younger than the lock that was installed, so a changed lock is installed anew and nothing else is.

# Half an environment (Debian without python3-venv) would look like a whole one the next time.
$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Launchledger needs Python 3.11 or later; choose one with make PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

# Not an editable install: that is a build, and what builds is in the development lock only.
$(VENV)/runtime.installed: requirements/runtime.txt tools/link_source.py | $(VENV)/pyvenv.cfg
	@echo "Installing $< into $(VENV)"
	@$(INSTALL) $(LOCKED) $<
	@$(BIN)/python tools/link_source.py
	@touch $@

$(VENV)/development.installed: requirements/development.txt pyproject.toml | $(VENV)/pyvenv.cfg
	@echo "Installing $< into $(VENV)"
	@$(INSTALL) $(LOCKED) $<
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@
