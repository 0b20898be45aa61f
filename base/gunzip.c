#include "base/gunzip.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#define ZLIB_CONST
#include <zlib.h>

/* zlib takes one block for its state (some 7 KiB) and one for the window (32 KiB). */
#define STATE_MAX  ((size_t)14 * 1024)
#define WINDOW_MAX ((size_t)33 * 1024)

struct slot {
	bool used;
	size_t size;
	uint8_t *mem;
};

struct gunzip {
	z_stream z;
	struct slot slots[2];
	uint8_t head[2]; /* the first bytes, held until they tell the format */
	uint8_t n_head;
	uint8_t eaten; /* bytes of head that zlib has had */
	enum gunzip_result last;
	_Alignas(max_align_t) uint8_t state[STATE_MAX];
	_Alignas(max_align_t) uint8_t window[WINDOW_MAX];
};

/* The smaller slot comes first, so the window never ends up with the state's. */
static voidpf
slot_take(voidpf arena, uInt items, uInt size)
{
	struct gunzip *g = arena;
	size_t i;

	for (i = 0; i < 2; i++)
		if (!g->slots[i].used && (uint64_t)items * size <= g->slots[i].size) {
			g->slots[i].used = true;
			return g->slots[i].mem;
		}
	return Z_NULL;
}

static void
slot_give(voidpf arena, voidpf mem)
{
	struct gunzip *g = arena;
	size_t i;

	for (i = 0; i < 2; i++)
		if (g->slots[i].mem == mem)
			g->slots[i].used = false;
}

int
gunzip_open(struct gunzip **g, struct err *e)
{
	struct gunzip *fresh = calloc(1, sizeof(*fresh));

	if (fresh == NULL)
		return err_set(e, "no memory to unpack gzip");
	fresh->slots[0] = (struct slot){false, sizeof(fresh->state), fresh->state};
	fresh->slots[1] = (struct slot){false, sizeof(fresh->window), fresh->window};
	fresh->z.zalloc = slot_take;
	fresh->z.zfree = slot_give;
	fresh->z.opaque = fresh;
	if (inflateInit2(&fresh->z, MAX_WBITS) != Z_OK) {
		free(fresh);
		return err_set(e,
		    "zlib %s cannot be used: its state is larger than known",
		    zlibVersion());
	}
	gunzip_reset(fresh);
	*g = fresh;
	return 0;
}

void
gunzip_close(struct gunzip *g)
{
	if (g == NULL)
		return;
	(void)inflateEnd(&g->z);
	free(g);
}

void
gunzip_reset(struct gunzip *g)
{
	g->n_head = 0;
	g->eaten = 0;
	g->last = GUNZIP_MORE;
}

/* What zlib is to expect after these two bytes, as its windowBits. */
static int
format_of(const uint8_t head[2])
{
	if (head[0] == 0x1f && head[1] == 0x8b)
		return MAX_WBITS + 16;
	if ((head[0] & 0x0f) == Z_DEFLATED && head[0] >> 4 <= 7 &&
	    load_be16(head) % 31 == 0)
		return MAX_WBITS;
	return -MAX_WBITS;
}

/* Collects the first two bytes; true when zlib is set up for what they say. */
static bool
know_format(struct gunzip *g, struct bytes *in)
{
	while (g->n_head < 2 && in->n != 0) {
		g->head[g->n_head++] = in->p[0];
		*in = bytes_skip(*in, 1);
		if (g->n_head == 2 && inflateReset2(&g->z, format_of(g->head)) != Z_OK)
			g->last = GUNZIP_BAD;
	}
	return g->n_head == 2 && g->last != GUNZIP_BAD;
}

/* One call of inflate; *in and *made move on by what it did. */
static int
inflate_some(struct gunzip *g, struct bytes *in, uint8_t *out, size_t size, size_t *made)
{
	uInt give = in->n < INT_MAX ? (uInt)in->n : INT_MAX;
	uInt room = size - *made < INT_MAX ? (uInt)(size - *made) : INT_MAX;
	int r;

	g->z.next_in = in->p;
	g->z.avail_in = give;
	g->z.next_out = out + *made;
	g->z.avail_out = room;
	r = inflate(&g->z, Z_NO_FLUSH);
	*in = bytes_skip(*in, give - g->z.avail_in);
	*made += room - g->z.avail_out;
	return r;
}

static enum gunzip_result
answer(int r, bool eaten, bool full)
{
	if (r == Z_STREAM_END)
		return GUNZIP_END;
	if (r != Z_OK && r != Z_BUF_ERROR)
		return GUNZIP_BAD;
	return full || !eaten ? GUNZIP_FULL : GUNZIP_MORE;
}

/* The two held bytes go first, then the caller's. */
static enum gunzip_result
inflate_all(struct gunzip *g, struct bytes *in, uint8_t *out, size_t size, size_t *made)
{
	struct bytes held;
	int r = Z_OK;

	while (g->eaten < 2 && r == Z_OK && *made < size) {
		held = bytes_of(g->head + g->eaten, (size_t)2 - g->eaten);
		r = inflate_some(g, &held, out, size, made);
		g->eaten = (uint8_t)(2 - held.n);
	}
	do {
		if (r == Z_OK && g->eaten == 2)
			r = inflate_some(g, in, out, size, made);
	} while (r == Z_OK && in->n != 0 && *made < size);
	return answer(r, g->eaten == 2 && in->n == 0, *made == size);
}

enum gunzip_result
gunzip_push(struct gunzip *g, struct bytes *in, uint8_t *out, size_t size, size_t *made)
{
	*made = 0;
	if (g->last == GUNZIP_END || g->last == GUNZIP_BAD)
		return g->last;
	if (!know_format(g, in))
		return g->last;
	g->last = size == 0 ? GUNZIP_FULL : inflate_all(g, in, out, size, made);
	return g->last;
}
