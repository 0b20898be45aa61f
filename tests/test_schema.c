/* The schema in process says the same as tests/schema.py, of lines good and bad. */
#include <stdio.h>
#include <string.h>

#include "tests/schema.h"
#include "tests/suite.h"

/* Lines of a file of tests/golden/ that are accepted, of how many. */
static unsigned
accepted(const char *name, unsigned *all)
{
	struct schema *s = schema_open();
	char path[512], line[16384], why[160];
	unsigned n = 0;
	FILE *f;

	(void)snprintf(path, sizeof(path), SOURCE_DIR "/tests/golden/%s", name);
	f = fopen(path, "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	for (*all = 0; fgets(line, sizeof(line), f) != NULL; ++*all)
		n += schema_accepts(s, line, why, sizeof(why));
	(void)fclose(f);
	schema_close(s);
	return n;
}

static void
every_kind_of_event_is_accepted(void)
{
	unsigned all;

	CU_ASSERT_EQUAL(accepted("events.jsonl", &all), all);
	CU_ASSERT(all > 5);
}

static void
no_bad_line_is_accepted(void)
{
	unsigned all;

	CU_ASSERT_EQUAL(accepted("events.bad.jsonl", &all), 0);
	CU_ASSERT(all > 5);
}

static void
a_control_character_is_no_text(void)
{
	static const char line[] = "{\"timestamp\": \"2026-11-23T08:01:02.123456+0000\","
				   "\"event_type\": \"coverage\", \"coverage\":"
				   "{\"kind\": \"lost\", \"text\": \"%s\"}}";
	struct schema *s = schema_open();
	char text[256], why[160] = "";

	(void)snprintf(text, sizeof(text), line, "plain");
	CU_ASSERT_TRUE(schema_accepts(s, text, why, sizeof(why)));
	(void)snprintf(text, sizeof(text), line, "\\u001b[2J");
	CU_ASSERT_FALSE(schema_accepts(s, text, why, sizeof(why)));
	CU_ASSERT_PTR_NOT_NULL(strstr(why, "[2J"));
	(void)snprintf(text, sizeof(text), line, "twice\", \"text\": \"twice");
	CU_ASSERT_FALSE(schema_accepts(s, text, why, sizeof(why)));
	schema_close(s);
}

void
suite_schema(void)
{
	CU_pSuite s = suite_new("schema");

	CASE(s, "every kind of event is accepted", every_kind_of_event_is_accepted);
	CASE(s, "no bad line is accepted", no_bad_line_is_accepted);
	CASE(s, "a control character is no text", a_control_character_is_no_text);
}
