/*
 * Unpacks zstd over memory, frame after frame; the one file that knows libzstd.  The
 * library takes the memory a frame asks for (its window, at most 128 MiB) when
 * the frame begins.
 */
#ifndef CAPTURE_UNZSTD_H
#define CAPTURE_UNZSTD_H

#include "base/bytes.h"
#include "base/err.h"
#include "base/gunzip.h"

struct unzstd;

int unzstd_open(struct unzstd **z, struct err *e);
void unzstd_close(struct unzstd *z);
void unzstd_reset(struct unzstd *z);

/*
 * Answers as gunzip_push does.  GUNZIP_END stands at the end of each frame
 * (also of a skippable one); the next call begins the next frame.
 */
enum gunzip_result unzstd_push(
    struct unzstd *z, struct bytes *in, uint8_t *out, size_t size, size_t *made);

/* What was wrong, in the library's words, after GUNZIP_BAD. */
const char *unzstd_why(const struct unzstd *z);

#endif
