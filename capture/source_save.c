#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture/source.h"
#include "capture/source_filter.h"

#define MAGIC_NSEC 0xa1b23c4dU
#define SNAPLEN    262144U
#define ETHERNET   1

struct save {
	FILE *f;
	int linktype; /* DLT_ value; -1 until the first frame */
	int code;     /* errno of the first failure */
	uint64_t refused;
	char path[];
};

int
save_open(struct save **s, const char *path, struct err *e)
{
	size_t n = strlen(path) + 1;
	struct save *fresh = calloc(1, sizeof(*fresh) + n);
	int fd = -1;

	if (fresh == NULL)
		return err_set(e, "%s: no memory", path);
	memcpy(fresh->path, path, n);
	fresh->linktype = -1;
	if (strcmp(path, "-") == 0)
		fd = dup(STDOUT_FILENO);
	else
		fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	if (fd >= 0)
		fresh->f = fdopen(fd, "wb");
	if (fresh->f == NULL) {
		(void)err_sys(e, errno, "%s: cannot be written", path);
		if (fd >= 0)
			(void)close(fd);
		free(fresh);
		return -1;
	}
	*s = fresh;
	return 0;
}

static void
put(struct save *s, const void *data, size_t n)
{
	if (s->code == 0 && n != 0 && fwrite(data, 1, n, s->f) != n)
		s->code = errno ? errno : EIO;
}

static void
put_head(struct save *s, int linktype)
{
	const uint32_t magic = MAGIC_NSEC, none[2] = {0, 0};
	const uint16_t version[2] = {2, 4};
	const uint32_t tail[2] = {SNAPLEN, (uint32_t)linktype_to_file(linktype)};

	s->linktype = linktype;
	put(s, &magic, sizeof(magic));
	put(s, version, sizeof(version));
	put(s, none, sizeof(none));
	put(s, tail, sizeof(tail));
}

/* The format counts seconds from 1970 in 32 bits; other times go to its ends. */
static void
put_time(struct save *s, int64_t ts)
{
	const int64_t last = INT64_C(0xffffffff) * 1000000000 + 999999999;
	uint32_t when[2];

	if (ts < 0)
		ts = 0;
	if (ts > last)
		ts = last;
	when[0] = (uint32_t)(ts / 1000000000);
	when[1] = (uint32_t)(ts % 1000000000);
	put(s, when, sizeof(when));
}

void
save_frame(struct save *s, const struct frame *f)
{
	const uint32_t lengths[2] = {(uint32_t)f->data.n, f->wire_len};

	if (s->linktype < 0)
		put_head(s, f->linktype);
	if (s->linktype != f->linktype) {
		s->refused++;
		return;
	}
	put_time(s, f->ts);
	put(s, lengths, sizeof(lengths));
	put(s, f->data.p, f->data.n);
}

int
save_close(struct save *s, struct err *e)
{
	int r = 0;

	if (s == NULL)
		return 0;
	if (s->linktype < 0)
		put_head(s, ETHERNET);
	if (fclose(s->f) != 0 && s->code == 0)
		s->code = errno;
	if (s->code != 0)
		r = err_sys(e, s->code, "%s: could not be written completely", s->path);
	free(s);
	return r;
}

uint64_t
save_refused(const struct save *s)
{
	return s->refused;
}
