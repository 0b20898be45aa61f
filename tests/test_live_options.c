#define _POSIX_C_SOURCE 200809L
#include <getopt.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "app/command.h"
#include "app/live_options.h"
#include "tests/quietly.h"
#include "tests/suite.h"

#define ARGS_MAX 16

static struct live_options lo;
static char path[] = "/tmp/live_options.XXXXXX";

static void
write_file(const char *text)
{
	FILE *f = fopen(path, "w");

	if (f == NULL || fputs(text, f) == EOF || fclose(f) != 0)
		abort();
}

/* What live_options says to these arguments, NULL ends, after the name of the file. */
static int
asked(const char *first, ...)
{
	static char words[ARGS_MAX][64];
	char *argv[ARGS_MAX + 1] = {words[0], words[1], words[2]};
	const char *word;
	int argc = 3;
	va_list ap;

	strcpy(words[0], "live");
	strcpy(words[1], "--config");
	strcpy(words[2], path);
	va_start(ap, first);
	for (word = first; word != NULL; word = va_arg(ap, const char *)) {
		strcpy(words[argc], word);
		argv[argc] = words[argc];
		argc++;
	}
	va_end(ap);
	live_options_close(&lo);
	optind = 0; /* getopt begins anew */
	return live_options(argc, argv, &lo);
}

static void
the_file_goes_before_defaults_and_arguments_before_the_file(void)
{
	write_file("[capture]\ninterface = a\ninterface = b\nring = 8\nworkers = 2\n"
		   "filter = tcp\n[privileges]\nsandbox = yes\n");
	CU_ASSERT_EQUAL(asked(NULL), STATUS_DONE);
	CU_ASSERT_EQUAL(lo.interfaces.n, 2);
	CU_ASSERT_EQUAL(lo.ring, 8 << 20);
	CU_ASSERT_EQUAL(lo.write_keep, 10);
	CU_ASSERT_STRING_EQUAL(lo.filter, "tcp");
	CU_ASSERT_TRUE(lo.sandbox);
	CU_ASSERT_EQUAL(
	    asked("-i", "c", "--ring", "32", "--no-sandbox", "udp", "or", "icmp", NULL),
	    STATUS_DONE);
	CU_ASSERT_EQUAL(lo.interfaces.n, 1);
	CU_ASSERT_STRING_EQUAL(lo.interfaces.word[0], "c");
	CU_ASSERT_EQUAL(lo.ring, 32 << 20);
	CU_ASSERT_EQUAL(lo.workers, 2);
	CU_ASSERT_STRING_EQUAL(lo.filter, "udp or icmp");
	CU_ASSERT_FALSE(lo.sandbox);
}

static void
a_reload_changes_what_can_change(void)
{
	unsigned round;

	write_file("[capture]\ninterface = a\nring = 8\n[output]\nsensor = old\n"
		   "[detection]\nname = a.example.com\n");
	CU_ASSERT_EQUAL(asked("--window", "5", NULL), STATUS_DONE);
	write_file("[capture]\ninterface = b\nring = 9\n[output]\nsensor = new\n"
		   "accounts = hide\n[detection]\nwindow = 9\nsinkhole = 192.0.2.1\n");
	for (round = 0; round < 3; round++) {
		CU_ASSERT_TRUE(live_options_reload(&lo));
		CU_ASSERT_STRING_EQUAL(lo.interfaces.word[0], "a");
		CU_ASSERT_EQUAL(lo.ring, 8 << 20);
		CU_ASSERT_STRING_EQUAL(lo.sensor, "new");
		CU_ASSERT_EQUAL(lo.accounts, ACCOUNT_HIDE);
		CU_ASSERT_EQUAL(lo.window_ns, 5 * NS_PER_S);
		CU_ASSERT_EQUAL(lo.names.n, 0);
		CU_ASSERT_STRING_EQUAL(lo.sinkholes.word[0], "192.0.2.1");
	}
	write_file("[capture]\ninterface = a\n");
	CU_ASSERT_TRUE(live_options_reload(&lo));
	CU_ASSERT_PTR_NULL(lo.sensor);
	CU_ASSERT_EQUAL(lo.accounts, ACCOUNT_HASH);
	CU_ASSERT_EQUAL(lo.sinkholes.n, 0);
}

static void
an_invalid_file_changes_nothing(void)
{
	write_file("[capture]\ninterface = a\n[output]\nsensor = old\naccounts = show\n");
	CU_ASSERT_EQUAL(asked(NULL), STATUS_DONE);
	write_file("[output]\nsensor = new\naccounts = hide\nwhat = ever\n");
	CU_ASSERT_FALSE(live_options_reload(&lo));
	CU_ASSERT_STRING_EQUAL(lo.sensor, "old");
	CU_ASSERT_EQUAL(lo.accounts, ACCOUNT_SHOW);
	(void)unlink(path);
	CU_ASSERT_FALSE(live_options_reload(&lo));
	CU_ASSERT_STRING_EQUAL(lo.sensor, "old");
	/* Without a key from the start there are no pseudonyms. */
	write_file("[capture]\ninterface = a\n[output]\naccounts = hash\n");
	CU_ASSERT_TRUE(live_options_reload(&lo));
	CU_ASSERT_EQUAL(lo.accounts, ACCOUNT_SHOW);
}

static void
what_cannot_be_is_told_by_the_status(void)
{
	write_file("[capture]\nring = 8\n");
	CU_ASSERT_EQUAL(asked(NULL), STATUS_CONFIG);
	CU_ASSERT_EQUAL(asked("--status", NULL), STATUS_DONE);
	CU_ASSERT_EQUAL(asked("--ring", "x", NULL), STATUS_USAGE);
	write_file("[capture]\nring = x\ninterface = a\n");
	CU_ASSERT_EQUAL(asked(NULL), STATUS_CONFIG);
	CU_ASSERT_EQUAL(asked("--help", NULL), STATUS_DONE);
	CU_ASSERT_TRUE(lo.help);
	(void)unlink(path);
	CU_ASSERT_EQUAL(asked(NULL), STATUS_CONFIG);
}

static void
precedence(void)
{
	quietly(path, the_file_goes_before_defaults_and_arguments_before_the_file);
	live_options_close(&lo);
}

static void
reloading(void)
{
	quietly(path, a_reload_changes_what_can_change);
	live_options_close(&lo);
}

static void
invalid(void)
{
	quietly(path, an_invalid_file_changes_nothing);
	live_options_close(&lo);
}

static void
statuses(void)
{
	quietly(path, what_cannot_be_is_told_by_the_status);
	live_options_close(&lo);
}

void
suite_live_options(void)
{
	CU_pSuite s = suite_new("live_options");

	CASE(s, "the file goes before defaults, and arguments before the file",
	    precedence);
	CASE(s, "a reload changes what can change", reloading);
	CASE(s, "an invalid file changes nothing", invalid);
	CASE(s, "what cannot be is told by the status", statuses);
}
