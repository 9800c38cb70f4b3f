# SPDX-License-Identifier: MIT OR Apache-2.0
# The only task runner. GNU make; nothing here needs more than `make` and a network the first time.

.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help demo test deps build check deb bench test-system test-android test-phone-e2e docs yocto-crates install uninstall clean

prefix     ?= /usr
DESTDIR    ?=
sysconfdir ?= /etc
bindir      = $(prefix)/bin
libexecdir  = $(prefix)/libexec
libdir      = $(prefix)/lib
datadir     = $(prefix)/share
mandir      = $(datadir)/man
docdir      = $(datadir)/doc/intercomd
unitdir    ?= $(libdir)/systemd/system
udevdir    ?= $(libdir)/udev
# Where `make docs` made them, and whether the media worker was built: for other build systems.
docs       ?= build/docs
media      ?= media
# dbus-daemon and polkitd look here, whatever our prefix.
dbusdir    ?= /usr/share/dbus-1
polkitdir  ?= /usr/share/polkit-1

target     := $(or $(CARGO_TARGET_DIR),target)
release    ?= $(target)/$(if $(CARGO_BUILD_TARGET),$(CARGO_BUILD_TARGET)/)release
features   := $(shell sed -n '/^\[features\]/,/^\[dep/s/^\([a-z]*\) = .*/\1/p' Cargo.toml | grep -vx default)

export PATH := $(or $(CARGO_HOME),$(HOME)/.cargo)/bin:$(PATH)

help: ## Say what there is
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

demo: ## Run a station with a simulated panel, installing what is missing
	@.ci/deps demo
	cargo build --locked
	@if command -v dbus-run-session >/dev/null; \
	then exec dbus-run-session -- $(target)/debug/intercomd demo; \
	else exec $(target)/debug/intercomd demo; fi

test: ## Run everything that CI runs, installing what is missing
	@rm -f build/summary
	@.ci/deps test
	@$(MAKE) --no-print-directory check
	$(call step,tests of the core alone,cargo test --locked --no-default-features)
	$(call step,tests,cargo test --locked --features docs)
	$(call step,tests with a handset made from the specification,tests/peer/run)
	$(call step,tests over networks that fail,tests/network/run)
	$(call step,tests of the service files,tests/service/run)
	$(call step,tests of boards and wiring,INTERCOMD_BINARIES=$(abspath $(target))/debug tests/hw/run)
	$(call step,tests of the Yocto layer,tests/yocto/run)
	$(call step,tests in a browser,INTERCOMD_BINARIES=$(abspath $(target))/debug tests/web/run)
	$(call step,tests of the Android companion,$(MAKE) --no-print-directory test-android)
	$(call step,Debian packages,debian/build)
	$(call step,tests of the packages,tests/package/run)
	$(call step,tests on a booted system,tests/system/run)
	@echo; echo "make test: everything passed"; cat build/summary

deps: ## Install what a fresh Debian 12 lacks for demo and test
	@.ci/deps test

build: ## Build the release binaries, the man pages and the completions, installing what is missing
	@.ci/deps build
	cargo build --locked --release
	@$(MAKE) --no-print-directory docs

check: ## Check format, lints (also of each feature alone), licences and sources
	$(call step,format,cargo fmt --check)
	$(call step,lints,cargo clippy --locked --all-targets -- -D warnings)
	$(call step,lints of what runs in a virtual machine,cargo clippy --locked --test hardware --test handset -- -D warnings)
	$(call step,lints without features,cargo clippy --locked --all-targets --no-default-features -- -D warnings)
	$(foreach f,$(features),$(call step,lints with $(f) alone,cargo clippy --locked --no-default-features --features $(f) -- -D warnings)$(newline))
	$(call step,licences and sources,cargo deny --locked check --hide-inclusion-graph bans licenses sources)

deb: ## Make Debian packages in build/deb: arch=amd64, arch=arm64, or both
	@.ci/deps deb
	debian/build $(arch)

bench: ## Measure against the numbers to reach
	@.ci/deps bench
	@$(call optional,tests/bench/run)

test-system: ## Install the package in a virtual machine and try it there: arch=amd64 or arm64
	@.ci/deps system $(arch)
	debian/build $(or $(arch),amd64)
	tests/system/run $(addprefix --arch ,$(arch))

test-android: ## Test the Android companion, alone and with the daemon
	@.ci/deps android
	@$(call android,)

test-phone-e2e: ## Of these tests, those of the phone with the daemon
	@.ci/deps android
	@$(call android,--projects phone-e2e --also-make -Dtest='org/intercomd/phone/e2e/**/*Test' \
		-Dsurefire.failIfNoSpecifiedTests=false)

docs: ## Make man pages and shell completions in build/docs
	cargo run --quiet --locked --no-default-features --features docs --bin intercomd-docs -- $(docs)

