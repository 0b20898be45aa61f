/*
 * Capture files in memory: the first frames of a plain pcap file in another format, and
 * packed.  Where each frame ends is kept, so that what must be left of a damaged file can
 * be said without the reader under test.
 */
#ifndef TESTS_DAMAGE_IMAGE_H
#define TESTS_DAMAGE_IMAGE_H

#include <stdbool.h>

#include "base/bytes.h"

#define IMAGE_MAX    65536 /* bytes of a file before it is packed */
#define IMAGE_FRAMES 512

enum image_format { IMAGE_PCAP, IMAGE_PCAP_BIG, IMAGE_NG, IMAGE_NG_BIG };
enum image_packing { IMAGE_PLAIN, IMAGE_GZIP, IMAGE_ZSTD };

#define IMAGE_FORMATS  (IMAGE_NG_BIG + 1)
#define IMAGE_PACKINGS (IMAGE_ZSTD + 1)

struct image {
	uint8_t b[IMAGE_MAX];
	size_t n;
	bool big;
	size_t section; /* bytes of what makes it a capture */
	size_t head;    /* bytes before the first frame's record */
	size_t end[IMAGE_FRAMES];
	size_t frames;
};

/* False when there is no such file, or it is no little-endian pcap. */
bool image_load(struct image *m, const char *path, enum image_format as);

/* Frames whose records end within the first n bytes. */
size_t image_frames_within(const struct image *m, size_t n);

/* Whether a file cut at n is cut between records. */
bool image_is_boundary(const struct image *m, size_t n);

/* Packs; returns the bytes written, at most max.  A packing of none copies. */
size_t image_pack(enum image_packing how, struct bytes in, uint8_t *out, size_t max);

/*
 * Bytes that can be unpacked from the start of a packed file: what libraries make of
 * it.
 */
size_t image_unpacked(enum image_packing how, struct bytes start);

#endif
