# make demo · make test · make lint · make bench: each makes the virtual environment it needs, and can be started anywhere
HERE := $(dir $(abspath $(lastword $(MAKEFILE_LIST))))
PYTHON ?= python3
VENV := $(HERE).venv
BIN := $(VENV)/bin
.DEFAULT_GOAL := help
.PHONY: help demo demo-monthly test lint audit docs bench system-deps clean

help:            ## say what can be made
	@grep -hE '^[a-z-]+: .*##|^[a-z-]+:  *##' $(HERE)Makefile | sed 's/:.*##/ -/'

$(VENV)/.runtime: $(HERE)pyproject.toml $(HERE)constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(HERE)constraints.txt -e $(HERE)
	@$(BIN)/python -m compileall -q $(HERE)analyzer
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m analyzer.runs.child </dev/null
	@touch $@

$(VENV)/.tests: $(VENV)/.runtime
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(HERE)constraints.txt -e '$(HERE)[test]'
	@touch $@

demo: $(VENV)/.runtime  ## run the main job on sample_inputs/ into out/
	@cd $(HERE) && $(BIN)/analyzer run sample_inputs --config sample_inputs/analyzer.toml --period 2026-10 -o out
	@echo && echo "One company again, compared with its month before:"
	@cd $(HERE) && $(BIN)/analyzer run sample_inputs/alderwick-tasks-2026-10.xlsx --previous sample_inputs/alderwick-tasks-2026-09.xlsx \
	 --config sample_inputs/analyzer.toml --period 2026-10 -o out

test: $(VENV)/.tests  ## lint, types and all tests
	@cd $(HERE) && $(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/python -m pytest -n auto

lint: $(VENV)/.tests  ## lint, types and the audit of dependencies alone
	@cd $(HERE) && $(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy
	@cd $(HERE) && $(BIN)/python -m pip check && $(BIN)/python -m pytest -n 0 tests/test_dependencies.py

audit: $(VENV)/.runtime  ## known weaknesses of the pinned versions; asks the network
	@test -x $(VENV)/audit/bin/pip-audit || { $(PYTHON) -m venv $(VENV)/audit && $(VENV)/audit/bin/python -m pip install --quiet pip-audit; }
	@$(VENV)/audit/bin/pip-audit --requirement $(HERE)constraints.txt --no-deps --disable-pip

docs: $(VENV)/.tests  ## write the parts of docs/ that are made from the code
	@cd $(HERE) && $(BIN)/python tests/reference_pages.py

bench: $(VENV)/.tests  ## all benchmarks, side by side
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(HERE)constraints.txt -e '$(HERE)[bench]'
	@cd $(HERE) && $(BIN)/python -m benchmarks

system-deps:     ## Debian packages for browser and LibreOffice tests
	@command -v chromium >/dev/null && command -v soffice >/dev/null && command -v pdftoppm >/dev/null || \
	 { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium chromium-driver libreoffice-calc poppler-utils fonts-dejavu fonts-liberation; }

clean:           ## remove what the targets made
	@rm -rf $(VENV) $(HERE)out

demo-monthly: $(VENV)/.tests  ## three months of an invented company: drop folder, reports, decisions, mails
	@rm -rf $(HERE)out/monthly && cd $(HERE) && $(BIN)/python tests/monthly_story.py out/monthly
