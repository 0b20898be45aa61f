/*
 * Replays files and folders of files through a fuzz target, without a fuzzer.  A target
 * with a mutator of its own also gets each file changed some times, the same on every
 * run.
 */
#define _XOPEN_SOURCE 700
#include <ftw.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHANGES   16    /* of each file */
#define INPUT_MAX 16384 /* bytes of a changed one */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
    __attribute__((weak));

static unsigned replayed, changed;

static void
replay_changed(const uint8_t *data, size_t n)
{
	static uint8_t input[INPUT_MAX];
	unsigned seed;
	size_t size;

	if (LLVMFuzzerCustomMutator == NULL || n > INPUT_MAX)
		return;
	for (seed = 1; seed <= CHANGES; seed++) {
		memcpy(input, data, n);
		size = LLVMFuzzerCustomMutator(input, n, INPUT_MAX, seed);
		(void)LLVMFuzzerTestOneInput(input, size);
		changed++;
	}
}

static int
replay(const char *path, const struct stat *st, int type, struct FTW *where)
{
	FILE *f;
	uint8_t *data;
	size_t n;

	(void)where;
	if (type != FTW_F)
		return 0;
	f = fopen(path, "rb");
	data = malloc((size_t)st->st_size + 1);
	if (f == NULL || data == NULL)
		abort();
	n = fread(data, 1, (size_t)st->st_size, f);
	(void)LLVMFuzzerTestOneInput(data, n);
	replay_changed(data, n);
	free(data);
	(void)fclose(f);
	replayed++;
	return 0;
}

int
main(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		if (nftw(argv[i], replay, 16, FTW_PHYS) != 0)
			return 1;
	printf("%u inputs replayed, %u changed ones\n", replayed, changed);
	return replayed == 0;
}
