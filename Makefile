# จุดเดียว (Judiao). Every command does its own set-up; a second run of it costs nothing.
# PORT, DATA_DIR and DATABASE_URL are honoured, from the environment or as `make demo PORT=9000`.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

PYTHON ?= python3
PY := .venv/bin/python
OUT ?= out
ARGS ?=

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

# -- what people and programs use

.PHONY: setup demo journey
setup: .venv/.installed static/vendor/.copied ## the Python environment, browser assets and fonts
	@$(call need,libmagic.so.1=libmagic1)

demo: setup ## the whole portal with sample cases on http://127.0.0.1:8000
	@exec $(PY) -m app demo

journey: setup ## play the main job over HTTP: make journey OUT=dir leaves the documents and journey.json there
	@exec $(PY) -m app journey --out "$(OUT)"

# -- what developers and CI use

.PHONY: system test bench soak lint format messages migration lock
system: ## the machine's programs that tests need (installed when root, named otherwise)
	@$(call need,libmagic.so.1=libmagic1 chromium=chromium lang=th=fonts-thai-tlwg pdftotext=poppler-utils qpdf=qpdf zbarimg=zbar-tools softhsm2-util=softhsm2)

test: setup system ## every test, against a real PostgreSQL and a real browser; make test ARGS="tests/core -x"
	@exec $(PY) -m pytest -n 2 -m "not soak" $(ARGS)

bench: setup ## the benchmarks, as ratios; writes bench.json
	@exec $(PY) -m app bench

soak: setup system ## the long runs of properties and crashes
	@exec $(PY) -m pytest -m soak $(ARGS)

lint: .venv/.installed ## style, types and who may import whom
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(PY) -m mypy
	@.venv/bin/lint-imports

format: .venv/.installed ## let ruff put the style right
	@$(PY) -m ruff format .
	@$(PY) -m ruff check --fix .

messages: .venv/.installed ## bring app/core/locale/en.po in step with what pages say; prints what is left to translate
	@$(PY) -c 'from app.core import extraction; print(extraction.update())'

migration: .venv/.installed ## draft the next revision from the models: make migration name="rooms"
	@test -n "$(name)" || { echo 'Say what it makes: make migration name="rooms"'; exit 1; }
	@$(PY) -c 'import sys; from app.core import migrating; print(migrating.draft(sys.argv[1]))' "$(name)"
	@$(PY) -m ruff check --fix --quiet migrations
	@$(PY) -m ruff format --quiet migrations

lock: .venv/.installed ## pin every package again: requirements.lock and package-lock.json
	@$(PY) -m uv --version > /dev/null 2>&1 || $(PY) -m pip install --quiet uv
	@$(PY) -m uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --quiet --custom-compile-command "make lock" --output-file requirements.lock
	@npm install --ignore-scripts --package-lock-only

# -- set-up, once for each change of a lock file

.venv/.installed: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'Python 3.11 or newer is needed; name it with: make setup PYTHON=python3.12'; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2> /dev/null || { $(call need,ensurepip=python3-venv) }
	@test -x $(PY) || $(PYTHON) -m venv .venv
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

node_modules/.installed: package.json package-lock.json
	@command -v npm > /dev/null || { echo 'Node 20 with npm is needed: nodejs.org, or your system'"'"'s packages'; exit 1; }
	@npm ci --ignore-scripts --silent
	@touch $@

SARABUN := $(addprefix files/sarabun-,thai-400-normal.woff2 thai-700-normal.woff2 latin-400-normal.woff2 latin-700-normal.woff2)
SERIF := $(addprefix files/noto-serif-thai-,thai-600-normal.woff2 latin-600-normal.woff2)
TTF := 400Regular/Sarabun_400Regular.ttf 700Bold/Sarabun_700Bold.ttf

# a package of node_modules, its files, the folder they go to; the licence goes with them
copy = mkdir -p static/vendor/$(3) && cp $(addprefix node_modules/$(1)/,$(2) LICENSE*) static/vendor/$(3)

static/vendor/.copied: node_modules/.installed Makefile
	@rm -rf static/vendor
	@$(call copy,htmx.org,dist/htmx.min.js,htmx)
	@$(call copy,@fontsource/sarabun,$(SARABUN),sarabun)
	@$(call copy,@fontsource/noto-serif-thai,$(SERIF),noto-serif-thai)
	@$(call copy,@expo-google-fonts/sarabun,$(TTF),fonts)
	@touch $@

# thing=package …: a program, a library or a language with a font. Root installs what is missing, others are told.
need = missing=""; for pair in $(1); do thing=$${pair%=*}; package=$${pair\#\#*=}; \
	case "$$thing" in \
		*.so.*) found=$$(PATH="$$PATH:/sbin" ldconfig -p | grep -F "$$thing" || true) ;; \
		lang=*) found=$$(fc-list ":$$thing" 2> /dev/null || true) ;; \
		*) found=$$(command -v "$$thing" || true) ;; \
	esac; test -n "$$found" || missing="$$missing $$package"; done; \
	if [ -n "$$missing" ]; then \
		if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
			apt-get update --quiet --quiet; \
			DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --quiet --no-install-recommends $$missing > /dev/null; \
		else echo "Missing on this machine:$$missing. As root: apt-get install$$missing. Then try again."; exit 1; fi; fi;
