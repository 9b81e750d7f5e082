# snowflake-mail: GNU make. Each knob (?=) can be set on the command line or in the environment.

VERSION ?= 0.1.0
PREFIX ?= /usr/local
SYSCONFDIR ?= /etc
DATADIR ?= $(PREFIX)/share/snowflake-mail
DESTDIR ?=
# `make PROGRAMS=snowflake-mail` makes and installs the service alone, without libmicrohttpd.
PROGRAMS ?= snowflake-mail snowflake-mail-client
SANITIZE ?=
TARGET ?= mail

ifeq ($(origin CXX),default)
CXX = g++
endif
PKG_CONFIG ?= pkg-config
MANDOC ?= mandoc
# `make STRIP= install` keeps the symbols, for a package that strips by itself.
STRIP ?= strip

# An instrumented build never meets objects of another one.
ifeq ($(SANITIZE),)
B = build/plain
SANITIZER =
CPPFLAGS ?= -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
else
B = build/sanitize-$(SANITIZE)
SANITIZER = -fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer
CPPFLAGS ?= -U_FORTIFY_SOURCE
endif
# A distribution replaces these; no -fcf-protection: it exists on x86 only.
CXXFLAGS ?= -O2 -g -fstack-protector-strong -fPIE
LDFLAGS ?= -pie -Wl,-z,relro,-z,now,--as-needed
PROGRAM = $(B)/snowflake-mail

# `make V=1` shows whole commands.
V ?=
Q = $(if $(V),,@echo '  $(1) $@';)

# What the service needs, and what its client needs: neither is built with the other's.
# LATE_LIBRARIES are loaded when a mail needs them (src/late_library.hh).
# `make SECCOMP=` does without libseccomp, for a system that has none: the process that reads a mail
# can then reach the network, and `snowflake-mail --check` says so.
SECCOMP ?= libseccomp
LIBRARIES = gmime-3.0 gio-2.0 glib-2.0 jsoncpp $(SECCOMP)
LATE_LIBRARIES = libcurl libpsl sqlite3
CLIENT_LIBRARIES = gmime-3.0 gio-2.0 glib-2.0 libmicrohttpd jsoncpp $(SECCOMP)
PACKAGES_BUILD = g++ pkg-config libgmime-3.0-dev libglib2.0-dev libcurl4-openssl-dev \
    libjsoncpp-dev libseccomp-dev libpsl-dev libsqlite3-dev
PACKAGES_CLIENT = libmicrohttpd-dev
PACKAGES_DEMO = $(PACKAGES_BUILD) python3
PACKAGES_CHECK = $(PACKAGES_BUILD) $(PACKAGES_CLIENT) doctest-dev python3 mandoc bsdextrautils \
    ca-certificates e2fsprogs iproute2 netbase openssl util-linux gpg gpg-agent sqop mmdebstrap
# The programs themselves are installed into throwaway roots.
PACKAGES_PROGRAMS = $(PACKAGES_BUILD) $(PACKAGES_CLIENT) python3 ca-certificates util-linux
PACKAGES_BENCH = $(PACKAGES_BUILD) $(PACKAGES_CLIENT) python3 python3-requests curl openssl \
    procmail util-linux gpg gpg-agent valgrind gnuplot-nox
PACKAGES_LINT = $(PACKAGES_BUILD) $(PACKAGES_CLIENT) clang-format clang-tidy mandoc shellcheck
PACKAGES_FUZZ = $(PACKAGES_BUILD) $(PACKAGES_CLIENT) clang libclang-rt-dev
PACKAGES_COVERAGE = $(PACKAGES_CHECK) gcovr
PACKAGES_DEB = $(PACKAGES_BUILD) $(PACKAGES_CLIENT) build-essential debhelper dh-apparmor
PACKAGES_PACKAGE = $(PACKAGES_DEB) apparmor lintian mmdebstrap python3

# The variable $(1) runs the command $(2) at its first use and keeps the result. So pkg-config runs
# once, and not for a program that is not built.
once = $(eval $(1) := $(shell $(2)))$($(1))
LIBRARY_FLAGS = $(call once,LIBRARY_FLAGS,$(PKG_CONFIG) --cflags $(LIBRARIES) $(LATE_LIBRARIES))
CLIENT_LIBRARY_FLAGS = $(call once,CLIENT_LIBRARY_FLAGS,$(PKG_CONFIG) --cflags $(CLIENT_LIBRARIES))
# At each start names are looked up in one library after the other, in this order. Most are of the
# two that come first.
LIBS = -lstdc++ -lc $(call once,OTHER_LIBS,$(PKG_CONFIG) --libs $(LIBRARIES))
CLIENT_LIBS = $(call once,CLIENT_LIBS,$(PKG_CONFIG) --libs $(CLIENT_LIBRARIES))

