# Everything is done through this file, in .venv, on a machine that has Python 3.11 or later, make and git.
# `make` alone lists the targets; ARGS="..." is handed on to serve, test, bench and lock.

PYTHON ?= python3
UV ?= uv
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip --disable-pip-version-check install --quiet
LOCKED := --require-hashes --only-binary :all: --requirement
# Workers beyond four cost more to start than they save. A file goes to one worker, so that what its tests share is made once.
# Programs that tests start, by the hundred, read what the first of them compiled, also where Python is told to keep nothing.
PYTEST := env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder --durations 10
# What the test of generated TypeScript types needs.
TYPESCRIPT := tests/clients/node_modules/.package-lock.json
# Programs that other people wrote for upstream, in an environment of their own: they ask for libraries older than ours.
CLIENTS := $(VENV)/clients/installed
# Never the database of whoever runs make; a test database on SQLite is in memory anyway.
NO_DATABASE := sqlite://:memory:
TEMPLATES = $(shell find src -name '*.html')
UV_COMPILE_CLIENTS := pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header
UV_COMPILE := $(UV_COMPILE_CLIENTS) --extra postgres --extra redis

.DEFAULT_GOAL := help
.PHONY: help serve test nightly check fix bench docs pictures lock clean

help:
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "%-8s %s\n", $$1, $$2 }' Makefile

serve: $(VENV)/runtime.installed ## start the server; the first time with the starter catalogue
	@$(BIN)/launchledger serve $(ARGS)

test: $(VENV)/development.installed $(TYPESCRIPT) $(CLIENTS) ## run every test on SQLite, and what may differ there on a throw-away PostgreSQL
	@status=0; \
	echo "== tests on SQLite"; \
	DATABASE_URL=$(NO_DATABASE) $(PYTEST) $(ARGS) || status=1; \
	echo "== tests on PostgreSQL"; \
	$(BIN)/python tools/throwaway_postgres.py $(PYTEST) $(ARGS) || status=1; \
	exit $$status

nightly: export LAUNCHLEDGER_EXAMPLES = 50
nightly: export LAUNCHLEDGER_EVERYWHERE = 1
nightly: ## run every test on both databases; ask 50 made-up questions of each operation, and change 50 catalogues while they are served
	@env -u LAUNCHLEDGER_EXAMPLES $(MAKE) --no-print-directory test
	@$(MAKE) --no-print-directory test ARGS="tests/schema tests/journeys/test_exact.py tests/journeys/test_memory_bound.py $(ARGS)"

check: export DATABASE_URL = $(NO_DATABASE)
check: $(VENV)/development.installed ## check format, lint, types, layers, sizes, dependencies, migrations, links and generated pages
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
	run python -m tools.docs --check; \
	run python -m django makemigrations --check --dry-run --settings launchledger.conf.settings; \
	if [ -n "$$failed" ]; then printf "make check: these failed:$$failed\n" >&2; exit 1; fi

fix: $(VENV)/development.installed ## format the code and mend what the linters can mend
	@$(BIN)/ruff format --quiet
	@$(BIN)/ruff check --quiet --fix
	@$(if $(TEMPLATES),$(BIN)/djade --target-version 5.2 $(TEMPLATES))

bench: $(VENV)/development.installed ## measure this server beside what one would use instead
	@$(BIN)/python -m benchmarks $(ARGS)

docs: export DATABASE_URL = $(NO_DATABASE)
docs: $(VENV)/development.installed ## write the pages of docs/ that are generated from the code, and check every link
	@$(BIN)/python -m tools.docs
	@$(BIN)/python tools/check_links.py

pictures: $(VENV)/development.installed ## draw the pictures of the pages in docs/ anew (needs Chromium)
	@DATABASE_URL=$(NO_DATABASE) LAUNCHLEDGER_PICTURES=1 $(BIN)/python -m pytest -q tests/journeys/test_pages.py -k renders

lock: ## pin every dependency anew in requirements/ (needs uv; ARGS=--upgrade takes newer ones)
	@command -v $(UV) >/dev/null || { echo "make lock needs uv: pip install uv" >&2; exit 1; }
	$(UV) $(UV_COMPILE) $(ARGS) pyproject.toml -o requirements/runtime.txt
	$(UV) $(UV_COMPILE) --group dev $(ARGS) pyproject.toml -o requirements/development.txt
	$(UV) $(UV_COMPILE_CLIENTS) $(ARGS) requirements/clients.in -o requirements/clients.txt

clean: ## remove .venv and every cache; your catalogue stays
	@rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .bench tests/clients/node_modules
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

# Where they do not install, those tests are skipped and say so.
$(CLIENTS): requirements/clients.txt | $(VENV)/pyvenv.cfg
	@echo "Installing $< into $(VENV)/clients"
	@rm -rf $(@D); $(PYTHON) -m venv $(@D) && \
		$(@D)/bin/python -m pip --disable-pip-version-check install --quiet $(LOCKED) $< && touch $@ || rm -rf $(@D)

# Without npm, or without a registry, that test is skipped and says so.
$(TYPESCRIPT): tests/clients/package.json tests/clients/package-lock.json
	@if command -v npm >/dev/null; then \
		echo "Installing tests/clients/package-lock.json"; \
		npm ci --prefix tests/clients --ignore-scripts --no-audit --no-fund --silent && touch $@ || rm -rf $(@D); \
	fi
