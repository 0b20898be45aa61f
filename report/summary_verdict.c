#include "report/summary_verdict.h"

#define PATHS    4
#define OUTCOMES 7

/* How the hosts fared, each counted once. */
struct tally {
	uint64_t tried;            /* seen trying, not only in session */
	uint64_t in;               /* of these, signed in */
	uint64_t late;             /* of these, only by changing their path */
	uint64_t already;          /* in session at the start, no sign-in seen */
	uint64_t by_path[PATHS];   /* of those in */
	uint64_t others[OUTCOMES]; /* of those not in: how the last attempt ended */
};

static void
count_host(struct tally *t, const struct host_note *h)
{
	bool tried = h->attempts > h->in_session;
	size_t i;

	t->tried += tried;
	if (h->signed_in != 0) {
		t->in++;
		t->late += h->late;
		for (i = 0; i < PATHS; i++)
			t->by_path[i] += h->in_paths >> i & 1;
		return;
	}
	t->already += h->in_session != 0;
	if (tried && h->outcome != OUTCOME_IN_SESSION)
		t->others[h->outcome]++;
}

static struct tally
tally_of(struct summary *s)
{
	struct tally t = {0};
	struct host_note *h = table_oldest(s->hosts, TABLE_CHEAP);

	for (; h != NULL; h = table_younger(s->hosts, h))
		count_host(&t, h);
	return t;
}

static void
say_paths(const struct tally *t, struct line *out)
{
	static const char *const ways[PATHS] = {"directly", "through the HTTP gateway",
	    "through an HTTP proxy", "through a SOCKS proxy"};
	const char *before = ": ";
	size_t i, used = 0, only = 0;

	for (i = 0; i < PATHS; i++) {
		used += t->by_path[i] != 0;
		only = t->by_path[i] != 0 ? i : only;
	}
	if (used == 1 && t->by_path[only] == t->in) {
		line_add(out, t->tried == 1 ? ", %s" : " %s", ways[only]);
		return;
	}
	for (i = 0; i < PATHS; i++) {
		if (t->by_path[i] == 0)
			continue;
		line_add(out, "%s", before);
		line_count(out, t->by_path[i]);
		line_add(out, " %s", ways[i]);
		before = ", ";
	}
}

static void
say_signed_in(const struct tally *t, struct line *out)
{
	if (t->tried == 1) {
		line_add(out, "1 host tried and signed in to Messenger");
	} else if (t->in == t->tried) {
		line_add(out, "All ");
		line_count(out, t->tried);
		line_add(out, " hosts that tried signed in to Messenger");
	} else {
		line_count(out, t->in);
		line_add(out, " of ");
		line_count(out, t->tried);
		line_add(out, " hosts that tried signed in to Messenger");
	}
	say_paths(t, out);
	line_add(out, ".");
	if (t->late == 0)
		return;
	line_add(out, " ");
	line_count(out, t->late);
	line_add(out, " got in only by another path after the first one had failed.");
}

/* How those ended who did not get in. */
static void
say_others(const struct tally *t, struct line *out)
{
	const char *before = t->in != 0 ? " Of the others, " : "";
	size_t i;

	for (i = 0; i < OUTCOMES; i++) {
		if (t->others[i] == 0)
			continue;
		line_add(out, "%s", before);
		line_count(out, t->others[i]);
		line_add(out, " %s", outcome_word((enum outcome)i));
		before = ", ";
	}
	line_add(out, ".");
}

static void
say_none_in(const struct tally *t, struct line *out)
{
	if (t->tried == 1)
		line_add(
		    out, "1 host tried to sign in to Messenger and did not get in: ");
	else {
		line_count(out, t->tried);
		line_add(out, " hosts tried to sign in to Messenger and none got in: ");
	}
	say_others(t, out);
}

static void
say_already(const struct tally *t, struct line *out)
{
	if (t->already == 0)
		return;
	line_add(out, t->tried != 0 ? " " : "");
	line_count(out, t->already);
	if (t->tried == 0)
		line_add(out, t->already == 1 ? " host" : " hosts");
	line_add(out, t->already == 1 ? " was" : " were");
	line_add(out, " already signed in%s when the capture began.",
	    t->tried == 0 ? " to Messenger" : "");
}

static void
say_nothing(const struct summary_span *span, bool partial, struct line *out)
{
	if (span->packets == 0)
		line_add(out, "No packet was read, so nothing can be said about "
			      "Messenger use.");
	else
		line_add(out, "No Messenger sign-in was seen%s.",
		    partial ? " in the part that could be read" : "");
}

void
summary_verdict(
    struct summary *s, const struct summary_span *span, bool partial, struct line *out)
{
	struct tally t = tally_of(s);

	if (s->homeless != 0)
		line_add(out, "Of the first hosts seen: ");
	if (t.in != 0)
		say_signed_in(&t, out);
	else if (t.tried != 0)
		say_none_in(&t, out);
	if (t.in != 0 && t.tried > t.in)
		say_others(&t, out);
	say_already(&t, out);
	if (s->total == 0)
		say_nothing(span, partial, out);
	else if (partial)
		line_add(
		    out, " Part of the input could not be read, so there may be more.");
}