yocto-crates: ## Write the Yocto layer's list of crates anew, after Cargo.lock has changed
	yocto-layer/crates >yocto-layer/recipes-connectivity/intercomd/intercomd-crates.inc

install: ## Install what `make build` made: DESTDIR= prefix=/usr
	@test -x $(release)/intercomd -a -x $(release)/intercomctl $(if $(media),-a -x $(release)/intercomd-media) || \
		{ echo "make install: no binaries in $(release); run \`make build\` first" >&2; exit 1; }
	@printf '%s\n' "$$FILES" | grep . | while read -r mode from to; do \
		install -D -m "$$mode" "$$from" "$(DESTDIR)$$to" || exit 1; done
	@sed -i 's|/usr/bin/|$(bindir)/|' $(DESTDIR)$(unitdir)/intercomd.service
	@test -e $(DESTDIR)$(sysconfdir)/intercomd/intercomd.toml || \
		install -D -m 644 config/intercomd.toml $(DESTDIR)$(sysconfdir)/intercomd/intercomd.toml
	@test -n "$(DESTDIR)" || printf '%s\n' 'Installed. Then, once:' \
		'  systemd-sysusers && systemd-tmpfiles --create intercomd.conf' \
		'  udevadm control --reload && udevadm trigger --subsystem-match=gpio' \
		'  systemctl reload dbus && systemctl daemon-reload && systemctl enable --now intercomd'

uninstall: ## Remove what `make install` installed; the configuration and the state stay
	@printf '%s\n' "$$FILES" | grep . | while read -r mode from to; do rm -f "$(DESTDIR)$$to"; done

clean: ## Remove what was built
	cargo clean
	rm -rf build

# $(call step,NAME,COMMAND) says which step failed and notes how long each took.
define step
@echo; echo "== $(1)"; began=$$(date +%s); \
	$(2) || { echo; echo "make: FAILED at: $(1)" >&2; exit 1; }; \
	mkdir -p build; printf '  %4d s  %s\n' $$(($$(date +%s) - began)) '$(1)' >>build/summary
endef

# $(call android,OPTIONS) tests the Android companion together with the daemon.
define android
	cargo build --locked && mvn --batch-mode --no-transfer-progress --file android/pom.xml \
		-Pe2e -Dintercomd.binaries=$(abspath $(target))/debug $(1) test
endef

optional = if [ -x $(1) ]; then exec $(1); else echo "$(1) is not there yet" >&2; exit 1; fi

define newline


endef

# MODE SOURCE DESTINATION, read by install and uninstall.
examples := $(wildcard config/examples/*.toml)
# Not $(wildcard), which remembers what was there before `make build install` made them.
made      = $(shell ls $(docs)/$(1) 2>/dev/null)
define FILES
755 $(release)/intercomd $(bindir)/intercomd
755 $(release)/intercomctl $(bindir)/intercomctl
$(if $(media),755 $(release)/intercomd-media $(libexecdir)/intercomd-media)
644 systemd/intercomd.service $(unitdir)/intercomd.service
644 systemd/intercomd.sysusers $(libdir)/sysusers.d/intercomd.conf
644 systemd/intercomd.tmpfiles $(libdir)/tmpfiles.d/intercomd.conf
644 systemd/60-intercomd-gpio.rules $(udevdir)/rules.d/60-intercomd-gpio.rules
644 config/dbus/org.intercomd1.conf $(dbusdir)/system.d/org.intercomd1.conf
644 config/dbus/org.intercomd1.xml $(dbusdir)/interfaces/org.intercomd1.xml
644 config/polkit/org.intercomd1.policy $(polkitdir)/actions/org.intercomd1.policy
644 config/polkit/50-intercomd.rules $(docdir)/examples/50-intercomd.rules
644 config/intercomd.toml $(docdir)/intercomd.toml
644 LICENSE-APACHE $(docdir)/LICENSE-APACHE
644 LICENSE-MIT $(docdir)/LICENSE-MIT
$(foreach f,$(examples),644 $(f) $(docdir)/examples/$(notdir $(f))$(newline))
$(foreach f,$(call made,*.[1-8]),644 $(f) $(mandir)/man$(subst .,,$(suffix $(f)))/$(notdir $(f))$(newline))
$(foreach f,$(call made,*.bash),644 $(f) $(datadir)/bash-completion/completions/$(basename $(notdir $(f)))$(newline))
$(foreach f,$(call made,_*),644 $(f) $(datadir)/zsh/vendor-completions/$(notdir $(f))$(newline))
$(foreach f,$(call made,*.fish),644 $(f) $(datadir)/fish/vendor_completions.d/$(notdir $(f))$(newline))
endef
export FILES
