#define _POSIX_C_SOURCE 200809L
#include "enforce/policy.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/addr_net.h"
#include "base/text.h"
#include "enforce/schedule.h"
#include "enforce/zone.h"

#define ALL_PATHS ((1U << PATH_KINDS) - 1)
#define V4_BITS   96 /* of the mapped prefix */

const char *const policy_mode_words[] = {"off", "dry-run", "reset", NULL};

struct nets {
	struct addr_net net[POLICY_LIST_MAX];
	size_t n;
};

struct policy {
	enum policy_mode mode;
	struct nets protect, exempt;
	char account[POLICY_LIST_MAX][ACCOUNT_MAX];
	size_t n_accounts;
	struct schedule hours;
	struct zone zone;
	unsigned paths; /* bits */
	bool proxy, conversations;
	struct quota_limits limits;
	char panic_path[PATH_MAX]; /* "": none */
};

/* NAME@DOMAIN, where NAME may be a *. */
int
policy_check_account(const char *text, struct err *e)
{
	struct bytes name = bytes_str(text), domain;
	size_t at = bytes_find(name, '@'), star = bytes_find(name, '*');
	char safe[ACCOUNT_MAX];

	domain = bytes_skip(name, at + 1);
	if (at > 0 && domain.n > 0 && bytes_find(domain, '@') == domain.n &&
	    (star == name.n ||
		(star == 0 && at == 1 && bytes_find(domain, '*') == domain.n)) &&
	    text_safe(safe, sizeof(safe), name) == name.n)
		return 0;
	return err_unwanted(
	    e, "an account, such as a@example.com or *@example.com", text);
}

static bool
path_of(const char *word, enum path *out)
{
	unsigned p;

	for (p = 0; p < PATH_KINDS; p++) {
		*out = (enum path)p;
		if (strcmp(path_word(*out), word) == 0)
			return true;
	}
	return false;
}

int
policy_check_path(const char *text, struct err *e)
{
	enum path p;

	return path_of(text, &p)
		   ? 0
		   : err_unwanted(e, "direct, gateway, connect or socks", text);
}

static int
add_nets(struct nets *to, const char *const *list, struct err *e)
{
	for (; list != NULL && *list != NULL; list++) {
		if (to->n == POLICY_LIST_MAX)
			return err_set(e, "more than %d networks", POLICY_LIST_MAX);
		if (!addr_net_parse(*list, &to->net[to->n++]))
			return err_unwanted(e, "an address or network", *list);
	}
	return 0;
}

static int
add_accounts(struct policy *p, const char *const *list, struct err *e)
{
	for (; list != NULL && *list != NULL; list++) {
		if (p->n_accounts == POLICY_LIST_MAX)
			return err_set(e, "more than %d accounts", POLICY_LIST_MAX);
		if (policy_check_account(*list, e) != 0)
			return -1;
		text_put(p->account[p->n_accounts++], ACCOUNT_MAX, *list);
	}
	return 0;
}

static int
add_paths(struct policy *p, const char *const *list, struct err *e)
{
	enum path path;

	if (list == NULL || *list == NULL)
		p->paths = ALL_PATHS;
	for (; list != NULL && *list != NULL; list++) {
		if (policy_check_path(*list, e) != 0)
			return -1;
		(void)path_of(*list, &path);
		p->paths |= 1U << path;
	}
	return 0;
}

static int
add_hours(struct policy *p, const struct policy_opts *po, struct err *e)
{
	const char *const *list = po->hours;

	for (; list != NULL && *list != NULL; list++)
		if (schedule_add(&p->hours, *list, e) != 0)
			return -1;
	return zone_open(&p->zone, po->time_zone, e);
}

static int
add_panic(struct policy *p, const char *path, struct err *e)
{
	if (path == NULL)
		return 0;
	if (strlen(path) >= sizeof(p->panic_path))
		return err_set(e, "%.200s...: too long for the name of a file", path);
	text_put(p->panic_path, sizeof(p->panic_path), path);
	return 0;
}

