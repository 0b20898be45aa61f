#define _DEFAULT_SOURCE
#include "tests/guard.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define ROOM ((size_t)1024 * 1024)

struct bytes
guard_copy(const void *data, size_t n)
{
	static uint8_t *area;
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (area == NULL) {
		area = mmap(NULL, ROOM + page, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (area == MAP_FAILED || mprotect(area + ROOM, page, PROT_NONE) != 0)
			abort();
	}
	if (n > ROOM)
		abort();
	if (n != 0)
		memcpy(area + ROOM - n, data, n);
	return bytes_of(area + ROOM - n, n);
}
