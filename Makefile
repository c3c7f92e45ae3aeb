# `make run` and `make test` need Python 3.11 and nothing else: each sets up what it uses.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check
CODE := manage.py gunicorn.conf.py taoanalytics subnets markets enrichment insights tests

.PHONY: help run test lint format bench lock clean

help:  ## what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

.venv/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name one with PYTHON=…"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/base: requirements/base.txt .venv/pyvenv.cfg
	$(PIP) install --quiet --require-hashes -r requirements/base.txt
	@touch $@

.venv/dev: requirements/dev.txt .venv/pyvenv.cfg
	$(PIP) install --quiet --require-hashes -r requirements/dev.txt
	@touch $@ .venv/base

run: .venv/base  ## the site with data, from the public network or a simulated one (ARGS="--simulated --port 8000")
	@$(BIN)/python manage.py quickstart $(ARGS)

test: .venv/dev  ## the whole suite; DATABASE_URL and REDIS_URL choose another database and cache (ARGS="-k explorer")
	@$(BIN)/python -m pytest -n auto --dist loadscope $(ARGS)

lint: .venv/dev  ## style, types, imports, templates, migrations
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/ruff format --check $(CODE)
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/djlint templates --lint --quiet
	@$(BIN)/djade --check $$(git ls-files 'templates/*.html')
	@$(BIN)/python manage.py makemigrations --check --dry-run

format: .venv/dev  ## rewrite code and templates in the house style
	@$(BIN)/ruff check --fix $(CODE)
	@$(BIN)/ruff format $(CODE)
	@$(BIN)/djade $$(git ls-files 'templates/*.html') || true

bench: .venv/dev  ## the speed table, each figure beside its yardstick
	@$(BIN)/python -m tests.bench

lock: .venv/dev  ## compile requirements/*.in to *.txt, with hashes
	@$(BIN)/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements/base.in -o requirements/base.txt
	@$(BIN)/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements/dev.in -o requirements/dev.txt

clean:  ## drop the virtual environment and caches; var/ with its databases stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
