/* What happens when memory runs out: people are told, and nothing is left behind. */
#define _XOPEN_SOURCE 700
#include <zlib.h>
#include <zstd.h>

#include "app/pipeline.h"
#include "capture/defrag.h"
#include "capture/flow.h"
#include "detect/attempt.h"
#include "detect/detect.h"
#include "tests/capfile.h"
#include "tests/starve.h"
#include "tests/suite.h"

#define ALLOCATIONS_MAX 1000

static struct cap cap;
static struct folder dir;

/* How many frames are read; -1, with a text, when the source does not open. */
static int
frames_of(const struct source_opts *opts, struct err *e)
{
	struct source *s;
	const struct frame *f;
	int n = 0;

	if (source_open(&s, opts, e) != 0)
		return -1;
	while (source_next(s, &f) == SOURCE_FRAME)
		n++;
	source_close(s);
	return n;
}

/* Each allocation in turn is refused, until none is left that could be. */
static void
starve_source(const struct source_opts *opts, int frames)
{
	bool refused = true;
	struct err e;
	size_t i;
	int n;

	for (i = 0; refused && i < ALLOCATIONS_MAX; i++) {
		e = (struct err){{0}};
		starve_after(i);
		n = frames_of(opts, &e);
		refused = starve_end();
		CU_ASSERT(n <= frames);
		CU_ASSERT(n >= 0 || e.text[0] != '\0');
		if (!refused)
			CU_ASSERT_EQUAL(n, frames);
	}
	CU_ASSERT(i > 1);
	CU_ASSERT(!refused);
}

static const char *
put_file(const char *name, uint32_t first)
{
	cap_pcap(&cap, CAP_USEC, false, 1);
	cap_record(&cap, first, 0, 60);
	cap_record(&cap, first + 3, 0, 60);
	return folder_put(&dir, name, cap.b, cap.n);
}

static void
a_source_short_of_memory_says_so(void)
{
	const char *paths[] = {dir.path};
	struct source_opts opts = {.paths = paths, .n_paths = 1};

	folder_make(&dir);
	(void)put_file("a", 100);
	(void)put_file("b", 101);
	(void)put_file("c", 200);
	starve_source(&opts, 6);
	opts.filter = "len > 10";
	starve_source(&opts, 6);
	folder_drop(&dir);
}

static void
a_packed_source_short_of_memory_says_so(void)
{
	static uint8_t packed[65536];
	const char *paths[] = {dir.path};
	struct source_opts opts = {.paths = paths, .n_paths = 1};
	const char *path;
	gzFile gz;
	size_t n;

	folder_make(&dir);
	path = put_file("x", 100);
	gz = gzopen(path, "wb");
	CU_ASSERT_EQUAL(gzwrite(gz, cap.b, (unsigned)cap.n), (int)cap.n);
	CU_ASSERT_EQUAL(gzclose(gz), Z_OK);
	starve_source(&opts, 2);
	n = ZSTD_compress(packed, sizeof(packed), cap.b, cap.n, 3);
	CU_ASSERT_FALSE_FATAL(ZSTD_isError(n));
	(void)folder_put(&dir, "x", packed, n);
	starve_source(&opts, 2);
	folder_drop(&dir);
}

static void
a_pipeline_short_of_memory_says_so(void)
{
	static const char *const names[] = {"im.example.com", "*.example.org", NULL};
	static const char *const sinkholes[] = {"192.0.2.0/24", NULL};
	struct pipeline_opts opts = {.names = names, .sinkholes = sinkholes};
	bool refused = true;
	struct pipeline *p;
	struct err e;
	size_t i;

	for (i = 0; refused && i < ALLOCATIONS_MAX; i++) {
		p = NULL;
		e = (struct err){{0}};
		starve_after(i);
		if (pipeline_open(&p, &opts, &e) == 0)
			pipeline_close(p);
		refused = starve_end();
		CU_ASSERT_EQUAL(refused, e.text[0] != '\0');
	}
	CU_ASSERT(i > 10);
	CU_ASSERT(!refused);
}

static void
names_and_sinkholes_that_are_none_are_refused(void)
{
	static const char *const bad_name[] = {"good.example.com", "not a name", NULL};
	static const char *const bad_sinkhole[] = {"192.0.2.1", "192.0.2.1/99", NULL};
	struct pipeline_opts opts = {.names = bad_name};
	struct pipeline *p;
	struct err e = {{0}};

	CU_ASSERT_EQUAL(pipeline_open(&p, &opts, &e), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.text, "not a name"));
	opts = (struct pipeline_opts){.sinkholes = bad_sinkhole};
	CU_ASSERT_EQUAL(pipeline_open(&p, &opts, &e), -1);
}

static void
what_was_never_opened_can_be_closed(void)
{
	struct err e = {{0}};

	source_close(NULL);
	pipeline_close(NULL);
	flow_close(NULL);
	stream_pool_close(NULL);
	defrag_close(NULL);
	detect_close(NULL);
	attempt_close(NULL);
	CU_ASSERT_EQUAL(save_close(NULL, &e), 0);
}

void
suite_memory(void)
{
	CU_pSuite s = suite_new("memory");

	CASE(s, "a source short of memory says so", a_source_short_of_memory_says_so);
	CASE(s, "a packed source short of memory says so",
	    a_packed_source_short_of_memory_says_so);
	CASE(s, "a pipeline short of memory says so", a_pipeline_short_of_memory_says_so);
	CASE(s, "names and sinkholes that are none are refused",
	    names_and_sinkholes_that_are_none_are_refused);
	CASE(s, "what was never opened can be closed",
	    what_was_never_opened_can_be_closed);
}
