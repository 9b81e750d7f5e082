# snowflake-mail: GNU make. Every knob below can be set on the command line or in the environment.

VERSION ?= 0.1.0
PREFIX ?= /usr/local
SYSCONFDIR ?= /etc
DATADIR ?= $(PREFIX)/share/snowflake-mail
DESTDIR ?=
SANITIZE ?=

ifeq ($(origin CXX),default)
CXX = g++
endif
PKG_CONFIG ?= pkg-config
MANDOC ?= mandoc
# A distribution replaces these; no -fcf-protection: it exists on x86 only.
CXXFLAGS ?= -O2 -g -fstack-protector-strong -fPIE
CPPFLAGS ?= -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
LDFLAGS ?= -pie -Wl,-z,relro,-z,now,--as-needed

# An instrumented build never meets objects of another one.
ifeq ($(SANITIZE),)
B = build/plain
else
B = build/sanitize-$(SANITIZE)
SANITIZER = -fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer
CPPFLAGS = -U_FORTIFY_SOURCE
endif
PROGRAM = $(B)/snowflake-mail

# `make V=1` shows whole commands.
Q = $(if $(V),,@echo '  $(1) $@';)

LIBRARIES = gmime-3.0 glib-2.0 libcurl jsoncpp
CLIENT_LIBRARIES = gmime-3.0 gio-unix-2.0 libsoup-3.0 jsoncpp
PACKAGES_BUILD = g++ pkg-config libgmime-3.0-dev libglib2.0-dev libcurl4-openssl-dev libjsoncpp-dev libsoup-3.0-dev ca-certificates python3
PACKAGES_CHECK = $(PACKAGES_BUILD) doctest-dev mandoc openssl util-linux
PACKAGES_BENCH = $(PACKAGES_BUILD) curl util-linux
PACKAGES_LINT = $(PACKAGES_CHECK) clang-format clang-tidy
PACKAGES_FUZZ = $(PACKAGES_BUILD) clang libclang-rt-14-dev

# -Wrestrict has a false alarm in g++ 12 (GCC bug 105651).
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wold-style-cast -Wno-restrict
# -isystem: GObject's cast macros would trip -Wold-style-cast thousands of times.
LIBRARY_FLAGS = $(patsubst -I%,-isystem %,$(shell $(PKG_CONFIG) --cflags $(LIBRARIES) $(CLIENT_LIBRARIES)))
ALL_CPPFLAGS = -DVERSION='"$(VERSION)"' -DSYSCONFDIR='"$(SYSCONFDIR)"' -DDATADIR='"$(DATADIR)"' -Isrc $(LIBRARY_FLAGS) $(CPPFLAGS)
ALL_CXXFLAGS = -std=c++20 $(WARNINGS) $(SANITIZER) $(CXXFLAGS)
LIBS = $(shell $(PKG_CONFIG) --libs $(1))

