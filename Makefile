# Two commands do all: `make demo` and `make test`. The others are for those who work on Ronda.

PYTHON ?= python3
AREA ?= 51.01
TEST_WORKERS ?= 2
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest

.DEFAULT_GOAL := help
.PHONY: help install install-dev build demo browser test test-full check bench test-interop clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

install: ## .venv with what Ronda runs on
	@$(PYTHON) tools/install.py

install-dev: ## .venv with what the tests need too
	@$(PYTHON) tools/install.py --dev

build: install ## style sheets, scripts and translations
	@$(BIN)/ronda build

demo: build ## a demo regency in the foreground (AREA=51.01)
	@exec $(BIN)/ronda demo --area $(AREA)

browser: install-dev
	@$(BIN)/python tools/browser.py

test: install-dev build browser ## the whole suite at the counts of CI
	@echo "Tests, $(TEST_WORKERS) at a time"
	@CHROMIUM_PATH="$$(cat .venv/.chromium)" $(PYTEST) -q -n $(TEST_WORKERS) --dist loadgroup -m "not serial and not interop"
	@echo "Tests that kill or measure, one at a time"
	@CHROMIUM_PATH="$$(cat .venv/.chromium)" $(PYTEST) -q -m "serial and not interop"

test-full: export RONDA_COUNTS = full
test-full: test ## the same promises at their full counts

check: install-dev build ## format, lint, types, import contracts, migrations, translations, addresses
	@$(BIN)/ronda check

bench: install-dev build browser ## every measurement in bench/ (BENCH=--quick for a short one)
	@for file in $$(grep -lE '^from _report import' bench/*.py); do \
		echo "== $$file"; CHROMIUM_PATH="$$(cat .venv/.chromium)" $(BIN)/python $$file $(BENCH) || exit 1; done

test-interop: install-dev build ## what needs other people's programs
	@$(BIN)/python tools/programs.py khal bearerbox fakesmsc java ogr2ogr
	@$(BIN)/python -m pip install -q --require-hashes -r requirements-spark.lock \
		|| echo "Spark could not be installed; its tests will fail and say so."
	@$(PYTEST) -q -m interop

clean: ## remove what was built and installed; data in var/ stays
	rm -rf .venv node_modules src/ronda/web/static/web/build src/ronda/field/static/field/build .mypy_cache .ruff_cache .import_linter_cache
	find src -name '*.mo' -delete
