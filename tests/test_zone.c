#include <stdio.h>
#include <string.h>

#include "enforce/zone.h"
#include "tests/guard.h"
#include "tests/local_time.h"
#include "tests/starve.h"
#include "tests/suite.h"

#define HOUR 3600

/* A file being written. */
struct tzif {
	uint8_t data[2048];
	size_t n;
};

static void
put(struct tzif *f, uint64_t value, size_t bytes)
{
	while (bytes-- > 0)
		f->data[f->n++] = (uint8_t)(value >> 8 * bytes);
}

static void
put_text(struct tzif *f, const char *text)
{
	memcpy(f->data + f->n, text, strlen(text));
	f->n += strlen(text);
}

/* Counts in the order of the format: ut, standard, leap, times, types, characters. */
static void
put_header(struct tzif *f, char version, const uint32_t count[6])
{
	size_t i;

	put_text(f, "TZif");
	put(f, (uint8_t)version, 1);
	put(f, 0, 15 - 8);
	put(f, 0, 8);
	for (i = 0; i < 6; i++)
		put(f, count[i], 4);
}

static const uint32_t old_counts[6] = {1, 1, 1, 2, 1, 4};

/* The block for readers of version 1, which has something else to say. */
static void
put_old(struct tzif *f)
{
	put_header(f, '2', old_counts);
	put(f, 1, 4 + 4);
	put(f, 0, 2);
	put(f, 77, 4);
	put(f, 0, 2);
	put_text(f, "OLD");
	put(f, 0, 1);
	put(f, 0, 4 + 4);
	put(f, 0, 1 + 1);
}

struct change {
	int64_t at;
	uint8_t type;
};

/* Three types: LMT, standard and summer; changes end with type 255. */
static struct tzif
make(const struct change *change, const char *footer)
{
	static const int32_t offset[] = {1172, HOUR, 2 * HOUR};
	uint32_t counts[6] = {3, 3, 0, 0, 3, 4}, i;
	struct tzif f = {.n = 0};

	while (change[counts[3]].type != 255)
		counts[3]++;
	put_old(&f);
	put_header(&f, '2', counts);
	for (i = 0; i < counts[3]; i++)
		put(&f, (uint64_t)change[i].at, 8);
	for (i = 0; i < counts[3]; i++)
		put(&f, change[i].type, 1);
	for (i = 0; i < 3; i++) {
		put(&f, (uint32_t)offset[i], 4);
		put(&f, i == 2, 1);
		put(&f, 0, 1);
	}
	put_text(&f, "LMT");
	put(&f, 0, 1);
	put(&f, 0, 3 + 3);
	put_text(&f, footer);
	return f;
}

static const struct change changes[] = {
    {-2000, 1}, {1000, 2}, {2000, 1}, {3000, 2}, {4000, 1}, {0, 255}};

static void
the_change_before_decides(void)
{
	static const struct {
		int64_t at;
		int32_t offset;
	} cases[] = {{INT64_MIN, 1172}, {-2001, 1172}, {-2000, HOUR}, {0, HOUR},
	    {999, HOUR}, {1000, 2 * HOUR}, {1999, 2 * HOUR}, {2000, HOUR},
	    {3999, 2 * HOUR}, {4000, HOUR}, {INT64_MAX, HOUR}};
	struct tzif f = make(changes, "\n\n");
	struct zone z;
	size_t i;

	CU_ASSERT_TRUE_FATAL(zone_parse(guard_copy(f.data, f.n), &z));
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CU_ASSERT_EQUAL(zone_offset(&z, cases[i].at), cases[i].offset);
}

