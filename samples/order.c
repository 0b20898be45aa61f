/* The key words that follow what a host does. */
#include <stdio.h>

#include "samples/act.h"

static int
take_client(struct reader *r, struct order *o)
{
	const struct word *w = reader_take(r, "a client");
	size_t i;

	if (w == NULL)
		return -1;
	for (i = 0; i < r->w->n_kinds; i++)
		if (strcmp(r->w->kinds[i].name, w->s) == 0) {
			o->signin.kind = &r->w->kinds[i];
			return 0;
		}
	return reader_fail(
	    r, "expected a client, found '%s', which nothing above names", w->s);
}

static int
take_over(struct reader *r, struct order *o)
{
	const char *const paths[] = {path_word(PATH_DIRECT), path_word(PATH_GATEWAY),
	    path_word(PATH_CONNECT), path_word(PATH_SOCKS)};
	int v = reader_choice(r, "a path", paths, 4);

	o->signin.path = v < 0 ? PATH_DIRECT : (enum path)v;
	return v < 0 ? -1 : 0;
}

static int
take_to(struct reader *r, struct order *o)
{
	if (reader_node(r, "a server", &o->to) != 0)
		return -1;
	o->signin.to = o->to;
	return 0;
}

static int
take_via(struct reader *r, struct order *o)
{
	return reader_node(r, "a proxy", &o->signin.via);
}

static int
take_redirect(struct reader *r, struct order *o)
{
	return reader_node(r, "a server", &o->signin.redirect);
}

static int
take_reach(struct reader *r, struct order *o)
{
	const struct word *w = reader_take(r, "a name");

	o->signin.reach = w == NULL ? NULL : w->s;
	return w == NULL ? -1 : 0;
}

static int
take_code(struct reader *r, struct order *o)
{
	uint64_t v;

	if (reader_number(r, 999, "a code of at most three digits", &v) != 0)
		return -1;
	o->signin.code = (unsigned)v;
	return 0;
}

/* How a lookup ends, when not with an address. */
static bool
says(struct reader *r, enum lookup_says *out)
{
	static const struct {
		const char *word;
		enum lookup_says says;
	} rows[] = {{"no-address", LOOKUP_NOTHING}, {"no-such-name", LOOKUP_NO_SUCH_NAME},
	    {"server-failure", LOOKUP_FAILED}, {"lookup-refused", LOOKUP_REFUSED},
	    {"no-reply", LOOKUP_NEVER}};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (reader_accept(r, rows[i].word)) {
			*out = rows[i].says;
			return true;
		}
	return false;
}

static int
take_result(struct reader *r, struct order *o)
{
	static const char *const words[] = {"ok", "wrong-password", "error", "busy",
	    "closed", "no-answer", "refused", "prohibited", "sinkhole", "denied", "reset",
	    "silent"};
	struct signin *s = &o->signin;
	int v;

	s->result = RESULT_LOOKED_UP;
	if (says(r, &s->says))
		return 0;
	v = reader_choice(r, "a result", words, sizeof(words) / sizeof(words[0]));
	if (v < 0)
		return -1;
	s->result = (enum result)v;
	if (v == RESULT_LOOKED_UP)
		return reader_addr(r, &s->sinkhole);
	if (v == RESULT_ERROR || v == RESULT_BUSY || v == RESULT_DENIED)
		return take_code(r, o);
	if (v == RESULT_PROHIBITED && reader_accept(r, "code"))
		return take_code(r, o);
	return 0;
}

static int
take_by(struct reader *r, struct order *o)
{
	if (reader_node(r, "who says so", &o->signin.by) != 0)
		return -1;
	o->lookup.by = o->signin.by;
	return 0;
}

static int
take_misled_by(struct reader *r, struct order *o)
{
	return reader_node(r, "who misleads", &o->signin.misled_by);
}

static int
take_login(struct reader *r, struct order *o)
{
	const struct word *w = reader_take(r, "a login such as USER:PASSWORD");

	if (w == NULL)
		return -1;
	if (w->n >= LOGIN_MAX)
		return reader_fail(
		    r, "expected a login of at most %d bytes", LOGIN_MAX - 1);
	o->signin.login = w->s;
	return 0;
}

