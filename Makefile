# Everything that is done with this repository. `make demo` and `make test` set
# up what they need by themselves.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := build

GO_FOLDERS := $(wildcard cmd internal content test bench) $(wildcard web/*.go)
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unversioned)
GOFLAGS_BUILD := -trimpath -ldflags "-s -w -X main.version=$(VERSION)"
WEB_SOURCES := $(shell find web -type f -not -path 'web/node_modules/*' -not -path 'web/dist/*' 2>/dev/null)

.PHONY: build demo test check unit web-unit e2e torture bench fuzz dev generate clean

## build: the console and the one binary, bin/warder
build: bin/warder

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	scripts/need node
	cd web && npm ci --no-audit --no-fund --loglevel=error
	touch $@

web/dist/index.html: web/node_modules/.package-lock.json $(WEB_SOURCES)
	cd web && npm run --silent build

bin/warder: web/dist/index.html go.mod $(shell find cmd internal content test/scenario -type f 2>/dev/null)
	scripts/need go
	CGO_ENABLED=0 go build $(GOFLAGS_BUILD) -o $@ ./cmd/warder

## demo: a living hospital in a throw-away folder; DEMO_AUTO=1 does not wait for a sign-in
demo: build
	bin/warder demo $(if $(DEMO_AUTO),--auto)

## test: everything, installing what is missing
test: need check unit web-unit e2e
	@echo "all of make test passed"

.PHONY: need
need:
	scripts/need go gcc node chromium postgresql

## check: format, vet, staticcheck, types
check: web/dist/index.html
	@test -z "$$(gofmt -l $(GO_FOLDERS))" || { gofmt -l $(GO_FOLDERS); echo "these files are not gofmt-ed: run gofmt -w on them"; exit 1; }
	go vet ./...
	cd tools && go build -o ../bin/staticcheck honnef.co/go/tools/cmd/staticcheck
	bin/staticcheck ./...
	cd web && npm run --silent types

# The simulated days are tens of thousands of records: the race detector would
# make ten minutes of them, and sees the same program in the shorter scenarios.
unit: web/dist/index.html
	go test -race -short -timeout 15m ./...
	go test -timeout 15m -run 'TestScenarios|TestQuietDay' ./internal/app

web-unit: web/node_modules/.package-lock.json
	cd web && npm run --silent test

e2e: build
	scripts/e2e

## torture: the long ones: hundreds of kills, every public rule on every public event, soak (by hand; figures are in docs/reference/performance.md)
torture: build
	WARDER_TORTURE=1 go test -timeout 3h -count=1 ./internal/exchange/... ./internal/store/... ./internal/events/... ./internal/stage/source/... ./internal/stage/detect/... ./internal/app/...
	bin/warder bench soak --runs 1

## bench: the figures of this machine, as JSON
bench: build
	bin/warder bench start --json
	bin/warder bench latency --json
	bin/warder bench detect --json
	scripts/e2e bench

## fuzz: every fuzz target for FUZZTIME each
FUZZTIME ?= 30s
fuzz:
	scripts/fuzz $(FUZZTIME)

## generate: what is made from code and checked in
generate: web/dist/index.html
	go test ./internal/app ./internal/hospital ./internal/stage/normalise ./internal/stage/detect -run Reference -update
	cd web && npm run --silent gen

## dev: the console with live reload beside a running demo
dev: build
	scripts/dev

clean:
	rm -rf bin web/dist/assets web/dist/index.html web/node_modules
