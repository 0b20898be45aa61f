#define _GNU_SOURCE
#include "capture/source.h"
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char name[32];
	struct source_opts opts = {.paths = (const char *[]){name}, .n_paths = 1};
	struct source *s;
	const struct frame *f;
	struct err e = {{0}};
	int fd = memfd_create("fuzz", 0);

	(void)snprintf(name, sizeof(name), "/dev/fd/%d", fd);
	if (write(fd, data, size) != (ssize_t)size || source_open(&s, &opts, &e) != 0)
		__builtin_trap();
	while (source_next(s, &f) == SOURCE_FRAME)
		if (f->wire_len < f->data.n || f->data.n > 262144)
			__builtin_trap();
	source_close(s);
	return close(fd);
}
