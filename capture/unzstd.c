#include "capture/unzstd.h"

#include <stdlib.h>
#include <zstd.h>

struct unzstd {
	ZSTD_DStream *stream;
	size_t
	    last; /* the library's latest answer: how much it wants next, or an error */
};

int
unzstd_open(struct unzstd **z, struct err *e)
{
	struct unzstd *fresh = calloc(1, sizeof(*fresh));

	if (fresh == NULL || (fresh->stream = ZSTD_createDStream()) == NULL) {
		free(fresh);
		return err_set(e, "no memory to unpack zstd");
	}
	*z = fresh;
	return 0;
}

void
unzstd_close(struct unzstd *z)
{
	if (z == NULL)
		return;
	(void)ZSTD_freeDStream(z->stream);
	free(z);
}

void
unzstd_reset(struct unzstd *z)
{
	z->last = ZSTD_DCtx_reset(z->stream, ZSTD_reset_session_only);
}

/*
 * A call that meets damage tells nothing of what it unpacked before.  So the library
 * gets no more at once than it asks for, which is a block; of a new frame, one octet.
 */
static size_t
piece(const struct unzstd *z, size_t left)
{
	size_t want = z->last != 0 ? z->last : 1;

	return want < left ? want : left;
}

enum gunzip_result
unzstd_push(struct unzstd *z, struct bytes *in, uint8_t *out, size_t size, size_t *made)
{
	ZSTD_inBuffer from = {in->p, 0, 0};
	ZSTD_outBuffer to = {out, size, 0};

	do {
		from.size = from.pos + piece(z, in->n - from.pos);
		z->last = ZSTD_decompressStream(z->stream, &to, &from);
	} while (z->last != 0 && !ZSTD_isError(z->last) && from.pos < in->n &&
		 to.pos < to.size);
	*in = bytes_skip(*in, from.pos);
	*made = to.pos;
	if (ZSTD_isError(z->last))
		return GUNZIP_BAD;
	if (z->last == 0)
		return GUNZIP_END;
	return to.pos == to.size ? GUNZIP_FULL : GUNZIP_MORE;
}

const char *
unzstd_why(const struct unzstd *z)
{
	return ZSTD_getErrorName(z->last);
}