# -Wrestrict, which clang does not know, has a false alarm in g++ 12 (GCC bug 105651).
NO_RESTRICT = $(call once,NO_RESTRICT,$(CXX) --version | grep -q clang || echo -Wno-restrict)
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wold-style-cast $(NO_RESTRICT)
# The target's path tells with whose libraries it is compiled.
# -isystem: GObject's cast macros would trip -Wold-style-cast thousands of times.
ROOM_FLAGS = $(patsubst -I%,-isystem %,\
    $(if $(findstring /client/,$@),$(CLIENT_LIBRARY_FLAGS),$(LIBRARY_FLAGS)))
ALL_CPPFLAGS = -DVERSION='"$(VERSION)"' -DSYSCONFDIR='"$(SYSCONFDIR)"' \
    -DDATADIR='"$(DATADIR)"' $(if $(SECCOMP),,-DNO_SECCOMP) -Isrc $(ROOM_FLAGS) $(CPPFLAGS)
ALL_CXXFLAGS = -std=c++20 $(WARNINGS) $(SANITIZER) $(CXXFLAGS)
COMPILE = $(CXX) $(ALL_CPPFLAGS) $(ALL_CXXFLAGS)
LINK = $(CXX) $(ALL_CXXFLAGS) $(LDFLAGS)

