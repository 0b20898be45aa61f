#include <string.h>

#include "report/error_text.h"
#include "report/summary_tables.h"

#define CODES_MAX 16
#define LEAD_MAX  24

static const struct {
	enum outcome outcome;
	enum reason reason;
	const char *text;
} words[] = {
    {OUTCOME_REJECTED, REASON_NONE, "the service itself said no"},
    {OUTCOME_ABANDONED, REASON_NONE,
	"the client left before a yes or no; usually a wrong password, which fails out "
	"of sight, inside HTTPS"},
    {OUTCOME_BLOCKED, REASON_NO_ANSWER, "nothing came back"},
    {OUTCOME_BLOCKED, REASON_REFUSED, "the connection was reset before any answer"},
    {OUTCOME_BLOCKED, REASON_PROHIBITED, "a router on the way said so (ICMP)"},
    {OUTCOME_BLOCKED, REASON_SINKHOLED,
	"the server's name led nowhere, or to an address that is not Messenger's"},
    {OUTCOME_BLOCKED, REASON_PROXY_DENIED, "the proxy did not let it through"},
    {OUTCOME_IN_SESSION, REASON_NONE, "already signed in when the capture began"},
    {OUTCOME_UNFINISHED, REASON_NONE,
	"the capture ends, or goes silent, before the outcome"},
};

static const char forged[] =
    "a device on the way sent the reset in the server's name: it "
    "came another way than the server's packets";

#define N_WORDS (sizeof(words) / sizeof(words[0]))

/* Codes of the service; those of a proxy's denial are HTTP's. */
struct found {
	bool word[N_WORDS];
	bool forged;
	uint16_t code[CODES_MAX];
	size_t n_codes;
};

static void
find_word(struct found *f, enum outcome outcome, enum reason reason)
{
	size_t i;

	for (i = 0; i < N_WORDS; i++)
		f->word[i] |= words[i].outcome == outcome && words[i].reason == reason;
}

static void
find_code(struct found *f, uint16_t code)
{
	size_t i;

	for (i = 0; i < f->n_codes && f->code[i] != code; i++)
		;
	if (i == f->n_codes && i < CODES_MAX && code != 0 && error_text(code) != NULL)
		f->code[f->n_codes++] = code;
}

static void
find(struct found *f, const struct attempt_note *a)
{
	size_t i;

	find_word(f, (enum outcome)a->outcome, REASON_NONE);
	find_code(f, a->error_code);
	for (i = 0; i < a->n_paths; i++) {
		const struct path_note *n = &a->path[i];

		find_word(f, (enum outcome)n->outcome, (enum reason)n->reason);
		f->forged |= n->forged;
		if (n->outcome == OUTCOME_REJECTED)
			find_code(f, n->code);
	}
}

static void
explain(const struct page *p, const char *word, const char *text, bool *begun)
{
	char lead[LEAD_MAX];

	if (!*begun)
		(void)fputc('\n', p->to);
	*begun = true;
	(void)snprintf(lead, sizeof(lead), "%-12s  ", word);
	page_para(p, lead, text, TINT_DIM);
}

void
summary_legend(const struct summary *s, const struct page *p)
{
	struct found f = {.n_codes = 0};
	bool begun = false;
	char code[8];
	size_t i;

	for (i = 0; i < s->n_attempts; i++)
		find(&f, &s->attempt[i]);
	for (i = 0; i < N_WORDS; i++)
		if (f.word[i])
			explain(p, result_word(words[i].outcome, words[i].reason),
			    words[i].text, &begun);
	if (f.forged)
		explain(p, "forged", forged, &begun);
	for (i = 0; i < f.n_codes; i++) {
		(void)snprintf(code, sizeof(code), "%u", f.code[i]);
		explain(p, code, error_text(f.code[i]), &begun);
	}
}
