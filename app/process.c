#define _POSIX_C_SOURCE 200809L
#include "app/process.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIELDS_BEFORE 20 /* between the program's name and the time: proc(5), stat */

uint64_t
process_mark(int64_t pid)
{
	char path[64], text[1024];
	const char *p;
	FILE *f;
	size_t n;

	(void)snprintf(path, sizeof(path), "/proc/%" PRId64 "/stat", pid);
	f = fopen(path, "re");
	if (f == NULL)
		return 0;
	n = fread(text, 1, sizeof(text) - 1, f);
	(void)fclose(f);
	text[n] = '\0';
	/* The name may hold anything, blanks and brackets too. */
	p = strrchr(text, ')');
	for (n = 0; p != NULL && n < FIELDS_BEFORE; n++)
		p = strchr(p + 1, ' ');
	return p != NULL ? strtoull(p, NULL, 10) : 0;
}

enum process_state
process_state(int64_t pid, uint64_t mark)
{
	uint64_t now = process_mark(pid);

	if (now != 0)
		return now == mark ? PROCESS_THERE : PROCESS_ANOTHER;
	/* A system may hide the processes of others. */
	if (pid > 0 && pid <= INT_MAX && kill((pid_t)pid, 0) != 0 && errno == EPERM)
		return PROCESS_THERE;
	return PROCESS_GONE;
}
