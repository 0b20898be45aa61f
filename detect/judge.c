#include "detect/judge.h"

static int
dead_add(struct judge *j, const char *text, enum resolve_verdict verdict, struct err *e)
{
	if (j->n == JUDGE_NETS_MAX)
		return err_set(
		    e, "%s: more than %d sinkholes", text, JUDGE_SINKHOLES_MAX);
	if (!addr_net_parse(text, &j->dead[j->n].net))
		return err_set(e,
		    "%s: not an address or network, such as 192.0.2.1 or 192.0.2.0/24",
		    text);
	j->dead[j->n++].verdict = verdict;
	return 0;
}

int
judge_init(struct judge *j, const char *const *sinkholes, struct err *e)
{
	j->n = 0;
	if (dead_add(j, "127.0.0.0/8", RESOLVE_LOOPBACK, e) != 0 ||
	    dead_add(j, "::1", RESOLVE_LOOPBACK, e) != 0 ||
	    dead_add(j, "0.0.0.0", RESOLVE_UNSPECIFIED, e) != 0 ||
	    dead_add(j, "::", RESOLVE_UNSPECIFIED, e) != 0)
		return -1;
	for (; sinkholes != NULL && *sinkholes != NULL; sinkholes++)
		if (dead_add(j, *sinkholes, RESOLVE_SINKHOLE, e) != 0)
			return -1;
	return 0;
}

enum resolve_verdict
judge_address(const struct judge *j, const struct addr *a)
{
	size_t i;

	for (i = 0; i < j->n; i++)
		if (addr_net_has(&j->dead[i].net, a))
			return j->dead[i].verdict;
	return RESOLVE_GOOD;
}

enum resolve_verdict
judge_answer(const struct judge *j, const struct dns_message *m, struct addr *addr)
{
	enum resolve_verdict best = RESOLVE_NONE, v;
	size_t i;

	memset(addr, 0, sizeof(*addr));
	if (m->rcode == DNS_NXDOMAIN)
		return RESOLVE_NXDOMAIN;
	if (m->rcode == DNS_REFUSED)
		return RESOLVE_REFUSED;
	if (m->rcode != DNS_NOERROR)
		return RESOLVE_NONE;
	if (m->n_addrs == 0)
		return m->truncated || m->cut ? RESOLVE_NONE : RESOLVE_NODATA;
	for (i = 0; i < m->n_addrs; i++) {
		v = judge_address(j, &m->addrs[i]);
		if (best != RESOLVE_NONE && v >= best)
			continue;
		best = v;
		*addr = m->addrs[i];
	}
	return best;
}
