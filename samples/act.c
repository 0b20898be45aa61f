/* The statements that say what happens: at and every, and what hosts do. */
#include <stdio.h>

#include "samples/act.h"

enum { ORDINARY = 1 }; /* may happen again and again */

static const struct verb {
	const char *name;
	const char *keys; /* those it understands, one blank on each side */
	int (*play)(struct reader *r, const struct order *o, int64_t t);
	unsigned flags;
} verbs[] = {
    {"signin", " client over to via redirect reach login result by misled-by ",
	act_signin, 0},
    {"signout", " as ", act_signout, 0},
    {"vanish", " as ", act_vanish, 0},
    {"chat", " with as messages for quoting ", act_chat, 0},
    {"talk", " to ", act_talk, 0},
    {"lookup", " answer by unasked raced-by ", act_lookup, ORDINARY},
    {"knock", " to result by addresses ", act_knock, ORDINARY},
    {"icmp", " to as result by ", act_icmp, 0},
    {"web", " to pages size quoting ", act_noise, ORDINARY},
    {"post", " to size quoting ", act_noise, ORDINARY},
    {"mail", " to size quoting ", act_noise, ORDINARY},
    {"pop", " to mails size quoting ", act_noise, ORDINARY},
    {"ssh", " to keys ", act_noise, ORDINARY},
    {"tls", " to size ", act_noise, ORDINARY},
    {"download", " to size ", act_noise, ORDINARY},
};

static const struct verb *
take_verb(struct reader *r)
{
	const char *names[sizeof(verbs) / sizeof(verbs[0])];
	size_t i, n = sizeof(verbs) / sizeof(verbs[0]);
	int v;

	for (i = 0; i < n; i++)
		names[i] = verbs[i].name;
	v = reader_choice(r, "what the host does", names, n);
	return v < 0 ? NULL : &verbs[v];
}

/* "pc1" or "pc1,pc7" or "pc1-pc30": the next host of the list, from *list on. */
static int
next_host(struct reader *r, char **list, struct node **out, struct node **last)
{
	char name[2 * NODE_NAME_MAX];
	size_t n = strcspn(*list, ",");
	char *dash;

	(void)snprintf(name, sizeof(name), "%.*s",
	    (int)(n < sizeof(name) ? n : sizeof(name) - 1), *list);
	*list += n + ((*list)[n] == ',');
	*out = *last = reader_find(r, name);
	if (*out != NULL)
		return 0;
	dash = strchr(name, '-');
	if (dash != NULL) {
		*dash = '\0';
		*out = reader_find(r, name);
		*last = reader_find(r, dash + 1);
	}
	if (*out == NULL || *last == NULL || *last < *out)
		return reader_fail(r,
		    "expected a host, or hosts such as pc1,pc2 or pc1-pc9, found '%s'",
		    name);
	return 0;
}

static int
occurrences(struct reader *r, const struct order *o, const struct when *when)
{
	int64_t t;

	if (when->period == 0)
		return o->verb->play(r, o, when->from);
	for (t = when->from; t < when->until; t += when->period)
		if (o->verb->play(r, o,
			t + when->period / 1000 * rng_below(&r->w->net.rng, 1000)) != 0)
			return -1;
	return 0;
}

static int
play(struct reader *r, struct order *o, char *list, const struct when *when)
{
	struct node *n, *last;

	while (*list != '\0') {
		if (next_host(r, &list, &n, &last) != 0)
			return -1;
		for (; n <= last; n++) {
			o->host = n;
			if (occurrences(r, o, when) != 0)
				return -1;
		}
	}
	return 0;
}

static int
act(struct reader *r, const struct when *when)
{
	const struct word *hosts = reader_take(r, "a host");
	struct order o = {.count = 1, .size = 4000, .span = 60 * NET_S};

	o.verb = hosts == NULL ? NULL : take_verb(r);
	if (o.verb == NULL)
		return -1;
	if (when->period != 0 && !(o.verb->flags & ORDINARY))
		return reader_fail(r,
		    "expected something ordinary after every, found '%s'", o.verb->name);
	o.what = o.verb->name;
	if (order_keys(r, &o, o.verb->keys) != 0)
		return -1;
	return play(r, &o, hosts->s, when);
}

static int
act_at(struct reader *r)
{
	struct when when = {0};

	if (reader_time(r, &when.from) != 0)
		return -1;
	r->last = when.from;
	return act(r, &when);
}

static int
act_every(struct reader *r)
{
	struct when when = {0};

	if (reader_span(r, &when.period) != 0 ||
	    reader_times(r, &when.from, &when.until) != 0)
		return -1;
	if (when.period < 10 * NET_MS)
		return reader_fail(r, "expected a period of at least 10ms");
	return act(r, &when);
}

bool
act_statement(struct reader *r, const char *name, int *result)
{
	if (strcmp(name, "at") == 0)
		*result = act_at(r);
	else if (strcmp(name, "every") == 0)
		*result = act_every(r);
	else
		return false;
	return true;
}
