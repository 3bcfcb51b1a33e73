# Two commands to begin with: `make demo` and `make test`.
.DEFAULT_GOAL := help
NODE_MODULES := node_modules/.package-lock.json

.PHONY: help build demo test test-all test-differential test-faults bench bench-jinja unit integration e2e lint types schemas format clean

help: ## what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(NODE_MODULES): package.json package-lock.json
	npm ci --no-audit --no-fund
	@touch $@

build: $(NODE_MODULES) ## dist/: what is copied and run, no node_modules needed
	node scripts/build.mjs

demo: build ## the main job on a throw-away host, in under two minutes
	node scripts/demo.mjs

test: $(NODE_MODULES) ## everything but the long suites
	node scripts/test.mjs lint types unit integration e2e

test-all: $(NODE_MODULES) ## everything
	node scripts/test.mjs lint types unit integration e2e long

bench-jinja: $(NODE_MODULES) ## templates beside Jinja2 and Ansible's templar
	node bench/jinja/run.mjs

unit: $(NODE_MODULES) ## memory only, seconds
	node scripts/test.mjs unit

integration: $(NODE_MODULES) ## with real shells, sshd, age
	node scripts/test.mjs integration

e2e: $(NODE_MODULES) ## with real hosts in Docker
	node scripts/test.mjs e2e

test-differential: $(NODE_MODULES) ## beside ansible-playbook on twin hosts; VPAI_SHARD=1/4 for a part
	node scripts/test.mjs differential

test-faults: $(NODE_MODULES) ## runs that are killed or cut off, hosts that are full or locked; VPAI_SHARD=1/2 for a part
	node scripts/test.mjs faults

bench: build ## beside Ansible, mitogen, rsync and a script, with numbers; ONLY=no-op PEERS=none for a part
	node scripts/bench.mjs $(if $(ONLY),--only=$(ONLY)) $(if $(PEERS),--peers=$(PEERS)) $(ARGS)

lint: $(NODE_MODULES) ## format and lint
	npx biome check .

types: $(NODE_MODULES) ## TypeScript
	npx tsc --noEmit

schemas: $(NODE_MODULES) ## schemas/: JSON Schemas from the source
	node scripts/schemas.mjs

format: $(NODE_MODULES) ## put the format right
	npx biome check --write .

clean: ## what was built
	rm -rf dist coverage