# The service, with what both programs share, and the recovery of damaged requests; the client.
SOURCES = $(wildcard src/*.cc src/recover/*.cc src/openpgp/*.cc)
CLIENT_SOURCES = $(wildcard src/client/*.cc)
UNIT_SOURCES = $(wildcard tests/*_test.cc tests/recover/*_test.cc tests/openpgp/*_test.cc) \
    tests/main.cc
CLIENT_UNIT_SOURCES = $(wildcard tests/client/*_test.cc)
OBJECTS = $(SOURCES:%.cc=$(B)/%.o)
CLIENT_OBJECTS = $(CLIENT_SOURCES:%.cc=$(B)/%.o)
UNIT_OBJECTS = $(UNIT_SOURCES:%.cc=$(B)/%.o)
CLIENT_UNIT_OBJECTS = $(CLIENT_UNIT_SOURCES:%.cc=$(B)/%.o)
FUZZ_OBJECT = $(B)/tests/fuzz/$(TARGET).o
FUZZ_OBJECTS = $(patsubst %.cc,$(B)/%.o,$(wildcard tests/fuzz/*.cc))
ALL_OBJECTS = $(OBJECTS) $(CLIENT_OBJECTS) $(UNIT_OBJECTS) $(CLIENT_UNIT_OBJECTS) $(FUZZ_OBJECTS)
MAIN = $(B)/src/main.o
CLIENT_MAIN = $(B)/src/client/client.o

# What the two web pages have in common; a language is a file.
PAGE_PARTS = $(wildcard src/page/* src/page/words/*)
TEST_PAGE = build/test-page/index.html

all: $(PROGRAMS) $(TEST_PAGE)

# The programs of the current settings at places that documents and tests can name.
snowflake-mail snowflake-mail-client: %: $(B)/% FORCE
	@cmp -s $< $@ || { cp $< $@.new && mv $@.new $@; }

# Archives, so that each program has only what it uses: the service no HTTP server, the client no
# libcurl.
$(B)/modules.a: $(filter-out $(MAIN),$(OBJECTS)) $(B)/english.o
	$(call Q,AR)rm -f $@ && $(AR) qcs $@ $^

$(B)/client.a: $(filter-out $(CLIENT_MAIN),$(CLIENT_OBJECTS)) $(B)/client/page_html.o
	$(call Q,AR)rm -f $@ && $(AR) qcs $@ $^

$(B)/snowflake-mail: $(MAIN) $(B)/modules.a
	$(call Q,LINK)$(LINK) -o $@ $^ $(LIBS)

$(B)/snowflake-mail-client: $(CLIENT_MAIN) $(B)/client.a $(B)/modules.a
	$(call Q,LINK)$(LINK) -o $@ $^ $(CLIENT_LIBS)

$(B)/unit-tests: $(UNIT_OBJECTS) $(CLIENT_UNIT_OBJECTS) $(B)/client.a $(B)/modules.a
	$(call Q,LINK)$(LINK) -o $@ $^ $(LIBS) $(CLIENT_LIBS)

$(B)/%.o: %.cc
	$(call Q,CXX)$(COMPILE) -MMD -MP -c -o $@ $<

# The English sentences are built in, for a service whose files are lost.
$(B)/english.cc: contrib/help/en.txt $(B)/flags
	$(call Q,TEXT){ echo 'extern const char english_sentences[];'; \
	    printf 'const char english_sentences[] = R"TEXT('; cat $<; echo ')TEXT";'; } > $@

$(B)/english.o: $(B)/english.cc
	$(call Q,CXX)$(COMPILE) -c -o $@ $<

# The client's page is built in too.
$(B)/client/page.html: src/client/page.html $(PAGE_PARTS) $(B)/client/flags
	$(call Q,PAGE)src/page/assemble $< > $@

$(B)/client/page_html.cc: $(B)/client/page.html
	$(call Q,TEXT){ echo 'extern const char page_html_text[];'; \
	    printf 'const char page_html_text[] = R"TEXT('; cat $<; echo ')TEXT";'; } > $@

# No compiler here minds a string of more than 65,536 octets, but clang++ says that others may.
$(B)/client/page_html.o: $(B)/client/page_html.cc
	$(call Q,CXX)$(COMPILE) -Wno-overlength-strings -c -o $@ $<

$(TEST_PAGE): contrib/test-page/page.html $(PAGE_PARTS)
	@mkdir -p $(@D)
	$(call Q,PAGE)src/page/assemble $< > $@

# These change when the flags do, and so rebuild everything.
$(OBJECTS) $(UNIT_OBJECTS) $(FUZZ_OBJECTS): $(B)/flags
$(CLIENT_OBJECTS) $(CLIENT_UNIT_OBJECTS): $(B)/client/flags

$(B)/flags $(B)/client/flags: FORCE
	@mkdir -p $(@D) $(sort $(dir $(ALL_OBJECTS)))
	@echo '$(subst ','\'',$(COMPILE) $(LDFLAGS))' > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@

-include $(ALL_OBJECTS:.o=.d)

# --- using it

# The manual pages name the usual places; installed, they name the real ones.
REAL_PLACES = sed -e 's|/usr/local/bin/|$(PREFIX)/bin/|g' \
    -e 's|/usr/local/share/snowflake-mail|$(DATADIR)|g' \
    -e 's|/etc/snowflake-mail\.conf|$(SYSCONFDIR)/snowflake-mail.conf|g'

# Shells look for completion here.
COMPLETION_BASH ?= $(PREFIX)/share/bash-completion/completions
COMPLETION_ZSH ?= $(PREFIX)/share/zsh/site-functions
COMPLETED = $(PROGRAMS) $(if $(filter snowflake-mail,$(PROGRAMS)),snowflake-mail-setup)

# A mail may come at any moment: the program is replaced in one step.
install: all $(TEST_PAGE)
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(DATADIR)/help" \
	    "$(DESTDIR)$(DATADIR)/test-page"
	for section in 1 5 7 8; do \
	    install -d "$(DESTDIR)$(PREFIX)/share/man/man$$section" || exit 1; \
	done
	for program in $(PROGRAMS); do \
	    to="$(DESTDIR)$(PREFIX)/bin/$$program"; \
	    install -m 755 $$program "$$to.new" && \
	    $(if $(STRIP),$(STRIP) "$$to.new" &&) \
	    mv "$$to.new" "$$to" || { rm -f "$$to.new"; exit 1; }; \
	done
	if [ -n "$(filter snowflake-mail,$(PROGRAMS))" ]; then \
	    install -d "$(DESTDIR)$(PREFIX)/sbin" && \
	    to="$(DESTDIR)$(PREFIX)/sbin/snowflake-mail-setup" && \
	    $(REAL_PLACES) contrib/setup/snowflake-mail-setup >"$$to.new" && \
	    chmod 755 "$$to.new" && mv "$$to.new" "$$to"; \
	fi
	for page in man/*.[1578]; do \
	    to="$(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$${page#man/}"; \
	    $(REAL_PLACES) $$page >"$$to.new" && \
	    chmod 644 "$$to.new" && mv "$$to.new" "$$to" || exit 1; \
	done
	install -m 644 contrib/help/*.txt "$(DESTDIR)$(DATADIR)/help/"
	install -d "$(DESTDIR)$(COMPLETION_BASH)" "$(DESTDIR)$(COMPLETION_ZSH)"
	install -m 644 contrib/completion/zsh/_snowflake-mail "$(DESTDIR)$(COMPLETION_ZSH)/"
	for program in $(COMPLETED); do \
	    install -m 644 contrib/completion/bash/snowflake-mail \
	        "$(DESTDIR)$(COMPLETION_BASH)/$$program" || exit 1; \
	done
	install -m 644 $(TEST_PAGE) "$(DESTDIR)$(DATADIR)/test-page/"

uninstall:
	rm -f "$(DESTDIR)$(PREFIX)/bin/snowflake-mail" "$(DESTDIR)$(PREFIX)/bin/snowflake-mail-client"
	rm -f "$(DESTDIR)$(PREFIX)/sbin/snowflake-mail-setup"
	for program in snowflake-mail snowflake-mail-client snowflake-mail-setup; do \
	    rm -f "$(DESTDIR)$(COMPLETION_BASH)/$$program"; \
	done
	rm -f "$(DESTDIR)$(COMPLETION_ZSH)/_snowflake-mail"
	for page in man/*.[1578]; do \
	    rm -f "$(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$${page#man/}"; \
	done
	rm -rf "$(DESTDIR)$(DATADIR)"

# As many jobs as there are processors, unless the user has said how many.
JOBS = --no-print-directory $(if $(filter -j%,$(MAKEFLAGS)),,-j$$(nproc))

# The proxy and its network (iproute2) may be missing: then the demo says so.
demo:
	@contrib/debian-packages $(PACKAGES_DEMO)
	@contrib/debian-packages iproute2 2>/dev/null || :
	@contrib/demo/get-proxy build/demo || :
	@$(MAKE) $(JOBS) snowflake-mail
	@contrib/demo/demo ./snowflake-mail

# Debian packages, in build/deb; who gives them away names himself in them.
MAINTAINER ?= snowflake-mail authors <snowflake-mail@example.org>
deb:
	@contrib/debian-packages $(PACKAGES_DEB)
	@contrib/debian/make-packages '$(VERSION)' '$(MAINTAINER)'
	@ls build/deb/*.deb

# --- testing it: each part prints "N passed, N failed, N skipped", tests/run adds them up

PARTS = unit tree mail tls client corpus reports manglings bounces bounds confinement failures \
    peers manual state openpgp installation make completion release setup postfix exim procmail \
    opensmtpd dovecot qmail imap authentication hosts container monitoring privacy page snowflake \
    webmail deltachat neomutt

check:
	@contrib/debian-packages $(PACKAGES_CHECK)
	@$(MAKE) $(JOBS) check-built

# What differs between Debian's releases, in a clean root of each; RELEASES="trixie" for one.
RELEASES ?=
check-releases:
	@contrib/debian-packages mmdebstrap
	@tests/releases $(RELEASES)

# The Debian packages, made, looked at by lintian, and installed in a clean root of this release.
check-package:
	@contrib/debian-packages $(PACKAGES_PACKAGE)
	@tests/run-package

# One part.
check-%:
	@contrib/debian-packages $(PACKAGES_CHECK)
	@$(MAKE) $(JOBS) PARTS=$* check-built

# The fuzz targets are compiled too, so that none falls behind.
check-built: $(PROGRAM) $(PROGRAM)-client $(B)/unit-tests $(FUZZ_OBJECTS) $(TEST_PAGE)
	@PROGRAM=$(PROGRAM) UNIT_TESTS=$(B)/unit-tests tests/run $(PARTS)

# Real mail programs: up to half an hour, and many packages. WHICH names some.
WHICH ?=
check-programs:
	@contrib/debian-packages $(PACKAGES_PROGRAMS)
	@$(MAKE) $(JOBS) $(PROGRAM) $(PROGRAM)-client
	@tests/run-programs --program $(PROGRAM) $(WHICH)

# Prints what a mail costs, beside other programs, by size, through Postfix and in instructions, and
# how late an answer may come. Takes a quarter of an hour; nothing fails for being slow.
bench:
	@contrib/debian-packages $(PACKAGES_BENCH)
	@$(MAKE) $(JOBS) $(PROGRAM) $(PROGRAM)-client
	@tests/bench-run --program $(PROGRAM)
	@tests/bench-size --program $(PROGRAM)
	@tests/bench-postfix --program $(PROGRAM)
	@tests/bench-openpgp $(PROGRAM)
	@$(MAKE) $(JOBS) B=build/callgrind CPPFLAGS='-U_FORTIFY_SOURCE -DINSTRUMENTED' \
	    build/callgrind/snowflake-mail
	@tests/bench-instructions --program build/callgrind/snowflake-mail
	@tests/bench-snowflake --program $(PROGRAM)

# `make fuzz TARGET=auth` fuzzes what tests/fuzz/auth.cc does, from the seeds in tests/fuzz/seeds.
FUZZ_SECONDS ?= 60
FUZZ_SEEDS ?= $(wildcard $(if $(filter mail,$(TARGET)),tests/corpus,tests/fuzz/seeds/$(TARGET)))
FUZZ_FLAGS ?=

# What is found (TARGET-crash-*, TARGET-timeout-*) stays in the build directory, and so do the
# inputs that reached something new.
fuzz:
	@contrib/debian-packages $(PACKAGES_FUZZ)
	@$(MAKE) $(JOBS) CXX="clang++ -fno-sanitize-coverage=trace-cmp" \
	    SANITIZE=fuzzer,address,undefined fuzz-built

fuzz-built: $(B)/fuzz-$(TARGET)
	@mkdir -p $(B)/inputs/$(TARGET)
	$(B)/fuzz-$(TARGET) -max_total_time=$(FUZZ_SECONDS) -max_len=8000 -timeout=10 \
	    -rss_limit_mb=1024 -artifact_prefix=$(B)/$(TARGET)- $(FUZZ_FLAGS) $(B)/inputs/$(TARGET) \
	    $(FUZZ_SEEDS)

$(B)/fuzz-$(TARGET): $(FUZZ_OBJECT) $(B)/client.a $(B)/modules.a
	$(call Q,LINK)$(LINK) -o $@ $^ $(LIBS) $(CLIENT_LIBS)

# Which lines and branches of src the unit tests and run-mail reach. A branch that only an exception
# takes isn't counted.
coverage:
	@contrib/debian-packages $(PACKAGES_COVERAGE)
	@$(MAKE) $(JOBS) B=build/coverage CPPFLAGS=-DCOVERAGE \
	    CXXFLAGS='-O0 -g --coverage -fprofile-update=atomic -fPIE' coverage-built

coverage-built: $(PROGRAM) $(PROGRAM)-client $(B)/unit-tests
	@find $(B) -name '*.gcda' -delete
	@PROGRAM=$(PROGRAM) UNIT_TESTS=$(B)/unit-tests tests/run unit mail
	@gcovr --root . --filter src/ $(B)
	@gcovr --root . --filter src/ --branches --exclude-throw-branches --print-summary $(B)

lint:
	@contrib/debian-packages $(PACKAGES_LINT)
	@clang-format --dry-run --Werror src/*.cc src/*.hh src/*/*.cc src/*/*.hh \
	    tests/*.cc tests/*.hh tests/*/*.cc tests/*/*.hh
	@$(MANDOC) -T lint -W warning man/*.[1578]
	@shellcheck $$(grep -rlI '^#!/bin/sh' .ci contrib tests)
	@$(MAKE) $(JOBS) --keep-going --output-sync tidy

tidy: $(SOURCES:%.cc=$(B)/%.tidy) $(CLIENT_SOURCES:%.cc=$(B)/%.tidy)

$(B)/%.tidy: %.cc
	$(call Q,TIDY)said=$$(clang-tidy --quiet $< -- -std=c++20 $(ALL_CPPFLAGS) 2>&1) || \
	    { printf '%s\n' "$$said"; exit 1; }

# The same commit makes the same octets, whoever packs it, where and when: git takes the times from
# the commit, and the rest from here instead of the user's own settings.
ARCHIVE = snowflake-mail-$(VERSION).tar
ARCHIVE_AS = -c tar.umask=0022 -c core.autocrlf=false -c core.attributesFile=/dev/null

dist:
	@git ls-files --error-unmatch Makefile >/dev/null || \
	    { echo 'dist: this needs a git clone: it packs the last commit' >&2; exit 1; }
	@[ -z "$$(git status --porcelain .)" ] || \
	    { echo 'dist: not all of this is committed:' >&2; git status --short . >&2; exit 1; }
	git $(ARCHIVE_AS) archive --format=tar --prefix=snowflake-mail-$(VERSION)/ \
	    -o $(ARCHIVE).new HEAD && gzip -9 -n <$(ARCHIVE).new >$(ARCHIVE).gz || \
	    { rm -f $(ARCHIVE).new $(ARCHIVE).gz; exit 1; }
	@rm $(ARCHIVE).new

clean:
	rm -rf build snowflake-mail snowflake-mail-client

FORCE:
.PHONY: all install uninstall demo deb check check-built check-programs check-releases \
    check-package bench fuzz \
    fuzz-built coverage coverage-built lint tidy dist clean FORCE
.DELETE_ON_ERROR:
