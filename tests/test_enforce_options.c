#define _POSIX_C_SOURCE 200809L
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/command.h"
#include "app/enforce_options.h"
#include "tests/configs.h"
#include "tests/guard.h"
#include "tests/quietly.h"
#include "tests/suite.h"

static struct configs c;
static struct live_options lo;
static char path[] = "/tmp/enforce_options.XXXXXX";

static void
wrong(const char *text, const char *said)
{
	configs_read(&c, guard_copy(text, strlen(text)));
	CU_ASSERT_STRING_EQUAL(c.said, said);
	CU_ASSERT_NOT_EQUAL(c.errors, 0);
	live_options_close(&c.lo);
}

static void
without_settings_it_is_off(void)
{
	struct policy_opts po;

	configs_read(&c, bytes_str(""));
	CU_ASSERT_EQUAL(c.errors, 0);
	po = enforce_options_policy(&c.lo.enforce);
	CU_ASSERT_EQUAL(po.mode, POLICY_OFF);
	CU_ASSERT_PTR_NULL(po.protect[0]);
	CU_ASSERT_PTR_NULL(po.exempt[0]);
	CU_ASSERT_PTR_NULL(po.exempt_account[0]);
	CU_ASSERT_PTR_NULL(po.hours[0]);
	CU_ASSERT_PTR_NULL(po.path[0]);
	CU_ASSERT_PTR_NULL(po.time_zone);
	CU_ASSERT_FALSE(po.proxy);
	CU_ASSERT_FALSE(po.conversations);
	CU_ASSERT_EQUAL(po.limits.per_host, 60);
	CU_ASSERT_EQUAL(po.limits.total, 600);
	CU_ASSERT_PTR_NULL(po.panic_path);
	CU_ASSERT_PTR_NULL(c.lo.enforce.interface);
	live_options_close(&c.lo);
}

static void
every_setting_reaches_the_policy(void)
{
	struct policy *p = NULL;
	struct policy_opts po;
	struct err e = {{0}};

	configs_read(&c,
	    bytes_str("[enforce]\nmode = reset\nprotect = 10.0.0.0/8\n"
		      "protect = 2001:db8::/32\nexempt = 10.1.1.1\n"
		      "exempt-account = *@example.com\nhours = Mon-Fri 08:00-12:00\n"
		      "hours = Sat 8:00-9:00\npath = gateway\npath = socks\nproxy = yes\n"
		      "conversations = yes\nper-host = 5\ntotal = 10000\n"
		      "interface = out0\npanic-file = /run/msnwatch/panic\n"));
	CU_ASSERT_STRING_EQUAL(c.said, "");
	po = enforce_options_policy(&c.lo.enforce);
	CU_ASSERT_EQUAL(po.mode, POLICY_RESET);
	CU_ASSERT_STRING_EQUAL(po.protect[1], "2001:db8::/32");
	CU_ASSERT_PTR_NULL(po.protect[2]);
	CU_ASSERT_STRING_EQUAL(po.exempt[0], "10.1.1.1");
	CU_ASSERT_STRING_EQUAL(po.exempt_account[0], "*@example.com");
	CU_ASSERT_STRING_EQUAL(po.hours[1], "Sat 8:00-9:00");
	CU_ASSERT_STRING_EQUAL(po.path[0], "gateway");
	CU_ASSERT_STRING_EQUAL(po.path[1], "socks");
	CU_ASSERT_TRUE(po.proxy);
	CU_ASSERT_TRUE(po.conversations);
	CU_ASSERT_EQUAL(po.limits.per_host, 5);
	CU_ASSERT_EQUAL(po.limits.total, 10000);
	CU_ASSERT_STRING_EQUAL(po.panic_path, "/run/msnwatch/panic");
	CU_ASSERT_STRING_EQUAL(c.lo.enforce.interface, "out0");
	CU_ASSERT_EQUAL(policy_open(&p, &po, &e), 0);
	live_options_close(&c.lo);
	/* It goes on without them. */
	CU_ASSERT_EQUAL(policy_limits(p)->per_host, 5);
	CU_ASSERT_FALSE(policy_panic(p));
	policy_close(p);
}

static void
what_is_wrong_is_told_with_its_line(void)
{
	wrong("[enforce]\nmode = on\n",
	    "x.conf:2: mode wants off, dry-run or reset, not 'on'\n");
	wrong("[enforce]\nprotect = 10.0.0/8\n",
	    "x.conf:2: protect wants an address or network, such as 192.0.2.1 or "
	    "192.0.2.0/24, not '10.0.0/8'\n");
	wrong("[enforce]\nprotect = 10.0.0.0/8 10.0.0.1\n",
	    "x.conf:2: protect wants an address or network, such as 192.0.2.1 or "
	    "192.0.2.0/24, not '10.0.0.0/8 10.0.0.1'\n");
	wrong("[enforce]\nexempt-account = everyone\n",
	    "x.conf:2: exempt-account wants an account, such as a@example.com or "
	    "*@example.com, not 'everyone'\n");
	wrong("[enforce]\nhours = Mon-Fru 08:00-12:00\n",
	    "x.conf:2: hours wants days and times, such as Mon-Fri 08:00-12:00 "
	    "13:00-17:00: 'Fru' is no day: Mon, Tue, Wed, Thu, Fri, Sat, Sun or daily\n");
	wrong("[enforce]\npath = http\n",
	    "x.conf:2: path wants direct, gateway, connect or socks, not 'http'\n");
	wrong("[enforce]\nper-host = 0\n",
	    "x.conf:2: per-host wants resets a minute, 1 to 10000, not '0'\n");
	wrong("[enforce]\ntotal = 10001\n",
	    "x.conf:2: total wants resets a minute, 1 to 10000, not '10001'\n");
	wrong(
	    "[enforce]\nproxy = true\n", "x.conf:2: proxy wants yes or no, not 'true'\n");
	configs_read(&c, bytes_str("[enforce]\ntime-zone = Europe/Nowhere\n"));
	CU_ASSERT_PTR_EQUAL(
	    c.said, strstr(c.said, "x.conf:2: time-zone cannot be used: "));
	live_options_close(&c.lo);
}

static void
write_file(const char *text)
{
	FILE *f = fopen(path, "w");

	if (f == NULL || fputs(text, f) == EOF || fclose(f) != 0)
		abort();
}

/* What live_options says to the file, and to a mode and a network as arguments. */
static int
asked(const char *file, const char *mode, const char *net)
{
	static char words[9][40] = {
	    "live", "--config", "", "-i", "a", "--enforce", "", "--protect", ""};
	char *argv[10] = {words[0], words[1], words[2], words[3], words[4]};
	int argc = 5;

	write_file(file);
	strcpy(words[2], path);
	if (mode != NULL) {
		argv[argc++] = words[5];
		argv[argc++] = strcpy(words[6], mode);
	}
	if (net != NULL) {
		argv[argc++] = words[7];
		argv[argc++] = strcpy(words[8], net);
	}
	live_options_close(&lo);
	optind = 0; /* getopt begins anew */
	return live_options(argc, argv, &lo);
}

static void
no_mode_goes_without_networks(void)
{
	CU_ASSERT_EQUAL(asked("", NULL, NULL), STATUS_DONE);
	CU_ASSERT_EQUAL(asked("", "off", NULL), STATUS_DONE);
	CU_ASSERT_EQUAL(asked("", "dry-run", NULL), STATUS_USAGE);
	CU_ASSERT_EQUAL(asked("", "reset", NULL), STATUS_USAGE);
	CU_ASSERT_EQUAL(asked("", "reset", "0.0.0.0/0"), STATUS_DONE);
	CU_ASSERT_EQUAL(asked("[enforce]\nmode = reset\n", NULL, NULL), STATUS_CONFIG);
	CU_ASSERT_EQUAL(asked("[enforce]\nmode = reset\n", "off", NULL), STATUS_DONE);
	CU_ASSERT_EQUAL(
	    asked("[enforce]\nmode = reset\n", NULL, "10.0.0.0/8"), STATUS_DONE);
	CU_ASSERT_EQUAL(
	    asked("[enforce]\nprotect = 10.0.0.0/8\n", "reset", NULL), STATUS_DONE);
	CU_ASSERT_EQUAL(lo.enforce.mode, POLICY_RESET);
	CU_ASSERT_STRING_EQUAL(lo.enforce.protect.word[0], "10.0.0.0/8");
}

