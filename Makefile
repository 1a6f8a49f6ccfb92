# Shortcuts; the tools behind them (mvn, pulumi, tools/*) work on their own as well.

STACK ?= oslo
# Output folder of `make render`
OUT ?= out/$(STACK)
# More flags for the Pulumi CLI, such as FLAGS=--diff
FLAGS ?=
# Number of random configs of `make generated`, the number of the first one, and what they are made of
N ?= 10000
FIRST ?= 0
SEED ?= 1

MVN := mvn -B --no-transfer-progress
# Maven compiles each class once: half of the processor's time without the JVM's second compiler
export MAVEN_OPTS ?= -XX:+UseSerialGC -XX:TieredStopAtLevel=1
SOURCES := pom.xml $(shell find src/main cloud-init -type f)
BUILT := target/.built

# Modules with tests of their own
GO_TESTS := tools/pulumi-resource-command lab/k3s lab/netpol lab/overlay lab/delay lab/forget lab/oidc lab/echo lab/kubernetes/cacerts images/caddy/kubernetes images/caddy/callers

# How many classes of the program's tests run at once, each in a JVM of its own; half of the time of one is waiting.
FORKS ?= 2

# The parts of `make test`, in order; each can be run on its own. The scripts run side by side, and so do
# the last two: half of the time the functions' tests wait.
SCRIPTS := test-tools test-ci test-bench test-lab test-plugin
PROJECTS := test-functions test-template
TESTS := test-scripts test-program test-scan test-engine test-projects

.DEFAULT_GOAL := help
.PHONY: help tools build test golden docs format new preview doctor up function import-functions render graph destroy \
  ci-preview ci-up clean bench generated scan versions changelog release-record release-dry-run lab-up lab-test lab-faults \
  lab-faults-table lab-killed lab-down lab-status lab-logs lab-shell $(TESTS) $(SCRIPTS) $(PROJECTS)

help: ## show this text
	@printf 'Usage: make TARGET [STACK=oslo] [OUT=out/oslo] [FLAGS=...]\n\n'
	@sed -nE 's/^([a-z-]+):.*## (.*)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

tools: ## install the Pulumi CLI and its plugins if they are missing
	@tools/install

build: $(BUILT) ## compile the program into target/nordfaas.jar

# The stamp is touched last, so that a build killed half-way does not count as done.
$(BUILT): $(SOURCES)
	@echo 'build: target/nordfaas.jar (a minute or two the first time)'
	@$(MVN) -q -Dmaven.test.skip package
	@touch $@

new: ## make DIR, a repository of your own that depends on a release; NAME=its-name
	@tools/new "$(DIR)" $(NAME)

preview: build ## show what `make up` would change in STACK; needs no VPS, no cluster, no account
	@tools/stack preview $(STACK) $(FLAGS)

doctor: build ## check over SSH whether the hosts of STACK are ready for `make up`; changes nothing
	@tools/doctor $(FLAGS) $(STACK)

up: build ## apply Pulumi.STACK.yaml to STACK; shows the changes and asks first
	@tools/stack up $(STACK) $(FLAGS)

ci-preview: build ## what the workflow of a pull request leaves in out/ci/STACK: report, difference, and a plan to approve
	@.ci/preview $(STACK)

ci-up: build ## apply the plan in out/ci/STACK and nothing else; refuses if anything has moved on since
	@.ci/up $(STACK)

function: build ## build functions/NAME, push its image, and write it into the config of STACK; FLAGS=--air-gap: over SSH
	@tools/function $(FLAGS) $(NAME) $(STACK)

import-functions: build ## print FILE, a stack.yml of OpenFaaS, as functions of a stack config; on stderr what it left out
	@tools/import-functions $(FILE)

render: build ## write STACK as plain files into OUT: user-data, K3s config, Kubernetes YAML, a picture; no engine, no network
	@java -XX:TieredStopAtLevel=1 -cp target/nordfaas.jar dev.nordfaas.render.RenderCommand Pulumi.$(STACK).yaml $(OUT)

graph: build ## draw STACK into OUT/graph.svg: its parts, who may connect to whom, its nodes, what leaves the cluster
	@java -XX:TieredStopAtLevel=1 -cp target/nordfaas.jar dev.nordfaas.graph.GraphCommand Pulumi.$(STACK).yaml $(OUT)/graph.svg

destroy: build ## delete everything in STACK that is not protected; shows it and asks first
	@tools/stack destroy $(STACK) $(FLAGS)

test: tools ## all tests except the lab's: of the tools, of the program with the real Pulumi engine, and of the functions
	@tools/test-packages
	@set -e; times=; for part in $(TESTS); do \
	  begin=$$(date +%s); $(MAKE) --no-print-directory $$part; \
	  took="$${part#test-} $$(($$(date +%s) - begin)) s"; printf 'test: %s\n' "$$took"; \
	  times="$${times:+$$times, }$$took"; \
	done; printf 'test: all passed: %s\n' "$$times"

test-scripts: SIDE_BY_SIDE := $(SCRIPTS)
test-projects: SIDE_BY_SIDE := $(PROJECTS)
test-scripts test-projects:
	@$(MAKE) --no-print-directory --jobs=$(FORKS) --output-sync=target $(SIDE_BY_SIDE)

test-tools:
	@tools/test

test-ci:
	@.ci/test

test-bench:
	@python3 -m unittest discover -q bench/test

test-lab:
	@lab/test/scripts

