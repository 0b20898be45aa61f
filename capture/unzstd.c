#include "capture/unzstd.h"

#include <stdlib.h>
#include <zstd.h>

struct unzstd {
	ZSTD_DStream *stream;
	size_t last; /* the library's latest answer */
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

enum gunzip_result
unzstd_push(struct unzstd *z, struct bytes *in, uint8_t *out, size_t size, size_t *made)
{
	ZSTD_inBuffer from = {in->p, in->n, 0};
	ZSTD_outBuffer to = {out, size, 0};

	do {
		z->last = ZSTD_decompressStream(z->stream, &to, &from);
	} while (z->last != 0 && !ZSTD_isError(z->last) && from.pos < from.size &&
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
