#include <sched.h>
#include <stdio.h>

#include "app/enforce_guard.h"
#include "app/enforcer.h"

/* Where resets will leave; an interface that is away is tried when it is back. */
static int
probe(const struct enforcer *en, const struct live_options *lo, struct err *e)
{
	size_t i;

	if (en->interface != NULL)
		return inject_probe(en->inject, en->interface, e);
	for (i = 0; i < lo->interfaces.n; i++)
		if (inject_has(en->inject, lo->interfaces.word[i]) &&
		    inject_probe(en->inject, lo->interfaces.word[i], e) != 0)
			return -1;
	return 0;
}

/* By leave of the service manager, or our own as long as there are privileges. */
static void
hurry(struct enforcer *en)
{
	const struct sched_param first = {.sched_priority = 1};

	en->hurried = sched_getscheduler(0) == SCHED_FIFO ||
		      sched_setscheduler(0, SCHED_FIFO, &first) == 0;
	if (!en->hurried)
		(void)fputs("msnwatch: no real-time priority, which takes CAP_SYS_NICE: "
			    "under load resets may come too late\n",
		    stderr);
}

void
enforcer_calm(struct enforcer *en)
{
	const struct sched_param none = {.sched_priority = 0};

	if (en->hurried)
		(void)sched_setscheduler(0, SCHED_OTHER, &none);
	en->hurried = false;
}

int
enforcer_open(struct enforcer *en, const struct live_options *lo, struct err *e)
{
	*en = (struct enforcer){.interface = lo->enforce.interface};
	if (lo->enforce.mode == POLICY_OFF && lo->config_path == NULL)
		return 0;
	hash_key_draw(&en->key);
	if (quota_open(&en->quota, e) != 0)
		return -1;
	if (!lo->armed)
		return 0;
	hurry(en);
	return inject_open(&en->inject, e) == 0 ? probe(en, lo, e) : -1;
}

void
enforcer_close(struct enforcer *en)
{
	inject_close(en->inject);
	quota_close(en->quota);
	*en = (struct enforcer){.inject = NULL};
}

size_t
enforcer_sockets(const struct enforcer *en, int fd[ENFORCER_SOCKETS])
{
	return en->inject != NULL ? inject_sockets(en->inject, fd) : 0;
}

int
enforcer_policy(const struct enforcer *en, const struct live_options *lo,
    struct policy **out, struct err *e)
{
	const struct policy_opts po = enforce_options_policy(&lo->enforce);

	*out = NULL;
	return en->quota != NULL ? policy_open(out, &po, e) : 0;
}

void
enforcer_policy_close(struct policy *p)
{
	policy_close(p);
}

int
enforcer_guard(const struct enforcer *en, const struct live_options *lo,
    struct guard **out, struct err *e)
{
	const struct guard_opts go = {.interface = en->interface,
	    .inject = en->inject,
	    .quota = en->quota,
	    .key = en->key};
	struct policy *p;

	*out = NULL;
	if (en->quota == NULL)
		return 0;
	if (guard_open(out, &go, e) != 0 || enforcer_policy(en, lo, &p, e) != 0)
		return -1;
	guard_obey(*out, p);
	return 0;
}

void
enforcer_guard_close(struct guard *g)
{
	guard_close(g);
}

void
enforcer_obey(struct guard *g, struct policy *p)
{
	guard_obey(g, p);
}
