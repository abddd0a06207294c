# All tasks of development, in .venv; needs Python 3.11 or later, make and git.
# `make` alone lists the targets; ARGS="..." is passed to serve, test, bench and lock.

PYTHON ?= python3
UV ?= uv
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip --disable-pip-version-check install --quiet
LOCKED := --require-hashes --only-binary :all: --requirement
# Workers beyond four cost more to start than they save. A file goes to one worker, so that data shared by its tests is made once.
# Tests start hundreds of programs: these share compiled bytecode, even if PYTHONDONTWRITEBYTECODE is set.
PYTEST := env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder --durations 10
# For the test of generated TypeScript types.
TYPESCRIPT := tests/clients/node_modules/.package-lock.json
# Clients that others wrote for upstream, in an environment of their own: they need older libraries than ours.
CLIENTS := $(VENV)/clients/installed
# Never the user's own database; a test database on SQLite is in memory anyway.
NO_DATABASE := sqlite://:memory:
TEMPLATES = $(shell find src -name '*.html')
UV_COMPILE_CLIENTS := pip compile --quiet --no-strip-extras --universal --python-version 3.11 --generate-hashes --no-header
UV_COMPILE := $(UV_COMPILE_CLIENTS) --extra postgres --extra redis

.DEFAULT_GOAL := help
.PHONY: help serve test nightly check fix bench docs pictures lock clean

help:
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "%-8s %s\n", $$1, $$2 }' Makefile

serve: $(VENV)/runtime.installed ## start the server; the first start loads the starter catalogue
	@$(BIN)/launchledger serve $(ARGS)

test: $(VENV)/development.installed $(TYPESCRIPT) $(CLIENTS) ## run every test on SQLite, and those that may differ on a throw-away PostgreSQL
	@status=0; \
	echo "== tests on SQLite"; \
	DATABASE_URL=$(NO_DATABASE) $(PYTEST) $(ARGS) || status=1; \
	echo "== tests on PostgreSQL"; \
	$(BIN)/python tools/throwaway_postgres.py $(PYTEST) $(ARGS) || status=1; \
	exit $$status

nightly: export LAUNCHLEDGER_EXAMPLES = 50
nightly: export LAUNCHLEDGER_EVERYWHERE = 1
nightly: ## run every test on both databases; send 50 random requests to each operation, and change 50 catalogues while they are served
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

fix: $(VENV)/development.installed ## format the code and fix what the linters can fix
	@$(BIN)/ruff format --quiet
	@$(BIN)/ruff check --quiet --fix
	@$(if $(TEMPLATES),$(BIN)/djade --target-version 5.2 $(TEMPLATES))

bench: $(VENV)/development.installed ## measure this server and compare it with the alternatives
	@$(BIN)/python -m benchmarks $(ARGS)

docs: export DATABASE_URL = $(NO_DATABASE)
docs: $(VENV)/development.installed ## write the pages of docs/ that are generated from the code, and check every link
	@$(BIN)/python -m tools.docs
	@$(BIN)/python tools/check_links.py

pictures: $(VENV)/development.installed ## take the screenshots in docs/ again (needs Chromium)
	@DATABASE_URL=$(NO_DATABASE) LAUNCHLEDGER_PICTURES=1 $(BIN)/python -m pytest -q tests/journeys/test_pages.py tests/journeys/test_desk.py -k renders

lock: ## pin every dependency in requirements/ again (needs uv; ARGS=--upgrade for newer versions)
	@command -v $(UV) >/dev/null || { echo "make lock needs uv: pip install uv" >&2; exit 1; }
	$(UV) $(UV_COMPILE) $(ARGS) pyproject.toml -o requirements/runtime.txt
	$(UV) $(UV_COMPILE) --group dev $(ARGS) pyproject.toml -o requirements/development.txt
	$(UV) $(UV_COMPILE_CLIENTS) $(ARGS) requirements/clients.in -o requirements/clients.txt

clean: ## remove .venv and every cache; your catalogue stays
	@rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .bench tests/clients/node_modules
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is newer than its installed lock file, so only a changed lock file is installed again.

# Remove an incomplete environment (Debian without python3-venv), or the next run would take it for a complete one.
$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Launchledger needs Python 3.11 or later; choose one with make PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

# Not an editable install: that is a build, and build tools are in the development lock only.
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

# If they do not install, their tests are skipped with a reason.
$(CLIENTS): requirements/clients.txt | $(VENV)/pyvenv.cfg
	@echo "Installing $< into $(VENV)/clients"
	@rm -rf $(@D); $(PYTHON) -m venv $(@D) && \
		$(@D)/bin/python -m pip --disable-pip-version-check install --quiet $(LOCKED) $< && touch $@ || rm -rf $(@D)

# Without npm, or without a registry, its test is skipped with a reason.
$(TYPESCRIPT): tests/clients/package.json tests/clients/package-lock.json
	@if command -v npm >/dev/null; then \
		echo "Installing tests/clients/package-lock.json"; \
		npm ci --prefix tests/clients --ignore-scripts --no-audit --no-fund --silent && touch $@ || rm -rf $(@D); \
	fi
