#include "report/summary_verdict.h"

/* How the hosts fared, each counted once. */
struct tally {
	uint64_t tried;               /* seen trying, not only in session */
	uint64_t in;                  /* of these, signed in */
	uint64_t late;                /* of these, only by changing their path */
	uint64_t already;             /* in session at the start, no sign-in seen */
	uint64_t by_path[PATH_KINDS]; /* of those in */
	uint64_t others[OUTCOMES];    /* of those not in: how the last attempt ended */
};

static void
count_host(struct tally *t, const struct host_note *h)
{
	bool tried = h->attempts > h->ended[OUTCOME_IN_SESSION];
	size_t i;

	t->tried += tried;
	if (h->ended[OUTCOME_SIGNED_IN] != 0) {
		t->in++;
		t->late += h->late;
		for (i = 0; i < PATH_KINDS; i++)
			t->by_path[i] += h->in_paths >> i & 1;
		return;
	}
	t->already += h->ended[OUTCOME_IN_SESSION] != 0;
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
	static const char *const ways[PATH_KINDS] = {"directly",
	    "through the HTTP gateway", "through an HTTP proxy", "through a SOCKS proxy"};
	const char *before = ": ";
	size_t i, used = 0, only = 0;

	for (i = 0; i < PATH_KINDS; i++) {
		used += t->by_path[i] != 0;
		only = t->by_path[i] != 0 ? i : only;
	}
	if (used == 1 && t->by_path[only] == t->in) {
		line_add(out, t->tried == 1 ? ", %s" : " %s", ways[only]);
		return;
	}
	for (i = 0; i < PATH_KINDS; i++) {
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
}

/* Where there are blocks, their own sentences say it better. */
static void
say_late(const struct tally *t, struct line *out)
{
	if (t->late == 0)
		return;
	line_add(out, " ");
	line_count(out, t->late);
	line_add(out, " got in only by another path after the first one had failed.");
}

/* How those ended whom nothing stopped: "both rejected", "2 rejected, 1 abandoned". */
static void
say_ends(const struct tally *t, uint64_t n, struct line *out)
{
	const char *before = "";
	size_t i;

	for (i = 0; i < OUTCOMES; i++) {
		if (t->others[i] == 0 || i == OUTCOME_BLOCKED)
			continue;
		line_add(out, "%s", before);
		if (t->others[i] != n)
			line_count(out, t->others[i]);
		else if (n > 1)
			line_add(out, n == 2 ? "both" : "all");
		line_add(out, "%s%s", n > 1 ? " " : "", outcome_word((enum outcome)i));
		before = ", ";
	}
	line_add(out, ".");
}

static uint64_t
not_in(const struct tally *t)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < OUTCOMES; i++)
		n += t->others[i];
	return n;
}

static void
say_other(uint64_t n, struct line *out)
{
	line_add(out, " The other ");
	if (n == 1)
		line_add(out, "host");
	else
		line_count(out, n);
}

static void
say_others(const struct tally *t, struct line *out)
{
	uint64_t n = not_in(t), stopped = t->others[OUTCOME_BLOCKED];

	if (stopped != 0 && stopped == n) {
		say_other(n, out);
		line_add(out, n == 1 ? " was stopped." : " were stopped.");
		return;
	}
	if (stopped != 0) {
		line_add(out, " ");
		line_count(out, stopped);
		line_add(out, " of ");
		line_some(out, t->tried, "host");
		line_add(out, stopped == 1 ? " was stopped." : " were stopped.");
	}
	if (n == stopped)
		return;
	say_other(n - stopped, out);
	line_add(out, ": ");
	say_ends(t, n - stopped, out);
}

static void
say_none_in(const struct tally *t, struct line *out)
{
	uint64_t n = not_in(t), stopped = t->others[OUTCOME_BLOCKED];

	line_some(out, t->tried, "host");
	line_add(out, " tried to sign in to Messenger and ");
	if (stopped != 0 && stopped == t->tried) {
		line_add(out, "%swas stopped.", t->tried == 1 ? "" : "each ");
		return;
	}
	line_add(out, t->tried == 1 ? "did not get in" : "none got in");
	line_add(out, n == 0 || stopped != 0 ? "." : ": ");
	if (stopped != 0)
		say_others(t, out);
	else if (n != 0)
		say_ends(t, n, out);
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
	if (span->packets == 0 && span->left_out != 0)
		line_add(out, "No packet passed the filter, so nothing can be said about "
			      "Messenger use; packets in a VLAN pass \"vlan and ...\" "
			      "only.");
	else if (span->packets == 0)
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
	if (t.in != 0 && s->blocks.n == 0)
		say_late(&t, out);
	if (t.in != 0 && t.tried > t.in)
		say_others(&t, out);
	say_already(&t, out);
	if (s->total == 0)
		say_nothing(span, partial, out);
	else if (partial)
		line_add(
		    out, " Part of the traffic could not be read, so there may be more.");
}