# The rooms: the filter's, with what both programs share; the recovery of damaged requests; the client's.
SOURCES = $(wildcard src/*.cc src/recover/*.cc)
CLIENT_SOURCES = $(wildcard src/client/*.cc)
UNIT_SOURCES = $(wildcard tests/*_test.cc tests/recover/*_test.cc tests/client/*_test.cc) tests/main.cc
OBJECTS = $(SOURCES:%.cc=$(B)/%.o)
CLIENT_OBJECTS = $(CLIENT_SOURCES:%.cc=$(B)/%.o)
UNIT_OBJECTS = $(UNIT_SOURCES:%.cc=$(B)/%.o)
MAIN = $(B)/src/main.o
CLIENT_MAIN = $(B)/src/client/client.o

all: snowflake-mail snowflake-mail-client

# The programs of the current settings at places that documents and tests can name.
snowflake-mail snowflake-mail-client: %: $(B)/% FORCE
	@cmp -s $< $@ || { cp $< $@.new && mv $@.new $@; }

# Archives, so that each program has only what it uses: the filter no HTTP server, the client no libcurl.
$(B)/modules.a: $(filter-out $(MAIN),$(OBJECTS))
	$(call Q,AR)rm -f $@ && $(AR) qcs $@ $^

$(B)/client.a: $(filter-out $(CLIENT_MAIN),$(CLIENT_OBJECTS))
	$(call Q,AR)rm -f $@ && $(AR) qcs $@ $^

$(B)/snowflake-mail: $(MAIN) $(B)/modules.a
	$(call Q,LINK)$(CXX) $(ALL_CXXFLAGS) $(LDFLAGS) -o $@ $^ $(call LIBS,$(LIBRARIES))

$(B)/snowflake-mail-client: $(CLIENT_MAIN) $(B)/client.a $(B)/modules.a
	$(call Q,LINK)$(CXX) $(ALL_CXXFLAGS) $(LDFLAGS) -o $@ $^ $(call LIBS,$(CLIENT_LIBRARIES))

$(B)/unit-tests: $(UNIT_OBJECTS) $(B)/client.a $(B)/modules.a
	$(call Q,LINK)$(CXX) $(ALL_CXXFLAGS) $(LDFLAGS) -o $@ $^ $(call LIBS,$(LIBRARIES) $(CLIENT_LIBRARIES))

$(B)/%.o: %.cc $(B)/flags
	$(call Q,CXX)$(CXX) $(ALL_CPPFLAGS) $(ALL_CXXFLAGS) -MMD -MP -c -o $@ $<

# Changes when the flags do, and so rebuilds everything.
$(B)/flags: FORCE
	@mkdir -p $(sort $(dir $(OBJECTS) $(CLIENT_OBJECTS) $(UNIT_OBJECTS)))
	@echo '$(subst ','\'',$(CXX) $(ALL_CPPFLAGS) $(ALL_CXXFLAGS) $(LDFLAGS))' > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@

-include $(OBJECTS:.o=.d) $(CLIENT_OBJECTS:.o=.d) $(UNIT_OBJECTS:.o=.d) $(B)/tests/fuzz.d

# --- using it

# A mail may come at any moment: the program is replaced in one step.
install: all
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(DATADIR)/help"
	for section in 1 5 7 8; do install -d "$(DESTDIR)$(PREFIX)/share/man/man$$section"; done
	for program in snowflake-mail snowflake-mail-client; do \
	    install -m 755 $$program "$(DESTDIR)$(PREFIX)/bin/$$program.new" && \
	    mv "$(DESTDIR)$(PREFIX)/bin/$$program.new" "$(DESTDIR)$(PREFIX)/bin/$$program" || exit 1; \
	done
	for page in man/*.[1578]; do install -m 644 $$page "$(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/"; done
	install -m 644 contrib/help/*.txt "$(DESTDIR)$(DATADIR)/help/"

uninstall:
	rm -f "$(DESTDIR)$(PREFIX)/bin/snowflake-mail" "$(DESTDIR)$(PREFIX)/bin/snowflake-mail-client"
	for page in man/*.[1578]; do rm -f "$(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$${page#man/}"; done
	rm -rf "$(DESTDIR)$(DATADIR)"

# The proxy and its network (iproute2) may be missing: then the demo says so.
demo:
	@contrib/debian-packages $(PACKAGES_BUILD)
	@contrib/debian-packages iproute2 2>/dev/null || :
	@contrib/demo/get-proxy build/demo || :
	@$(MAKE) --no-print-directory -j$$(nproc) snowflake-mail
	@contrib/demo/demo ./snowflake-mail

# --- testing it: each part prints "N passed, N failed, N skipped", tests/run adds them up

PARTS = unit tree mail tls client corpus manglings bounces bounds failures manual state installation postfix exim procmail opensmtpd dovecot qmail privacy snowflake

check:
	@contrib/debian-packages $(PACKAGES_CHECK)
	@$(MAKE) --no-print-directory -j$$(nproc) check-built

check-built: $(PROGRAM) $(PROGRAM)-client $(B)/unit-tests
	@PROGRAM=$(PROGRAM) UNIT_TESTS=$(B)/unit-tests tests/run $(PARTS)

check-%: $(PROGRAM) $(PROGRAM)-client $(B)/unit-tests
	@PROGRAM=$(PROGRAM) UNIT_TESTS=$(B)/unit-tests tests/run $*

# Prints how long it takes, beside other programs and by part, and how late an answer may come. Nothing fails for being slow.
bench:
	@contrib/debian-packages $(PACKAGES_BENCH)
	@$(MAKE) --no-print-directory -j$$(nproc) $(PROGRAM) $(PROGRAM)-client
	@tests/bench-run $(PROGRAM)
	@tests/bench-snowflake --program $(PROGRAM)

FUZZ_SECONDS ?= 60
FUZZ_SEEDS ?= tests/corpus
FUZZ_FLAGS ?=

# What is found (crash-*, timeout-*) stays in the build directory, as do the inputs that reached something new.
fuzz:
	@contrib/debian-packages $(PACKAGES_FUZZ)
	@$(MAKE) --no-print-directory CXX="clang++ -fno-sanitize-coverage=trace-cmp" SANITIZE=fuzzer,address,undefined fuzz-built

fuzz-built: $(B)/fuzz
	@mkdir -p $(B)/inputs
	$(B)/fuzz -max_total_time=$(FUZZ_SECONDS) -max_len=8000 -timeout=10 -rss_limit_mb=1024 -artifact_prefix=$(B)/ $(FUZZ_FLAGS) $(B)/inputs $(FUZZ_SEEDS)

$(B)/fuzz: $(B)/tests/fuzz.o $(B)/modules.a
	$(call Q,LINK)$(CXX) $(ALL_CXXFLAGS) $(LDFLAGS) -o $@ $^ $(call LIBS,$(LIBRARIES))

lint:
	@contrib/debian-packages $(PACKAGES_LINT)
	@clang-format --dry-run --Werror src/*.cc src/*.hh src/*/*.cc src/*/*.hh tests/*.cc tests/*.hh tests/*/*.cc
	@$(MANDOC) -T lint -W warning man/*.[1578]
	@clang-tidy --quiet $(SOURCES) $(CLIENT_SOURCES) -- -std=c++20 $(ALL_CPPFLAGS) 2>/dev/null

dist:
	git archive --prefix=snowflake-mail-$(VERSION)/ -o snowflake-mail-$(VERSION).tar.gz HEAD

clean:
	rm -rf build snowflake-mail snowflake-mail-client

FORCE:
.PHONY: all install uninstall demo check check-built bench fuzz fuzz-built lint dist clean FORCE
.DELETE_ON_ERROR:
