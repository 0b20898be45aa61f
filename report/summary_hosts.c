#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/block_text.h"
#include "report/columns.h"
#include "report/summary_tables.h"

#define BLOCKS_NAMED 2 /* of a host; the others by number */

enum {
	HOST_ADDR,
	HOST_ATTEMPTS,
	HOST_PATHS,
	HOST_BLOCKED,
	HOST_ACCOUNTS,
	HOST_CLIENTS,
	HOST_FIRST,
	HOST_LAST,
	HOST_COLUMNS
};

static const struct column columns[HOST_COLUMNS] = {
    [HOST_ADDR] = {"Host", 0, 0, false},
    [HOST_ATTEMPTS] = {"Attempts", 15, 0, false},
    [HOST_PATHS] = {"Paths", 8, 0, false},
    [HOST_BLOCKED] = {"Blocked", 16, 1, false},
    [HOST_ACCOUNTS] = {"Accounts", 18, 0, false},
    [HOST_CLIENTS] = {"Clients", 17, 2, false},
    [HOST_FIRST] = {"First seen", 0, 3, false},
    [HOST_LAST] = {"Last seen", 0, 4, false},
};

static bool
was_in(const struct host_note *h)
{
	return h->ended[OUTCOME_SIGNED_IN] + h->ended[OUTCOME_IN_SESSION] != 0;
}

static int
compare(const void *va, const void *vb)
{
	const struct host_note *a = *(struct host_note *const *)va;
	const struct host_note *b = *(struct host_note *const *)vb;

	if (was_in(a) != was_in(b))
		return was_in(a) ? -1 : 1;
	return addr_cmp(&a->addr, &b->addr);
}

static size_t
sort_hosts(struct summary *s)
{
	struct host_note *h = table_oldest(s->hosts, TABLE_CHEAP);
	size_t n = 0;

	for (; h != NULL && n < SUMMARY_HOSTS; h = table_younger(s->hosts, h))
		s->sorted[n++] = h;
	qsort(s->sorted, n, sizeof(s->sorted) / SUMMARY_HOSTS, compare);
	return n;
}

/* "signed-in x2, abandoned" */
static void
put_attempts(struct line *l, const struct host_note *h, bool utf8)
{
	static const enum outcome order[OUTCOMES] = {OUTCOME_SIGNED_IN,
	    OUTCOME_IN_SESSION, OUTCOME_REJECTED, OUTCOME_ABANDONED, OUTCOME_BLOCKED,
	    OUTCOME_RESET, OUTCOME_UNFINISHED};
	size_t i;

	for (i = 0; i < OUTCOMES; i++) {
		if (h->ended[order[i]] == 0)
			continue;
		line_add(l, "%s%s", l->n != 0 ? ", " : "", outcome_word(order[i]));
		if (h->ended[order[i]] > 1) {
			line_add(l, utf8 ? " \xc3\x97" : " x");
			line_count(l, h->ended[order[i]]);
		}
	}
}

static void
put_paths(struct line *l, uint8_t paths)
{
	unsigned i;

	for (i = PATH_DIRECT; i <= PATH_SOCKS; i++)
		if ((paths >> i & 1) != 0)
			line_add(
			    l, "%s%s", l->n != 0 ? ", " : "", path_word((enum path)i));
}

static unsigned
blocks_met(const struct host_note *h)
{
	unsigned n = 0, bits = h->blocks.met;

	for (; bits != 0; bits &= bits - 1)
		n++;
	return n;
}

/* "direct refused by 10.0.0.1 > leaked by gateway", "direct refused, socks refused +3" */
static void
put_blocked(struct line *l, const struct summary *s, const struct host_note *h, bool utf8)
{
	unsigned n = blocks_met(h), told = 0;
	enum fate fate;
	uint8_t ways;
	size_t i;

	if (!h->blocks.met_any)
		return;
	for (i = 0; i < s->blocks.n && told < BLOCKS_NAMED; i++) {
		if ((h->blocks.met >> i & 1) == 0)
			continue;
		line_add(l, "%s", told++ != 0 ? ", " : "");
		block_brief(&s->blocks.list[i], n == 1, l);
	}
	if (n > told)
		line_add(l, " +%u", n - told);
	if (n == 0)
		line_add(l, "in other ways");
	fate = block_fate(&h->blocks, h->blocks.first, &ways);
	block_brief_fate(fate, ways, utf8, l);
}

