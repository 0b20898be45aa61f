/* Replays files and folders of files through a fuzz target, without a fuzzer. */
#define _XOPEN_SOURCE 700
#include <ftw.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned replayed;

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
	printf("%u inputs replayed\n", replayed);
	return replayed == 0;
}