static int
take_with(struct reader *r, struct order *o)
{
	const struct word *w = reader_take(r, "an account");

	o->with = w == NULL ? NULL : w->s;
	return w == NULL ? -1 : 0;
}

static int
take_as(struct reader *r, struct order *o)
{
	const struct word *w = reader_take(r, "an account");

	o->subject = w == NULL ? NULL : w->s;
	return w == NULL ? -1 : 0;
}

static int
take_count(struct reader *r, struct order *o)
{
	uint64_t v;

	if (reader_number(r, 10000, "a number up to 10000", &v) != 0)
		return -1;
	o->count = (unsigned)v;
	return 0;
}

static int
take_for(struct reader *r, struct order *o)
{
	return reader_span(r, &o->span);
}

static int
take_size(struct reader *r, struct order *o)
{
	static const char what[] = "a size such as 900 or 40k";
	const struct word *w = reader_take(r, what);
	uint64_t v;
	size_t kilo;

	if (w == NULL)
		return -1;
	kilo = w->n > 1 && w->s[w->n - 1] == 'k';
	if (!bytes_decimal(bytes_of(w->s, w->n - kilo), kilo ? 4096 : 4194304, &v) ||
	    v == 0)
		return reader_fail(r, "expected %s, found '%s'", what, w->s);
	o->size = (size_t)v * (kilo ? 1024 : 1);
	return 0;
}

static int
take_quoting(struct reader *r, struct order *o)
{
	const struct word *w = reader_take(r, "a text");

	if (w == NULL)
		return -1;
	if (w->n > 8000)
		return reader_fail(r, "expected a text of at most 8000 bytes");
	o->quote = bytes_of(w->s, w->n);
	return 0;
}

static int
take_answer(struct reader *r, struct order *o)
{
	o->answered = true;
	if (says(r, &o->lookup.says))
		return 0;
	return reader_addr(r, &o->lookup.answer);
}

static int
take_unasked(struct reader *r, struct order *o)
{
	(void)r;
	o->lookup.unasked = true;
	return 0;
}

static int
take_raced_by(struct reader *r, struct order *o)
{
	o->lookup.raced = true;
	return reader_addr(r, &o->lookup.forged);
}

static const struct {
	const char *name;
	int (*take)(struct reader *r, struct order *o);
} keys_known[] = {{"client", take_client}, {"over", take_over}, {"to", take_to},
    {"via", take_via}, {"redirect", take_redirect}, {"reach", take_reach},
    {"result", take_result}, {"with", take_with}, {"as", take_as},
    {"messages", take_count}, {"pages", take_count}, {"mails", take_count},
    {"keys", take_count}, {"for", take_for}, {"size", take_size},
    {"quoting", take_quoting}, {"answer", take_answer}, {"by", take_by},
    {"misled-by", take_misled_by}, {"login", take_login}, {"addresses", take_count},
    {"unasked", take_unasked}, {"raced-by", take_raced_by}};

static int
key(struct reader *r, struct order *o, const char *keys)
{
	const struct word *w = &r->word[r->at++];
	char name[32];
	size_t i;

	(void)snprintf(name, sizeof(name), " %s ", w->s);
	for (i = 0; i < sizeof(keys_known) / sizeof(keys_known[0]); i++)
		if (strcmp(keys_known[i].name, w->s) == 0 && strstr(keys, name) != NULL)
			return keys_known[i].take(r, o);
	return reader_fail(
	    r, "expected one of:%safter %s, found '%s'", keys, o->what, w->s);
}

int
order_keys(struct reader *r, struct order *o, const char *keys)
{
	bool named = strcmp(o->what, "signin") == 0 || strcmp(o->what, "lookup") == 0;
	const struct word *w;

	if (named) {
		w = reader_take(r, "an account, or a name to look up");
		if (w == NULL)
			return -1;
		if (strlen(w->s) != w->n || w->n >= WORLD_ACCOUNT)
			return reader_fail(r, "expected at most %d bytes without NUL",
			    WORLD_ACCOUNT - 1);
		o->subject = w->s;
	}
	while (reader_more(r))
		if (key(r, o, keys) != 0)
			return -1;
	return 0;
}
