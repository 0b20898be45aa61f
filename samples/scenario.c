#include "samples/scenario.h"

#include <stdlib.h>

#include "samples/messenger.h"
#include "samples/reader.h"

static int
item(struct reader *r)
{
	switch (r->block) {
	case BLOCK_CLIENT:
		return define_item(r);
	case BLOCK_TALK:
		return act_item(r);
	case BLOCK_NONE:
		break;
	}
	return reader_fail(r, "expected no indented line here");
}

static int
statement(struct reader *r)
{
	const struct word *w;
	int result = 0;

	if (r->indented)
		return item(r);
	act_finish(r);
	r->block = BLOCK_NONE;
	w = reader_take(r, "a statement");
	if (w == NULL)
		return -1;
	if (define_statement(r, w->s, &result) || act_statement(r, w->s, &result))
		return result;
	return reader_fail(r,
	    "expected date, seed, capture, include, host, hosts, server, client, "
	    "resolver, "
	    "router, passport, switchboard, at or every, found '%s'",
	    w->s);
}

static int
read_all(struct reader *r)
{
	int more;

	while ((more = reader_line(r)) > 0)
		if (statement(r) != 0)
			return -1;
	act_finish(r);
	return more;
}

/* Who has not signed out stays until the capture ends. */
static void
play_out(struct world *w)
{
	size_t i;

	for (i = 0; i < WORLD_SESSIONS; i++)
		if (w->sessions[i].up)
			messenger_idle(w, &w->sessions[i], w->view.until);
}

int
scenario_write(const char *scenario, const char *pcap, struct err *e)
{
	struct reader *r = calloc(1, sizeof(*r));
	struct world *w = calloc(1, sizeof(*w));
	int result = -1;

	if (r == NULL || w == NULL) {
		(void)err_set(e, "out of memory");
	} else {
		r->w = w;
		r->e = e;
		result = reader_open(r, scenario);
		if (result == 0)
			result = read_all(r);
		if (result == 0 && w->view.until == 0)
			result = err_set(e, "%s: expected a capture statement", scenario);
		if (result == 0) {
			play_out(w);
			result = trace_write(&w->net.trace, &w->view, pcap, e);
		}
		reader_close(r);
		trace_free(&w->net.trace);
	}
	free(r);
	free(w);
	return result;
}