static void
after_the_last_change_the_rule_holds(void)
{
	struct tzif f = make(changes, "\nCET-1CEST,M3.5.0,M10.5.0/3\n");
	const struct change none[] = {{0, 255}};
	struct zone z;

	CU_ASSERT_TRUE_FATAL(zone_parse(guard_copy(f.data, f.n), &z));
	CU_ASSERT_EQUAL(zone_offset(&z, 3999), 2 * HOUR);
	CU_ASSERT_EQUAL(zone_offset(&z, 4000), HOUR);
	CU_ASSERT_EQUAL(zone_offset(&z, local_time_utc("2026-07-01 00:00:00")), 2 * HOUR);
	f = make(none, "\nABC-5\n");
	CU_ASSERT_TRUE_FATAL(zone_parse(guard_copy(f.data, f.n), &z));
	CU_ASSERT_EQUAL(zone_offset(&z, -5000), 5 * HOUR);
	f = make(none, "\n\n");
	CU_ASSERT_TRUE_FATAL(zone_parse(guard_copy(f.data, f.n), &z));
	CU_ASSERT_EQUAL(zone_offset(&z, 5000), 1172);
}

static void
every_part_is_no_zone(void)
{
	struct tzif f = make(changes, "\nCET-1CEST,M3.5.0,M10.5.0/3\n");
	struct zone z;
	size_t n;

	for (n = 0; n < f.n; n++)
		CU_ASSERT_FALSE(zone_parse(guard_copy(f.data, n), &z));
	CU_ASSERT_TRUE(zone_parse(guard_copy(f.data, f.n), &z));
}

/* The file with one byte changed, by its distance from the second header. */
static bool
holds_with(size_t at, uint8_t value)
{
	const size_t old = 44 + 2 * 4 + 2 + 6 + 4 + 8 + 1 + 1;
	struct tzif f = make(changes, "\nCET-1CEST,M3.5.0,M10.5.0/3\n");
	struct zone z;

	f.data[old + at] = value;
	return zone_parse(guard_copy(f.data, f.n), &z);
}

static void
what_makes_no_sense_is_refused(void)
{
	const struct change disorder[] = {{5, 1}, {5, 2}, {0, 255}};
	const struct change astray[] = {{5, 3}, {0, 255}};
	struct tzif f = make(changes, "\nCET-1CEST\n");
	struct zone z;

	CU_ASSERT_FALSE(zone_parse(guard_copy(f.data, f.n), &z));
	f = make(changes, "CET-1\n");
	CU_ASSERT_FALSE(zone_parse(guard_copy(f.data, f.n), &z));
	f = make(disorder, "\n\n");
	CU_ASSERT_FALSE(zone_parse(guard_copy(f.data, f.n), &z));
	f = make(astray, "\n\n");
	CU_ASSERT_FALSE(zone_parse(guard_copy(f.data, f.n), &z));
	CU_ASSERT_TRUE(holds_with(0, 'T'));
	CU_ASSERT_FALSE(holds_with(0, 't'));
	CU_ASSERT_FALSE(holds_with(31, 1));    /* leap seconds */
	CU_ASSERT_FALSE(holds_with(32, 0xff)); /* more changes than there are bytes */
	CU_ASSERT_FALSE(holds_with(39, 0));    /* no types */
	CU_ASSERT_FALSE(holds_with(44 + 5 * 9, 0x7f)); /* an offset of years */
	f = make(changes, "\n\n");
	f.data[4] = '\0';
	CU_ASSERT_FALSE(zone_parse(guard_copy(f.data, f.n), &z));
}

/* Its own reading against the C library's, at random times from 1850 to 2160. */
static bool
as_in_the_c_library(const char *name)
{
	static uint64_t seed = 1;
	struct err e = {{0}};
	char tz[100];
	struct zone z;
	bool same = zone_open(&z, name, &e) == 0;
	unsigned round;
	int64_t t;

	(void)snprintf(tz, sizeof(tz), ":%s", name);
	local_time_in(tz);
	for (round = 0; same && round < 300; round++) {
		seed = seed * 6364136223846793005U + 1442695040888963407U;
		t = (int64_t)((seed >> 20) % 9800000000U) - 3800000000;
		same = zone_offset(&z, t) == local_time_offset(t);
	}
	local_time_in(NULL);
	zone_close(&z);
	if (!same)
		(void)printf("%s differs %s\n", name, e.text);
	return same;
}

