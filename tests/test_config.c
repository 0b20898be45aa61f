#include <stdlib.h>
#include <string.h>

#include "tests/configs.h"
#include "tests/guard.h"
#include "tests/suite.h"

#ifdef MSNWATCH_ENFORCE
#define ENFORCE_SECTION "enforce, "
#else
#define ENFORCE_SECTION ""
#endif

static struct configs c;

static void
reading(const char *text)
{
	live_options_close(&c.lo);
	configs_read(&c, guard_copy(text, strlen(text)));
}

/* Exactly this is said of it. */
static void
wrong(const char *text, const char *said)
{
	reading(text);
	CU_ASSERT_STRING_EQUAL(c.said, said);
	CU_ASSERT_NOT_EQUAL(c.errors, 0);
}

static void
right(const char *text)
{
	reading(text);
	CU_ASSERT_STRING_EQUAL(c.said, "");
	CU_ASSERT_EQUAL(c.errors, 0);
}

static void
an_empty_file_leaves_the_defaults(void)
{
	right("");
	CU_ASSERT_EQUAL(c.lo.ring, 32 * 1024 * 1024);
	CU_ASSERT_EQUAL(c.lo.workers, 1);
	CU_ASSERT_EQUAL(c.lo.window_ns, 120 * NS_PER_S);
	CU_ASSERT_EQUAL(c.lo.accounts, ACCOUNT_HASH);
	CU_ASSERT_EQUAL(c.lo.sink, LIVE_TO_FILE);
	CU_ASSERT_EQUAL(c.lo.interfaces.n, 0);
	CU_ASSERT_TRUE(c.lo.sandbox);
	CU_ASSERT_PTR_NULL(c.lo.output_path);
	CU_ASSERT_PTR_NULL(c.lo.user);
	right("\n\n; nothing\n  # at all\n");
}

static void
every_kind_of_value_is_read(void)
{
	right("[capture]\ninterface = eth0\ninterface=eth1\nring = 64\nworkers=16\n"
	      "filter = tcp\n\tor udp\n\n\n  or icmp\n"
	      "[detection]\nwindow: 86400\nname = *.example.com\n"
	      "[output]\r\nsink = syslog\r\naccounts = show ; for a while\r\n"
	      "sensor = the hall\n[privileges]\nsandbox = no");
	CU_ASSERT_EQUAL_FATAL(c.lo.interfaces.n, 2);
	CU_ASSERT_STRING_EQUAL(c.lo.interfaces.word[0], "eth0");
	CU_ASSERT_STRING_EQUAL(c.lo.interfaces.word[1], "eth1");
	CU_ASSERT_PTR_NULL(c.lo.interfaces.word[2]);
	CU_ASSERT_EQUAL(c.lo.ring, 64 * 1024 * 1024);
	CU_ASSERT_EQUAL(c.lo.workers, 16);
	CU_ASSERT_STRING_EQUAL(c.lo.filter, "tcp or udp or icmp");
	CU_ASSERT_EQUAL(c.lo.window_ns, 86400 * NS_PER_S);
	CU_ASSERT_STRING_EQUAL(c.lo.names.word[0], "*.example.com");
	CU_ASSERT_EQUAL(c.lo.sink, LIVE_TO_SYSLOG);
	CU_ASSERT_EQUAL(c.lo.accounts, ACCOUNT_SHOW);
	CU_ASSERT_STRING_EQUAL(c.lo.sensor, "the hall");
	CU_ASSERT_FALSE(c.lo.sandbox);
}

