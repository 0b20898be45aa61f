#include "detect/carry.h"

#include <stdlib.h>

#include "base/gunzip.h"

struct carry {
	struct gunzip *gz;
	uint64_t inflated;
	size_t have;
	bool lent, inflate, broken;
	uint8_t data[CARRY_SIZE];
};

struct carries {
	struct carry *carry;
	size_t n;
	uint64_t refused, broken;
};

int
carries_open(struct carries **out, size_t buffers, struct err *e)
{
	struct carries *c = calloc(1, sizeof(*c));
	size_t i;

	if (c == NULL || (c->carry = calloc(buffers, sizeof(*c->carry))) == NULL) {
		free(c);
		return err_set(e, "out of memory for %zu body buffers", buffers);
	}
	c->n = buffers;
	for (i = 0; i < buffers; i++)
		if (gunzip_open(&c->carry[i].gz, e) != 0) {
			carries_close(c);
			return -1;
		}
	*out = c;
	return 0;
}

void
carries_close(struct carries *c)
{
	size_t i;

	if (c == NULL)
		return;
	for (i = 0; i < c->n; i++)
		gunzip_close(c->carry[i].gz);
	free(c->carry);
	free(c);
}

unsigned
carry_take(struct carries *c, bool inflate)
{
	struct carry *k;
	size_t i;

	for (i = 0; i < c->n && c->carry[i].lent; i++)
		;
	if (i == c->n) {
		c->refused++;
		return 0;
	}
	k = &c->carry[i];
	k->lent = true;
	k->inflate = inflate;
	k->broken = false;
	k->have = 0;
	k->inflated = 0;
	if (inflate)
		gunzip_reset(k->gz);
	return (unsigned)i + 1;
}

void
carry_give(struct carries *c, unsigned which)
{
	if (which != 0)
		c->carry[which - 1].lent = false;
}

static void
give_up(struct carries *c, struct carry *k, struct bytes *in)
{
	if (!k->broken)
		c->broken++;
	k->broken = true;
	*in = bytes_skip(*in, in->n);
}

static bool
put_inflated(struct carries *c, struct carry *k, struct bytes *in)
{
	size_t before = in->n, made = 0;
	enum gunzip_result r;

	r = gunzip_push(k->gz, in, k->data + k->have, CARRY_SIZE - k->have, &made);
	k->have += made;
	k->inflated += made;
	if (r == GUNZIP_BAD || r == GUNZIP_END || k->inflated > CARRY_INFLATE_MAX) {
		if (r == GUNZIP_END)
			k->broken = true;
		give_up(c, k, in);
		return made != 0;
	}
	return made != 0 || in->n != before;
}

bool
carry_put(struct carries *c, unsigned which, struct bytes *in)
{
	struct carry *k = &c->carry[which - 1];
	struct bytes part;

	if (k->broken) {
		*in = bytes_skip(*in, in->n);
		return false;
	}
	if (k->have == CARRY_SIZE) {
		give_up(c, k, in);
		return false;
	}
	if (k->inflate)
		return put_inflated(c, k, in);
	part = bytes_take(*in, CARRY_SIZE - k->have);
	if (part.n == 0)
		return false;
	memcpy(k->data + k->have, part.p, part.n);
	k->have += part.n;
	*in = bytes_skip(*in, part.n);
	return true;
}

struct bytes
carry_view(const struct carries *c, unsigned which)
{
	return bytes_of(c->carry[which - 1].data, c->carry[which - 1].have);
}

void
carry_consume(struct carries *c, unsigned which, size_t n)
{
	struct carry *k = &c->carry[which - 1];

	if (n < k->have)
		memmove(k->data, k->data + n, k->have - n);
	k->have -= n;
}

void
carries_counters(const struct carries *c, struct counters *to)
{
	counters_add(to, "gateway.bodies_refused", "bodies not read for want of a buffer",
	    c->refused);
	counters_add(to, "gateway.bodies_broken",
	    "compressed bodies that were damaged or too large", c->broken);
}
