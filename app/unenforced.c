/* In a build that cannot send nothing is ever guarded, and none of this is called. */
#include "app/enforcer.h"
#include "app/pipeline_flow.h"

void
rooms_guard_hear(struct rooms *r, const struct observation *o)
{
	(void)r;
	(void)o;
}

bool
rooms_guard_skip(struct rooms *r, const struct packet *p)
{
	(void)r;
	(void)p;
	return false;
}

void
rooms_guard_meet(struct rooms *r, struct session *s, const struct packet *p,
    const struct frame *f, enum side side)
{
	(void)r;
	(void)s;
	(void)p;
	(void)f;
	(void)side;
}

void
rooms_guard_tell(struct rooms *r, int64_t now)
{
	(void)r;
	(void)now;
}

void
rooms_guard_blind(struct rooms *r)
{
	(void)r;
}

bool
rooms_guard_finish(struct rooms *r)
{
	(void)r;
	return false;
}

void
rooms_guard_counters(const struct rooms *r, struct counters *to)
{
	(void)r;
	(void)to;
}

int
enforcer_open(struct enforcer *en, const struct live_options *lo, struct err *e)
{
	(void)lo;
	(void)e;
	*en = (struct enforcer){.inject = NULL};
	return 0;
}

void
enforcer_close(struct enforcer *en)
{
	(void)en;
}

void
enforcer_calm(struct enforcer *en)
{
	(void)en;
}

size_t
enforcer_sockets(const struct enforcer *en, int fd[ENFORCER_SOCKETS])
{
	(void)en;
	(void)fd;
	return 0;
}

int
enforcer_policy(const struct enforcer *en, const struct live_options *lo,
    struct policy **out, struct err *e)
{
	(void)en;
	(void)lo;
	(void)e;
	*out = NULL;
	return 0;
}

void
enforcer_policy_close(struct policy *p)
{
	(void)p;
}

int
enforcer_guard(const struct enforcer *en, const struct live_options *lo,
    struct guard **out, struct err *e)
{
	(void)en;
	(void)lo;
	(void)e;
	*out = NULL;
	return 0;
}

void
enforcer_guard_close(struct guard *g)
{
	(void)g;
}

void
enforcer_obey(struct guard *g, struct policy *p)
{
	(void)g;
	(void)p;
}