static void
what_is_not_known_is_an_error_that_names_what_is(void)
{
	wrong("[captur]\nring = 1\n",
	    "x.conf:1: unknown section [captur]; did you mean [capture]?\n");
	wrong("[network]\nring = 1\n",
	    "x.conf:1: unknown section [network]; there are capture, detection, output, "
	    "packets, " ENFORCE_SECTION "privileges\n");
	wrong("[capture]\nrings = 1\n",
	    "x.conf:2: unknown key 'rings' in [capture]; did you mean 'ring'?\n");
	wrong("[output]\nrings = 1\n",
	    "x.conf:2: unknown key 'rings'; did you mean 'ring' in [capture]?\n");
	wrong("[privileges]\ngroup = x\n",
	    "x.conf:2: unknown key 'group' in [privileges]; there are user, sandbox\n");
	wrong("[privileges]\nno-sandbox = yes\n",
	    "x.conf:2: unknown key 'no-sandbox' in [privileges]; there are user, "
	    "sandbox\n");
	wrong("ring = 1\n", "x.conf:1: 'ring' belongs in [capture]\n");
	wrong("[output]\nring = 1\n",
	    "x.conf:2: 'ring' belongs in [capture], not in [output]\n");
	wrong(
	    "what = ever\n", "x.conf:1: unknown key 'what'; keys stand in a [section]\n");
	wrong("[capture]\n = 1\n",
	    "x.conf:2: unknown key '' in [capture]; there are interface, filter, ring, "
	    "workers\n");
	wrong("[output]\nconfig = x\nhelp = yes\n",
	    "x.conf:2: unknown key 'config' in [output]; there are sensor, sink, output, "
	    "accounts, account-key, status-file, metrics-file\n"
	    "x.conf:3: unknown key 'help' in [output]; there are sensor, sink, output, "
	    "accounts, account-key, status-file, metrics-file\n");
}

static void
a_bad_value_is_an_error_that_says_what_is_allowed(void)
{
	wrong("[capture]\nring = 0\nworkers = two\n",
	    "x.conf:2: ring wants mebibytes, 1 to 1024, not '0'\n"
	    "x.conf:3: workers wants a number, 1 to 16, not 'two'\n");
	wrong("[output]\naccounts = all\nsensor =\nsink = journal\n",
	    "x.conf:2: accounts wants show, hash or hide, not 'all'\n"
	    "x.conf:3: sensor wants NAME, not ''\n"
	    "x.conf:4: sink wants file or syslog, not 'journal'\n");
	wrong("[privileges]\nsandbox = maybe\n",
	    "x.conf:2: sandbox wants yes or no, not 'maybe'\n");
	wrong("[detection]\nname = a..b\nsinkhole = here\n",
	    "x.conf:2: name wants a name, such as messenger.example.com or "
	    "*.example.com, not 'a..b'\n"
	    "x.conf:3: sinkhole wants an address or network, such as 192.0.2.1 or "
	    "192.0.2.0/24, not 'here'\n");
	wrong("[output]\nsensor = a\x1b[m\n",
	    "x.conf:2: sensor wants a short text of plain characters, not "
	    "'a\\x1b[m'\n");
}

static void
what_stands_twice_is_an_error_that_tells_where(void)
{
	wrong("[capture]\nring = 1\nring = 1\n",
	    "x.conf:3: ring is given on line 2 already\n");
	wrong("[capture]\ninterface = a\ninterface = b\n[capture]\ninterface = b\n",
	    "x.conf:5: interface = b is given on line 3 already\n");
	wrong("[capture]\nfilter = tcp\nfilter = udp\n",
	    "x.conf:3: filter is given on line 2 already\n");
}

static void
a_line_that_is_nothing_is_an_error(void)
{
	wrong("[capture]\nring\n",
	    "x.conf:2: neither a [section] nor KEY = VALUE nor a comment\n");
	wrong("[capture\nring = 2\n", "x.conf:1: a section's name ends with ]\n");
	wrong("[capture] ring = 2\n",
	    "x.conf:1: [capture] is to stand on a line of its own\n");
	wrong("[capture]\nring = 2\n  workers = 2\n",
	    "x.conf:3: an indented line goes on with the one before, which ring cannot: "
	    "begin it at the margin\n");
	live_options_close(&c.lo);
	configs_read(&c, bytes_of("[capture]\nring = \0002\n", 19));
	CU_ASSERT_STRING_EQUAL(
	    c.said, "x.conf:2: the line has a NUL byte: this is no text\n");
}

