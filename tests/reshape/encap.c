#include <stdlib.h>
#include <string.h>

#include "tests/reshape/layers.h"
#include "tests/reshape/steps.h"

#define LAYERS_MAX 12

static size_t
layers_of(const char *arg, const struct layer *list[LAYERS_MAX])
{
	struct bytes rest = bytes_str(arg), name;
	size_t n = 0;

	for (; rest.n > 0; rest = bytes_skip(rest, name.n + 1)) {
		name = bytes_take(rest, bytes_find(rest, ' '));
		if (n == LAYERS_MAX)
			abort();
		list[n++] = layer_named(name);
	}
	return n;
}

static void
wrap(struct build *b, const struct rec *r, const struct layer *const *list, size_t n)
{
	size_t i;

	b->end = b->buf + BUILD_MAX;
	b->p = b->end - r->n;
	b->type = ETH_TEB;
	b->proto = 0;
	b->drop = r->n < ETH_LEN;
	b->count++;
	if (b->drop)
		return;
	memcpy(b->p, r->p, r->n);
	memcpy(b->macs, r->p, sizeof(b->macs));
	for (i = 0; i < n && !b->drop; i++)
		list[i]->put(b);
}

void
step_encap(const struct trace *in, struct trace *out, const char *arg)
{
	const struct layer *list[LAYERS_MAX];
	size_t i, n = layers_of(arg, list);
	struct build *b = calloc(1, sizeof(*b));

	if (b == NULL || n == 0 || list[n - 1]->linktype < 0)
		abort();
	out->linktype = list[n - 1]->linktype;
	for (i = 0; i < in->n; i++) {
		wrap(b, &in->r[i], list, n);
		if (!b->drop)
			memcpy(trace_add(out, in->r[i].ts, build_size(b))->p, b->p,
			    build_size(b));
		else if (build_is_ip(b))
			out->not_carried++;
	}
	free(b);
}