test-plugin:
	@if command -v go >/dev/null; then set -e; \
	    for module in $(GO_TESTS); do (cd $$module && go test ./...); done; \
	  else echo 'go test: skipped, as there is no Go; so neither the lab nor the stand-in for the Command plug-in is in use'; fi

test-program:
	@tools/nats nats-server >/dev/null && tools/nats nats >/dev/null && tools/caddy >/dev/null
	@tools/admission >/dev/null
	@tools/apivalidation >/dev/null
	@tools/exporter postgres-exporter >/dev/null && tools/exporter pgbouncer-exporter >/dev/null
	@$(MVN) verify -DskipITs -DforkCount=$(FORKS)
	@tools/vulnerabilities target/bom.json

# On the jar built by test-program.
test-scan:
	@tools/scan

# On the jar built by test-program; @default: as configured in pom.xml. In this order the longest
# classes are not the last.
test-engine:
	@eval "$$(tools/install --quiet --env)" && $(MVN) failsafe:integration-test@default failsafe:verify@default \
	  -DforkCount=$(FORKS) -Dfailsafe.runOrder=reversealphabetical

# A repository of one's own, made from the artifacts of a release of this checkout.
test-template:
	@tools/test-template

# One class at a time: they wait for messages, with time limits.
test-functions:
	@set -e; for pom in functions/*/pom.xml; do $(MVN) -f "$$pom" verify -DforkCount=1; done
	@tools/vulnerabilities functions/*/target/sbom/app/bom.json
	@python3 -m unittest discover -q functions/vat

versions: ## what its maker no longer supports, or not for much longer, of docs/supported-versions.md
	@tools/supported-versions

release-record: tools ## VERSION=0.1.0: keep what this release registers, so that later ones are compared with it
	@test -n '$(VERSION)' || { echo 'release-record: VERSION is missing, such as VERSION=0.1.0' >&2; exit 2; }
	@eval "$$(tools/install --quiet --env)" && $(MVN) -q -Dmaven.test.skip=false package -DskipTests && \
	  $(MVN) -q failsafe:integration-test@default failsafe:verify@default -Dit.test='ReleasesIT#recordsTheRelease' -Drelease.record=$(VERSION)

changelog: ## VERSION=0.1.0: the section of that release, or of Unreleased
	@tools/changelog-section $(or $(VERSION),Unreleased)

scan: build ## known scanners over workflows, scripts and the rendered stacks; SCANNERS=zizmor for one
	@tools/scan $(SCANNERS)

release-dry-run: ## what a release would publish, into target/release/repository, built twice and compared; VERSION=0.1.0
	@tools/release $(VERSION)

generated: tools ## N=10000 random stack configs, from SEED=1: what is accepted is accepted by every program that it is for
	@tools/apivalidation >/dev/null
	@$(MVN) -q test -Dtest=GeneratedConfigsTest -Dgenerated.count=$(N) -Dgenerated.first=$(FIRST) -Dgenerated.seed=$(SEED)

# The footprint first: PgBouncer and JVMs keep what a load made them take.
BENCH := listen-queue intake power-cut preview up-cost
BENCH_LAB := footprint calls callers orders openfaas-async dispatch queue pooler pod-start no-op-up edition cold-start

bench: build ## every benchmark, about two hours; with the lab up, as root, also those of the platform (docs/benchmarks.md)
	@$(MVN) -q test-compile
	@set -e; for it in $(BENCH); do bench/$$it; done; bench/preview 1000
	@set -e; if [ "$$(id -u)" = 0 ] && [ -e /var/lib/nordfaas-lab/edge-ca.crt ]; then for it in $(BENCH_LAB); do bench/$$it; done; \
	  else echo 'skipped, as the lab is not up (make lab-up, as root): $(BENCH_LAB)'; fi
	@bench/tables

lab-up: ## the whole platform on this machine, from nothing to a first order; as root (docs/lab.md); STACK=lab3: three VPSes
	@LAB_STACK=$(filter lab%,$(STACK)) lab/deploy

lab-test: build ## the end-to-end tests, on the running lab of one VPS or three
	@lab/test/end-to-end

lab-faults: build ## the slow ones: faults, and how long until they are reported; FLAGS=-Dfaults.rounds=3 on three VPSes
	@lab/test/end-to-end --slow $(FLAGS)

lab-faults-table: ## what lab-faults has measured on three VPSes, into docs/reliability.md
	@lab/test/fault-table

lab-killed: build ## whether lab-up recovers from being killed; starts with a fresh lab
	@lab/test/killed

lab-down: ## remove the lab, except for its SSH keys and the cache
	@lab/down

lab-status: ## what runs in the lab
	@lab/status

lab-logs: ## what explains a failure in the lab
	@lab/logs

lab-shell: ## a root shell in the lab's VPS
	@lab/shell

golden: tools ## rewrite the tests' expected files; review the diff before you commit it
	@# Twice: a file that is golden elsewhere is not written again, and elsewhere may come later.
	@eval "$$(tools/install --quiet --env)" && $(MVN) -q test -Dgolden.update=true && \
	  $(MVN) -q verify -Dgolden.update=true -Dit.test=PreviewIT

docs: ## rewrite docs/stack-config.md and the JSON Schemas after a change of a @Key
	@$(MVN) -q test -Dtest=ReferenceTest -Dgolden.update=true

format: ## format the Java sources
	@set -e; for pom in pom.xml functions/*/pom.xml; do $(MVN) -q -f "$$pom" spotless:apply; done

clean: ## delete build output; the local state in .nordfaas and the tools' cache stay
	@$(MVN) -q clean