static void
what_is_too_much_is_an_error(void)
{
	static char text[CONFIG_BYTES_MAX];
	size_t used, i;

	memset(text, 'x', CONFIG_LINE_MAX + 100);
	memcpy(text, "[output]\noutput = ", 18);
	wrong(text, "x.conf:2: the line is too long\n");
	used = 0;
	memcpy(text, "[capture]\n", 11);
	for (i = 0, used = 10; i <= LIVE_INTERFACES_MAX; i++)
		used += (size_t)sprintf(text + used, "interface = e%zu\n", i);
	wrong(text, "x.conf:18: interface can be given 16 times at most\n");
	memcpy(text, "[capture]\nfilter = tcp\n", 24);
	for (i = 0, used = 23; i < 1100; i++)
		used += (size_t)sprintf(text + used, " or x\n");
	reading(text);
	CU_ASSERT_PTR_NOT_NULL(strstr(c.said, ": filter is too long: at most 4094 "));
	for (i = 0, used = 0; i < 3 * CONFIG_ERRORS_MAX; i++)
		used += (size_t)sprintf(text + used, "x\n");
	reading(text);
	CU_ASSERT_EQUAL(c.errors, 3 * CONFIG_ERRORS_MAX);
	CU_ASSERT_PTR_NOT_NULL(strstr(c.said, "x.conf: 100 errors more\n"));
}

static void
printing_says_the_same_and_where_it_comes_from(void)
{
	char *text;

	right("[capture]\ninterface = a\ninterface = b\n\n[output]\noutput =;x\n");
	text = configs_print(&c);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "# x.conf:3\ninterface = b\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "# default\nring = 32\n"));
	CU_ASSERT_PTR_NOT_NULL(
	    strstr(text, "# user: default, msnwatch, when root starts it\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "# x.conf:6\noutput =;x\n"));
	free(text);
	configs_hold(bytes_str("[capture]\ninterface = a\n[output]\noutput =;x\n"));
}

/* Every row that a file can hold stands with the others of its section. */
static void
sections_are_whole(void)
{
	const struct settings *table = live_settings();
	size_t i, j;

	for (i = 1; i < table->n; i++)
		for (j = 0; table->row[i].section != NULL && j + 1 < i; j++)
			if (table->row[j].section != NULL &&
			    strcmp(table->row[j].section, table->row[i].section) == 0)
				CU_ASSERT_STRING_EQUAL(
				    table->row[i - 1].section, table->row[i].section);
}

static void
any_bytes_are_wrong_or_hold(void)
{
	static const char *const piece[] = {"[", "]", "capture", "[capture]\n", "ring",
	    "=", "\n", "\n ", "filter", ";", " ; ", "#", "1", "64", "interface = ", "e",
	    "\r\n", "\t", ":", "\xff", "\xef\xbb\xbf", "[output]\n", "sensor",
	    "output =", "[detection]\nname = ", "a.b", "workers", "yes"};
	const size_t n = sizeof(piece) / sizeof(piece[0]);
	char text[400];
	unsigned seed = 1;
	size_t round, used, i;

	for (round = 0; round < 20000; round++) {
		for (i = 0, used = 0; i < 24; i++) {
			seed = seed * 1103515245 + 12345;
			used += (size_t)snprintf(text + used, sizeof(text) - used, "%s",
			    piece[(seed >> 16) % n]);
		}
		configs_hold(guard_copy(text, used));
	}
}

void
suite_config(void)
{
	CU_pSuite s = suite_new("config");

	CASE(s, "an empty file leaves the defaults", an_empty_file_leaves_the_defaults);
	CASE(s, "every kind of value is read", every_kind_of_value_is_read);
	CASE(s, "what is not known is an error that names what is",
	    what_is_not_known_is_an_error_that_names_what_is);
	CASE(s, "a bad value is an error that says what is allowed",
	    a_bad_value_is_an_error_that_says_what_is_allowed);
	CASE(s, "what stands twice is an error that tells where",
	    what_stands_twice_is_an_error_that_tells_where);
	CASE(s, "a line that is nothing is an error", a_line_that_is_nothing_is_an_error);
	CASE(s, "what is too much is an error", what_is_too_much_is_an_error);
	CASE(s, "printing says the same, and where it comes from",
	    printing_says_the_same_and_where_it_comes_from);
	CASE(s, "sections are whole", sections_are_whole);
	CASE(s, "any bytes are wrong, or hold", any_bytes_are_wrong_or_hold);
}