static int
fill(struct policy *p, const struct policy_opts *po, struct err *e)
{
	p->mode = po->mode;
	p->proxy = po->proxy;
	p->conversations = po->conversations;
	p->limits = po->limits;
	if (add_nets(&p->protect, po->protect, e) != 0 ||
	    add_nets(&p->exempt, po->exempt, e) != 0 ||
	    add_accounts(p, po->exempt_account, e) != 0 ||
	    add_paths(p, po->path, e) != 0 || add_hours(p, po, e) != 0 ||
	    add_panic(p, po->panic_path, e) != 0)
		return -1;
	if (p->mode != POLICY_OFF && p->protect.n == 0)
		return err_set(e, "there are no networks to protect");
	return 0;
}

int
policy_open(struct policy **out, const struct policy_opts *po, struct err *e)
{
	struct policy *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return err_set(e, "out of memory for what may be cut");
	if (fill(p, po, e) != 0) {
		policy_close(p);
		return -1;
	}
	*out = p;
	return 0;
}

void
policy_close(struct policy *p)
{
	if (p == NULL)
		return;
	zone_close(&p->zone);
	free(p);
}

enum policy_mode
policy_mode(const struct policy *p)
{
	return p->mode;
}

const struct quota_limits *
policy_limits(const struct policy *p)
{
	return &p->limits;
}

/* A link that leads nowhere is there as well. */
bool
policy_panic(const struct policy *p)
{
	struct stat st;

	if (p->panic_path[0] == '\0')
		return false;
	return lstat(p->panic_path, &st) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

/* A network written in IPv6 holds no IPv4 address, as wide as it may be. */
static bool
nets_have(const struct nets *nets, const struct addr *a)
{
	bool v4 = addr_is_v4(a);
	size_t i;

	for (i = 0; i < nets->n; i++)
		if ((!v4 || nets->net[i].bits >= V4_BITS) &&
		    addr_net_has(&nets->net[i], a))
			return true;
	return false;
}

static bool
account_fits(const char *pattern, const char *account)
{
	struct bytes a = bytes_str(account);

	if (pattern[0] == '*') {
		a = bytes_skip(a, bytes_find(a, '@'));
		pattern++;
	}
	return bytes_eq_fold(a, pattern);
}

static bool
account_is_exempt(const struct policy *p, const char *account)
{
	size_t i;

	for (i = 0; i < p->n_accounts; i++)
		if (account_fits(p->account[i], account))
			return true;
	return false;
}

static bool
is_stale(const struct suspect *s)
{
	return s->seen < s->now - POLICY_AGE_NS || s->seen > s->now + POLICY_AGE_NS;
}

/* What is told by packets alone. */
static enum rule
judge_evidence(const struct policy *p, const struct suspect *s)
{
	if (s->confidence != CONFIDENCE_CERTAIN)
		return RULE_UNSURE;
	if (is_stale(s))
		return RULE_STALE;
	if (!nets_have(&p->protect, &s->client))
		return RULE_OUTSIDE;
	if (nets_have(&p->exempt, &s->client) || nets_have(&p->exempt, &s->server))
		return RULE_EXEMPT_HOST;
	return RULE_CUT;
}

static enum rule
judge_kind(const struct policy *p, const struct suspect *s)
{
	if ((p->paths >> s->path & 1) == 0)
		return RULE_PATH;
	if (s->via_proxy && !p->proxy)
		return RULE_PROXY;
	if (s->conversation && !p->conversations)
		return RULE_CONVERSATION;
	if (!schedule_has(&p->hours, &p->zone, s->now))
		return RULE_HOURS;
	return RULE_CUT;
}

enum rule
policy_decide(const struct policy *p, const struct suspect *s)
{
	enum rule r;

	if (p->mode == POLICY_OFF)
		return RULE_OFF;
	if (s->panic)
		return RULE_PANIC;
	r = judge_evidence(p, s);
	if (r == RULE_CUT)
		r = judge_kind(p, s);
	if (r != RULE_CUT || p->n_accounts == 0)
		return r;
	if (s->account[0] == '\0')
		return RULE_WAIT;
	return account_is_exempt(p, s->account) ? RULE_EXEMPT_ACCOUNT : RULE_CUT;
}