static bool
reloads(const char *file)
{
	write_file(file);
	return live_options_reload(&lo);
}

#define NET "[enforce]\nprotect = 10.0.0.0/8\n"

static void
a_reload_changes_the_policy(void)
{
	CU_ASSERT_EQUAL(
	    asked(NET "mode = reset\ninterface = out0\n", NULL, NULL), STATUS_DONE);
	CU_ASSERT_TRUE(reloads(NET "mode = off\ninterface = out1\ntotal = 7\n"));
	CU_ASSERT_EQUAL(lo.enforce.mode, POLICY_OFF);
	CU_ASSERT_EQUAL(lo.enforce.total, 7);
	CU_ASSERT_STRING_EQUAL(lo.enforce.interface, "out0");
	CU_ASSERT_TRUE(reloads(NET "mode = reset\nexempt = 10.0.0.1\n"));
	CU_ASSERT_EQUAL(lo.enforce.mode, POLICY_RESET);
	CU_ASSERT_STRING_EQUAL(lo.enforce.exempt.word[0], "10.0.0.1");
	CU_ASSERT_EQUAL(lo.enforce.total, 600);
	/* Without networks, or with anything else that is wrong, it is as before. */
	CU_ASSERT_FALSE(reloads("[enforce]\nmode = reset\ntotal = 8\n"));
	CU_ASSERT_FALSE(reloads(NET "mode = reset\nhours = never\n"));
	CU_ASSERT_EQUAL(lo.enforce.mode, POLICY_RESET);
	CU_ASSERT_EQUAL(lo.enforce.total, 600);
	CU_ASSERT_STRING_EQUAL(lo.enforce.protect.word[0], "10.0.0.0/8");
	CU_ASSERT_STRING_EQUAL(lo.enforce.exempt.word[0], "10.0.0.1");
	CU_ASSERT_TRUE(reloads(""));
	CU_ASSERT_EQUAL(lo.enforce.mode, POLICY_OFF);
}

static void
what_was_not_armed_at_the_start_does_not_reset_later(void)
{
	CU_ASSERT_EQUAL(asked(NET, NULL, NULL), STATUS_DONE);
	CU_ASSERT_TRUE(reloads(NET "mode = reset\ntotal = 7\n"));
	CU_ASSERT_EQUAL(lo.enforce.mode, POLICY_OFF);
	CU_ASSERT_EQUAL(lo.enforce.total, 7);
	CU_ASSERT_TRUE(reloads(NET "mode = dry-run\n"));
	CU_ASSERT_EQUAL(lo.enforce.mode, POLICY_DRY_RUN);
	CU_ASSERT_TRUE(reloads(NET "mode = reset\n"));
	CU_ASSERT_EQUAL(lo.enforce.mode, POLICY_DRY_RUN);
	/* What the arguments say stays. */
	CU_ASSERT_EQUAL(asked(NET, "reset", NULL), STATUS_DONE);
	CU_ASSERT_TRUE(reloads(NET "mode = off\n"));
	CU_ASSERT_EQUAL(lo.enforce.mode, POLICY_RESET);
	CU_ASSERT_FALSE(reloads(""));
	CU_ASSERT_STRING_EQUAL(lo.enforce.protect.word[0], "10.0.0.0/8");
}

static void
networks(void)
{
	quietly(path, no_mode_goes_without_networks);
	live_options_close(&lo);
}

static void
reloading(void)
{
	quietly(path, a_reload_changes_the_policy);
	live_options_close(&lo);
}

static void
arming(void)
{
	quietly(path, what_was_not_armed_at_the_start_does_not_reset_later);
	live_options_close(&lo);
}

void
suite_enforce_options(void)
{
	CU_pSuite s = suite_new("enforce_options");

	CASE(s, "without settings it is off", without_settings_it_is_off);
	CASE(s, "every setting reaches the policy", every_setting_reaches_the_policy);
	CASE(s, "what is wrong is told with its line",
	    what_is_wrong_is_told_with_its_line);
	CASE(s, "no mode goes without networks", networks);
	CASE(s, "a reload changes the policy", reloading);
	CASE(s, "what was not armed at the start does not reset later", arming);
}
