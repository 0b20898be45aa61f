#include "app/doubt.h"

#include <stdlib.h>
#include <string.h>

int
doubt_open(struct doubt *d, struct err *e)
{
	d->room = malloc(DOUBT_BYTES_MAX);
	return d->room != NULL ? 0 : err_set(e, "out of memory for frames that wait");
}

void
doubt_close(struct doubt *d)
{
	free(d->room);
}

bool
doubt_put(struct doubt *d, const struct frame *f, bool overheard)
{
	uint8_t *to = d->room + d->used;

	if (d->n == DOUBT_FRAMES_MAX || f->data.n > DOUBT_BYTES_MAX - d->used)
		return false;
	if (f->data.n != 0)
		memcpy(to, f->data.p, f->data.n);
	d->overheard[d->n] = overheard;
	d->frame[d->n] = *f;
	d->frame[d->n++].data.p = to;
	d->used += f->data.n;
	return true;
}

void
doubt_drop(struct doubt *d)
{
	size_t n = d->frame[0].data.n, i;

	memmove(d->room, d->room + n, d->used - n);
	memmove(d->overheard, d->overheard + 1, (d->n - 1) * sizeof(d->overheard[0]));
	memmove(d->frame, d->frame + 1, --d->n * sizeof(d->frame[0]));
	d->used -= n;
	for (i = 0; i < d->n; i++)
		d->frame[i].data.p -= n;
}
