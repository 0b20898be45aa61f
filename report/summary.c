#include "report/summary.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/summary_data.h"

static int
take_memory(struct summary *s, struct err *e)
{
	struct table_opts opts = {.entries = SUMMARY_HOSTS,
	    .entry_size = sizeof(struct host_note),
	    .key_size = sizeof(struct addr)};

	s->attempt = malloc(SUMMARY_ATTEMPTS * sizeof(*s->attempt));
	s->coverage = malloc(COVERAGE_NOTES * sizeof(*s->coverage));
	if (s->attempt == NULL || s->coverage == NULL)
		return err_set(e, "out of memory for the report");
	return table_open(&s->hosts, &opts, e);
}

int
summary_open(struct summary **s, struct err *e)
{
	struct summary *fresh = calloc(1, sizeof(*fresh));

	if (fresh == NULL)
		return err_set(e, "out of memory for the report");
	hash_key_draw(&fresh->hash);
	if (take_memory(fresh, e) != 0) {
		summary_close(fresh);
		return -1;
	}
	*s = fresh;
	return 0;
}

void
summary_close(struct summary *s)
{
	if (s == NULL)
		return;
	table_close(s->hosts);
	free(s->attempt);
	free(s->coverage);
	free(s);
}

uint64_t
summary_attempts(const struct summary *s)
{
	return s->total;
}

static void
note_name(const struct summary *s, struct names *names, const char *name)
{
	uint64_t hash;
	size_t i;

	if (name[0] == '\0')
		return;
	hash = hash_bytes(&s->hash, name, strlen(name));
	for (i = 0; i < names->n; i++)
		if (names->seen[i] == hash)
			return;
	if (names->n == NAMES_TOLD) {
		names->more = true;
		return;
	}
	if (names->n < NAMES_SHOWN)
		text_put(names->text[names->n], sizeof(names->text[0]), name);
	names->seen[names->n++] = hash;
}

/* What the client is called: its product, or what it says of itself. */
static void
client_text(const struct client_claim *c, char out[64])
{
	const char *name = c->product[0] != '\0' ? c->product : c->name;
	size_t n;

	text_put(out, 64, name);
	n = strlen(out);
	if (name == c->product || c->version[0] == '\0' || n + 2 >= 64)
		return;
	if (n != 0)
		out[n++] = ' ';
	text_put(out + n, 64 - n, c->version);
}

static void
widen(int64_t *first, int64_t *last, int64_t from, int64_t to)
{
	if (from != 0 && (*first == 0 || from < *first))
		*first = from;
	if (to != 0 && (*last == 0 || to > *last))
		*last = to;
}

static bool
path_worked(const struct path_try *p)
{
	return p->outcome == OUTCOME_SIGNED_IN || p->outcome == OUTCOME_IN_SESSION;
}

static struct host_note *
host_of(struct summary *s, const struct addr *addr)
{
	struct host_note *h = table_find(s->hosts, addr);

	if (h != NULL)
		return h;
	h = table_add(s->hosts, addr);
	if (h != NULL)
		h->late = true;
	return h;
}

static uint8_t
paths_of(const struct attempt *a)
{
	return a->n_paths < ATTEMPT_PATHS_MAX ? a->n_paths : ATTEMPT_PATHS_MAX;
}

static void
note_host(const struct summary *s, struct host_note *h, const struct attempt *a)
{
	char client[64];
	size_t i;

	h->attempts++;
	h->ended[a->outcome]++;
	if (a->outcome == OUTCOME_SIGNED_IN)
		h->late &= a->fallback;
	for (i = 0; i < paths_of(a); i++) {
		h->paths |= (uint8_t)(1U << a->paths[i].path);
		if (path_worked(&a->paths[i]))
			h->in_paths |= (uint8_t)(1U << a->paths[i].path);
	}
	if (h->attempts == 1 || a->start >= h->outcome_at) {
		h->outcome = (uint8_t)a->outcome;
		h->outcome_at = a->start;
	}
	widen(&h->first, &h->last, a->start, a->end != 0 ? a->end : a->start);
	note_name(s, &h->accounts, a->account);
	client_text(&a->client, client);
	note_name(s, &h->clients, client);
}

static struct path_note
path_of(const struct path_try *p)
{
	return (struct path_note){.by = p->by,
	    .forged = p->forged,
	    .path = (uint8_t)p->path,
	    .outcome = (uint8_t)p->outcome,
	    .reason = (uint8_t)p->reason,
	    .port = p->server.port,
	    .code = p->code,
	    .count = p->count};
}

static void
list_attempt(struct summary *s, const struct addr *host, const struct attempt *a)
{
	struct attempt_note *n;
	size_t i;

	if (s->n_attempts == SUMMARY_ATTEMPTS)
		return;
	n = &s->attempt[s->n_attempts];
	*n = (struct attempt_note){.host = *host,
	    .start = a->start,
	    .end = a->end,
	    .session_ns = a->signed_in_ns,
	    .n_paths = paths_of(a),
	    .outcome = (uint8_t)a->outcome,
	    .reason = (uint8_t)a->reason,
	    .dialect = a->dialect,
	    .error_code = a->error_code,
	    .more_paths = a->more_paths,
	    .conversations = a->conversations,
	    .order = (uint32_t)s->n_attempts};
	for (i = 0; i < n->n_paths; i++)
		n->path[i] = path_of(&a->paths[i]);
	text_put(n->account, sizeof(n->account), a->account);
	client_text(&a->client, n->client);
	s->n_attempts++;
}

static void
add_attempt(struct summary *s, const struct event *ev)
{
	const struct attempt *a = &ev->u.attempt;
	const struct addr *host = &ev->tuple.client.addr;
	struct host_note *h;

	if (a->confidence == CONFIDENCE_HINT) {
		s->hints++;
		return;
	}
	s->total++;
	widen(&s->first, &s->last, a->start, a->end != 0 ? a->end : a->start);
	list_attempt(s, host, a);
	h = host_of(s, host);
	if (h == NULL) {
		s->homeless++;
		return;
	}
	note_host(s, h, a);
	block_fold(&s->blocks, &h->blocks, a);
}

static void
add_coverage(struct summary *s, const struct coverage *c)
{
	s->blind += c->kind != COVERAGE_SKIPPED;
	if (s->n_coverage < COVERAGE_NOTES)
		s->coverage[s->n_coverage++] = *c;
	else if (c->kind == COVERAGE_SKIPPED)
		s->more_skipped++;
	else
		s->more_coverage++;
}

void
summary_add(struct summary *s, const struct event *ev)
{
	switch (ev->type) {
	case EVENT_ATTEMPT:
		add_attempt(s, ev);
		return;
	case EVENT_COVERAGE:
		add_coverage(s, &ev->u.coverage);
		return;
	case EVENT_MESSENGER:
	case EVENT_RESET:
	case EVENT_STATS:
	case EVENT_VERDICT:
		return;
	}
}
