# The commands of this project; `make` alone lists them.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory
# Run as root, the PostgreSQL of the tests adds a system user, and a bare PATH may lack `useradd`.
export PATH := $(PATH):/usr/sbin:/sbin

BIN := .venv/bin
REGISTRY := $(BIN)/python -m registry
# Long tests come late by chance: whoever has nothing left takes from the others.
PYTEST_ARGS ?= --numprocesses=auto --maxprocesses=4 --dist=worksteal

# Two stamps, so that `make run` installs only what serving needs. The test pins hold the runtime pins too.
RUNTIME := .venv/runtime.stamp
TEST := .venv/test.stamp
BENCH := .venv/bench.stamp

.PHONY: help
help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: $(RUNTIME) ## Migrate, seed when empty, and serve on 127.0.0.1:8000 (PORT=..., REGISTRY_DATABASE_URL=...)
	@$(REGISTRY) migrate
	@$(REGISTRY) seed --if-empty
	@exec $(REGISTRY) serve --first-admin

.PHONY: test
test: $(TEST) ## Run the whole suite, on SQLite and PostgreSQL (PYTEST_ARGS=...)
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

.PHONY: test-long
test-long: $(TEST) ## The long versions of the tests that send random things, break off, and repeat
	@$(BIN)/python -m pytest $(PYTEST_ARGS) -m long

.PHONY: check
check: $(TEST) ## Formatting, lint, types, import directions, dependencies, generated reference, known holes
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/python -m mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(REGISTRY) reference --check
	$(BIN)/python scripts/audit

.PHONY: format
format: $(TEST) ## Format the code and mend what lint can mend
	@$(BIN)/ruff check --fix --exit-zero --quiet .
	@$(BIN)/ruff format .

.PHONY: bench
bench: $(BENCH) ## Measure speed at a million events, and write the table into docs/performance.md
	@$(BIN)/python -m benchmarks $(BENCH_ARGS)

.PHONY: bench-quick
bench-quick: $(BENCH) ## The same at small sizes, in a few minutes; prints only
	@$(BIN)/python -m benchmarks --quick $(BENCH_ARGS)

.PHONY: reference
reference: $(RUNTIME) ## Write docs/reference.md from the catalogue
	@$(REGISTRY) reference

.PHONY: translations
translations: $(RUNTIME) ## Put the texts of the public pages into the catalogues for translators
	@PYTHONPATH=. $(BIN)/python scripts/translations

.PHONY: lock
lock: ## Remake the hashed pins from pyproject.toml (UPGRADE=1 moves the versions)
	@scripts/lock $(or $(PYTHON),python3)

.PHONY: clean
clean: ## Remove .venv and every cache; ./var (the data) stays
	@rm -rf .venv dist build .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find registry migrations tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUNTIME): requirements/runtime.txt pyproject.toml hatch_build.py scripts/venv
	@PYTHON="$(PYTHON)" scripts/venv runtime
	@touch $@

$(TEST): requirements/test.txt $(RUNTIME)
	@PYTHON="$(PYTHON)" scripts/venv test
	@touch $@

$(BENCH): requirements/bench.txt $(RUNTIME)
	@PYTHON="$(PYTHON)" scripts/venv bench
	@touch $@