static void
the_zones_of_this_machine_are_read_as_the_c_library_does(void)
{
	static const char *const odd[] = {"UTC", "Europe/Berlin", "Europe/Dublin",
	    "America/Nuuk", "Africa/Casablanca", "Australia/Lord_Howe", "Etc/GMT+12",
	    "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia"};
	char line[200], name[100];
	FILE *f = fopen(ZONE_FOLDER "/zone1970.tab", "re");
	size_t i;

	if (f == NULL) {
		(void)printf("skipped: no time zones here\n");
		return;
	}
	for (i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		CU_ASSERT_TRUE(as_in_the_c_library(odd[i]));
	while (fgets(line, sizeof(line), f) != NULL)
		if (sscanf(line, "%*[A-Z,] %*[0-9+-] %99s", name) == 1)
			CU_ASSERT_TRUE(as_in_the_c_library(name));
	(void)fclose(f);
}

static void
a_name_that_is_none_is_refused_by_name(void)
{
	static const char *const bad[] = {"Europe/Nowhere", "", "/etc/passwd",
	    "../../../etc/passwd", "Europe/", "a b", "Europe",
	    "an/unreasonably/long/name/of/a/zone/that/goes/on/and/on/until/it/is/too/"
	    "long"};
	struct zone z;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct err e = {{0}};

		CU_ASSERT_EQUAL(zone_open(&z, bad[i], &e), -1);
		CU_ASSERT_PTR_NOT_NULL(strstr(e.text, "zone"));
		CU_ASSERT_PTR_NULL(z.file);
		zone_close(&z);
	}
}

/* What cannot be opened below a file, and what is text: of this machine, where it is. */
static void
a_file_that_holds_no_zone_is_named(void)
{
	static const char *const bad[] = {"Europe/Berlin/Mitte", "leapseconds"};
	FILE *f = fopen(ZONE_FOLDER, "re");
	struct zone z;
	size_t i;

	if (f == NULL) {
		(void)printf("skipped: no time zones here\n");
		return;
	}
	(void)fclose(f);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct err e = {{0}};

		CU_ASSERT_EQUAL(zone_open(&z, bad[i], &e), -1);
		CU_ASSERT_PTR_NOT_NULL(strstr(e.text, bad[i]));
		CU_ASSERT_PTR_NULL(z.file);
	}
}

static void
the_machine_has_a_zone_and_memory_may_run_out(void)
{
	struct err e = {{0}};
	struct zone z;

	CU_ASSERT_EQUAL(zone_open(&z, NULL, &e), 0);
	CU_ASSERT_TRUE(zone_offset(&z, 0) > -86400 && zone_offset(&z, 0) < 86400);
	zone_close(&z);
	starve_after(0);
	if (zone_open(&z, "Europe/Berlin", &e) != 0)
		CU_ASSERT_PTR_NOT_NULL(strstr(e.text, "zone"));
	(void)starve_end();
	zone_close(&z);
}

void
suite_zone(void)
{
	CU_pSuite s = suite_new("zone");

	CASE(s, "the change before decides", the_change_before_decides);
	CASE(s, "after the last change the rule holds",
	    after_the_last_change_the_rule_holds);
	CASE(s, "every part is no zone", every_part_is_no_zone);
	CASE(s, "what makes no sense is refused", what_makes_no_sense_is_refused);
	CASE(s, "the zones of this machine are read as the C library does",
	    the_zones_of_this_machine_are_read_as_the_c_library_does);
	CASE(s, "a name that is none is refused by name",
	    a_name_that_is_none_is_refused_by_name);
	CASE(s, "a file that holds no zone is named", a_file_that_holds_no_zone_is_named);
	CASE(s, "the machine has a zone, and memory may run out",
	    the_machine_has_a_zone_and_memory_may_run_out);
}
