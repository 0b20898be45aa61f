#define _POSIX_C_SOURCE 200809L
#include "capture/writer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "capture/source_filter.h"

#define MAGIC_NSEC 0xa1b23c4dU
#define SNAPLEN    262144U
#define ETHERNET   1
#define BUFFER     65536
#define HEAD       16 /* of a record */

int
writer_open(struct writer *w)
{
	*w = (struct writer){.fd = -1, .linktype = -1};
	w->buffer = malloc(BUFFER);
	return w->buffer != NULL ? 0 : -1;
}

void
writer_close(struct writer *w)
{
	free(w->buffer);
	w->buffer = NULL;
}

void
writer_begin(struct writer *w, int fd)
{
	*w = (struct writer){.fd = fd, .linktype = -1, .buffer = w->buffer};
}

static bool
write_all(struct writer *w, const uint8_t *p, size_t n)
{
	ssize_t done;

	while (n != 0) {
		done = file_write(w->fd, p, n);
		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0) {
			w->code = done < 0 ? errno : EIO;
			return false;
		}
		p += done;
		n -= (size_t)done;
	}
	return true;
}

/* Half a record would spoil the file for its readers; where it can be cut off it is. */
static void
give_up(struct writer *w, uint64_t records)
{
	w->lost += records;
	if (ftruncate(w->fd, (off_t)w->stored) == 0)
		(void)lseek(w->fd, (off_t)w->stored, SEEK_SET);
}

bool
writer_flush(struct writer *w)
{
	if (w->code != 0 || w->n == 0)
		return w->code == 0;
	if (write_all(w, w->buffer, w->n))
		w->stored += w->n;
	else
		give_up(w, w->waiting);
	w->n = 0;
	w->waiting = 0;
	return w->code == 0;
}

static void
put(struct writer *w, const void *data, size_t n)
{
	memcpy(w->buffer + w->n, data, n);
	w->n += n;
	w->size += n;
}

static void
put_u32(struct writer *w, uint32_t value)
{
	put(w, &value, sizeof(value));
}

static void
put_head(struct writer *w, int linktype)
{
	const uint16_t version[2] = {2, 4};

	w->linktype = linktype;
	put_u32(w, MAGIC_NSEC);
	put(w, version, sizeof(version));
	put_u32(w, 0);
	put_u32(w, 0);
	put_u32(w, SNAPLEN);
	put_u32(w, (uint32_t)linktype_to_file(linktype));
}

/* The format counts seconds from 1970 in 32 bits; other times go to its ends. */
static void
put_time(struct writer *w, int64_t ts)
{
	const int64_t last = INT64_C(0xffffffff) * NS_PER_S + NS_PER_S - 1;

	if (ts < 0)
		ts = 0;
	if (ts > last)
		ts = last;
	put_u32(w, (uint32_t)(ts / NS_PER_S));
	put_u32(w, (uint32_t)(ts % NS_PER_S));
}

uint64_t
writer_cost(const struct frame *f)
{
	return HEAD + (uint64_t)f->data.n;
}

/* One that is larger than the buffer goes to the file at once, after its head. */
static void
put_large(struct writer *w, const struct frame *f)
{
	w->size += f->data.n;
	if (write_all(w, w->buffer, w->n) && write_all(w, f->data.p, f->data.n))
		w->stored += w->n + f->data.n;
	else
		give_up(w, 1);
	w->n = 0;
}

void
writer_frame(struct writer *w, const struct frame *f)
{
	if (w->linktype < 0)
		put_head(w, f->linktype);
	if (w->n + writer_cost(f) > BUFFER)
		(void)writer_flush(w);
	if (w->code != 0) {
		w->lost++;
		return;
	}
	w->records++;
	put_time(w, f->ts);
	put_u32(w, (uint32_t)f->data.n);
	put_u32(w, f->wire_len);
	if (w->n + f->data.n > BUFFER) {
		put_large(w, f);
		return;
	}
	if (f->data.n != 0)
		put(w, f->data.p, f->data.n);
	w->waiting++;
}

bool
writer_end(struct writer *w)
{
	if (w->linktype < 0)
		put_head(w, ETHERNET);
	(void)writer_flush(w);
	if (close(w->fd) != 0 && w->code == 0)
		w->code = errno;
	w->fd = -1;
	return w->code == 0;
}