/* "a@example.com, b@example.com +3" */
static void
put_names(struct line *l, const struct names *names)
{
	size_t i;

	for (i = 0; i < names->n && i < NAMES_SHOWN; i++)
		line_add(l, "%s%s", i != 0 ? ", " : "", names->text[i]);
	if (names->n > NAMES_SHOWN)
		line_add(l, " +%u%s", (unsigned)names->n - NAMES_SHOWN,
		    names->more ? " or more" : "");
}

static void
put_time(struct line *l, enum when_scale scale, int64_t ns)
{
	char buf[WHEN_MAX];

	if (ns != 0)
		line_add(l, "%s", when_short(scale, ns, buf));
}

static void
row_of(const struct summary *s, const struct host_note *h, const struct page *p,
    enum when_scale scale, struct row *r)
{
	char addr[ADDR_TEXT_MAX];

	row_clear(r);
	line_add(&r->cell[HOST_ADDR], "%s", addr_text(&h->addr, addr));
	put_attempts(&r->cell[HOST_ATTEMPTS], h, p->style->utf8);
	put_paths(&r->cell[HOST_PATHS], h->paths);
	put_blocked(&r->cell[HOST_BLOCKED], s, h, p->style->utf8);
	put_names(&r->cell[HOST_ACCOUNTS], &h->accounts);
	put_names(&r->cell[HOST_CLIENTS], &h->clients);
	put_time(&r->cell[HOST_FIRST], scale, h->first);
	put_time(&r->cell[HOST_LAST], scale, h->last);
	r->tint[HOST_ADDR] = was_in(h) ? TINT_BOLD : TINT_NONE;
}

static bool
write_table(struct summary *s, size_t n, const struct page *p, enum when_scale scale)
{
	struct columns c;
	struct row r;
	size_t i;

	columns_init(&c, columns, HOST_COLUMNS);
	for (i = 0; i < n; i++) {
		row_of(s, s->sorted[i], p, scale, &r);
		columns_measure(&c, p, &r);
	}
	if (p->style->width < TABLE_LEAST || !columns_fit(&c, p->style->width))
		return false;
	columns_head(&c, p);
	for (i = 0; i < n; i++) {
		row_of(s, s->sorted[i], p, scale, &r);
		columns_row(&c, p, &r);
	}
	return true;
}

static void
put_block_line(const struct page *p, const struct line *l)
{
	if (l->n != 0)
		page_para(p, "  ", l->text, TINT_NONE);
}

/* "signed-in: direct, gateway" */
static void
put_ends(const struct page *p, struct row *r)
{
	if (r->cell[HOST_PATHS].n != 0)
		line_add(&r->cell[HOST_ATTEMPTS], ": %s", r->cell[HOST_PATHS].text);
	put_block_line(p, &r->cell[HOST_ATTEMPTS]);
}

static void
write_block(const struct summary *s, const struct host_note *h, const struct page *p,
    enum when_scale scale)
{
	struct line times = {"", 0}, blocked = {"", 0};
	struct row r;

	row_of(s, h, p, scale, &r);
	page_para(p, "", r.cell[HOST_ADDR].text, TINT_BOLD);
	if (h->ended[OUTCOME_BLOCKED] == h->attempts)
		line_add(&blocked, "%s", r.cell[HOST_ATTEMPTS].text);
	else
		put_ends(p, &r);
	if (r.cell[HOST_BLOCKED].n != 0)
		line_add(&blocked, "%s: %s", blocked.n != 0 ? "" : "blocked",
		    r.cell[HOST_BLOCKED].text);
	put_block_line(p, &blocked);
	put_block_line(p, &r.cell[HOST_ACCOUNTS]);
	put_block_line(p, &r.cell[HOST_CLIENTS]);
	if (h->first != 0)
		line_add(
		    &times, "%s to %s", r.cell[HOST_FIRST].text, r.cell[HOST_LAST].text);
	put_block_line(p, &times);
}

void
summary_hosts(struct summary *s, const struct page *p, enum when_scale scale)
{
	struct line remark = {"", 0};
	char common[WHEN_MAX];
	size_t n = sort_hosts(s), i;

	if (n == 0)
		return;
	if (s->first != 0) {
		(void)when_common(scale, s->first, common);
		line_add(
		    &remark, "%s%stimes in UTC", common, common[0] != '\0' ? ", " : "");
	}
	page_heading(p, "Hosts", remark.text);
	if (!write_table(s, n, p, scale))
		for (i = 0; i < n; i++)
			write_block(s, s->sorted[i], p, scale);
	if (s->homeless == 0)
		return;
	remark = (struct line){"", 0};
	line_some(&remark, s->homeless, "attempt");
	line_add(&remark, " of further hosts, counted and not told apart");
	page_para(p, "+ ", remark.text, TINT_NONE);
}
