/* A host and its resolver, as seen from between them; what is told piles up as lines. */
#ifndef TESTS_RESOLVE_SCENE_H
#define TESTS_RESOLVE_SCENE_H

#include <stdio.h>

#include "detect/resolve.h"
#include "tests/counted.h"
#include "tests/dns_make.h"
#include "tests/suite.h"

#define DISPATCH "messenger.hotmail.com"
#define GATEWAY  "gateway.messenger.hotmail.com"

/* Compares what was told since the last time, lines without the last one's end. */
#define EXPECT(scene, want)                                    \
	do {                                                   \
		CU_ASSERT_STRING_EQUAL((scene)->told, (want)); \
		(scene)->told[0] = '\0';                       \
	} while (0)

struct scene {
	struct resolve *r;
	struct names *names;
	struct tuple t;
	int64_t now;
	unsigned flags; /* added to every message's */
	bool cut;       /* answers lack their last record */
	struct {
		const char *name;
		int type;
	} asked[8]; /* by id, last */
	struct resolve_news news;
	char told[512];
};

static inline struct addr
at(const char *text)
{
	struct addr a;

	if (!addr_parse(text, &a))
		abort();
	return a;
}

static inline struct scene
scene_sized(const char *const *sinkholes, size_t lookups, size_t addresses)
{
	struct scene s = {
	    .t = {{at("192.168.1.77"), 46090}, {at("192.168.1.1"), 53}},
	    .now = 1000 * NS_PER_S,
	};
	struct resolve_opts opts = {
	    .sinkholes = sinkholes, .lookups = lookups, .addresses = addresses};
	struct err e = {""};

	if (names_open(&s.names, &e) != 0)
		abort();
	opts.names = s.names;
	if (resolve_open(&s.r, &opts, &e) != 0)
		abort();
	return s;
}

static inline struct scene
scene_open(const char *const *sinkholes)
{
	return scene_sized(sinkholes, 64, 64);
}

static inline void
scene_close(struct scene *s)
{
	CU_ASSERT_STRING_EQUAL(s->told, "");
	resolve_close(s->r);
	names_close(s->names);
}

static inline void
tell_line(struct scene *s)
{
	static const char *const told[] = {"asked", "answered", "sinkholed"};
	static const char *const verdict[] = {"", "", " sinkhole", " loopback",
	    " unspecified", " nxdomain", " refused", " nodata"};
	size_t n = strlen(s->told);
	char address[ADDR_TEXT_MAX + 1] = "";

	if (s->news.told != RESOLVE_ASKED) {
		address[0] = ' ';
		(void)addr_text(&s->news.addr, address + 1);
	}
	(void)snprintf(s->told + n, sizeof(s->told) - n, "%s%s %s%s%s", n ? "\n" : "",
	    told[s->news.told], s->news.name, verdict[s->news.verdict], address);
}

static inline void
pass(struct scene *s, int64_t seconds)
{
	s->now = seconds == INT64_MAX ? seconds : s->now + seconds * NS_PER_S;
	while (resolve_expire(s->r, s->now, &s->news))
		tell_line(s);
}

static inline void
take(struct scene *s, const struct dns_make *m)
{
	struct dns_message read;

	if (dns_message(made(m), &read) != 1)
		abort();
	pass(s, 0);
	if (resolve_message(s->r, &s->t, &read, s->now, &s->news))
		tell_line(s);
}

static inline void
ask(struct scene *s, unsigned id, const char *name, int type)
{
	struct dns_make m;

	s->asked[id].name = name;
	s->asked[id].type = type;
	make_message(&m, id, DNS_QUERY ^ s->flags, name, type);
	take(s, &m);
}

/* Answers the last question of that id with addresses, given with blanks between. */
static inline void
answer(struct scene *s, unsigned id, unsigned rcode, const char *addresses)
{
	char one[ADDR_TEXT_MAX];
	struct dns_make m;
	size_t n;

	make_message(&m, id, (DNS_ANSWER ^ s->flags) + rcode, s->asked[id].name,
	    s->asked[id].type);
	for (; *addresses != '\0'; addresses += n + (addresses[n] == ' ')) {
		n = bytes_find(bytes_str(addresses), ' ');
		(void)snprintf(one, sizeof(one), "%.*s", (int)n, addresses);
		make_address(&m, NULL, one);
	}
	m.v[7] = (uint8_t)(m.v[7] + s->cut);
	take(s, &m);
}

static inline const struct resolved *
known(struct scene *s, const char *address)
{
	struct addr a = at(address);

	return resolve_address(s->r, &s->t.client.addr, &a, s->now);
}

static inline uint64_t
counted(const struct scene *s, const char *name)
{
	struct counters c = {.n = 0};

	resolve_counters(s->r, &c);
	return counter_of(&c, name);
}

#endif
