/*
 * The settings of enforcement: section [enforce], and the options of `live` that say the
 * same.  Built without enforcement there are none, and the mode is off for good.
 */
#ifndef APP_ENFORCE_OPTIONS_H
#define APP_ENFORCE_OPTIONS_H

#include "app/settings.h"
#include "app/settings_shared.h"
#include "enforce/policy.h"

struct enforce_options {
	enum policy_mode mode;
	struct word_list protect; /* networks */
	struct word_list exempt;
	struct word_list exempt_account;
	struct word_list hours;
	struct word_list path;
	const char *time_zone; /* NULL: the machine's */
	bool proxy;
	bool conversations;
	unsigned per_host; /* resets a minute */
	unsigned total;
	const char *interface;  /* to send by; NULL: the one that frames come by */
	const char *panic_path; /* NULL: none */
};

#ifdef MSNWATCH_ENFORCE

#define ENFORCE_UNLESS ", unless --enforce has it cut sign-ins" /* as --help says */

/* For setting.check. */
int enforce_check_zone(const char *value, struct err *e);
int enforce_check_hours(const char *value, struct err *e);

/*
 * Whether the settings go together: -1 with what is wrong, to go behind the mode's name,
 * in the words of a file or in those of options.
 */
int enforce_options_check(
    const struct enforce_options *eo, bool of_a_file, struct err *e);

/* What policy_open takes; points into eo. */
struct policy_opts enforce_options_policy(const struct enforce_options *eo);

/* clang-format off */
#define SETTINGS_ENFORCE(type)                                                           \
	{.option = "enforce", .section = "enforce", .key = "mode",                       \
	    .kind = SETTING_CHOICE, .words = policy_mode_words,                          \
	    .help = "whether sign-ins are cut by TCP resets", .reloaded = true,          \
	    SETTING_FIELD(type, enforce.mode)},                                          \
	{.option = "protect", .section = "enforce", .kind = SETTING_LIST,                \
	    .value = "ADDR[/BITS]", .check = settings_check_net,                         \
	    .most_words = POLICY_LIST_MAX, .reloaded = true,                             \
	    .help = "hosts that may be cut off, and no others",                          \
	    SETTING_FIELD(type, enforce.protect)},                                       \
	{.option = "exempt", .section = "enforce", .kind = SETTING_LIST,                 \
	    .value = "ADDR[/BITS]", .check = settings_check_net,                         \
	    .most_words = POLICY_LIST_MAX, .reloaded = true,                             \
	    .help = "hosts and servers that are left alone",                             \
	    SETTING_FIELD(type, enforce.exempt)},                                        \
	{.option = "exempt-account", .section = "enforce", .kind = SETTING_LIST,         \
	    .value = "ACCOUNT", .check = policy_check_account,                           \
	    .most_words = POLICY_LIST_MAX, .reloaded = true,                             \
	    .help = "an account that is left alone, or *@DOMAIN",                        \
	    SETTING_FIELD(type, enforce.exempt_account)},                                \
	{.option = "enforce-hours", .section = "enforce", .key = "hours",                \
	    .kind = SETTING_LIST, .value = "HOURS", .check = enforce_check_hours,        \
	    .most_words = WORDS_MAX, .reloaded = true, .unset = "always",                \
	    .help = "only then, as Mon-Fri 08:00-12:00",                                 \
	    SETTING_FIELD(type, enforce.hours)},                                         \
	{.option = "time-zone", .section = "enforce", .kind = SETTING_TEXT,              \
	    .value = "ZONE", .check = enforce_check_zone, .reloaded = true,              \
	    .help = "whose local time those hours are, as Europe/Berlin",                \
	    .unset = "the machine's", SETTING_FIELD(type, enforce.time_zone)},           \
	{.option = "enforce-path", .section = "enforce", .key = "path",                  \
	    .kind = SETTING_LIST, .value = "PATH", .check = policy_check_path,           \
	    .most_words = PATH_KINDS, .reloaded = true, .unset = "all",                  \
	    .help = "only such sign-ins: direct, gateway, connect, socks",               \
	    SETTING_FIELD(type, enforce.path)},                                          \
	{.option = "enforce-proxy", .section = "enforce", .key = "proxy",                \
	    .kind = SETTING_SWITCH, .reloaded = true,                                    \
	    .help = "also cut connections to a proxy that others may share",             \
	    SETTING_FIELD(type, enforce.proxy)},                                         \
	{.option = "enforce-conversations", .section = "enforce",                        \
	    .key = "conversations", .kind = SETTING_SWITCH, .reloaded = true,            \
	    .help = "also cut conversations of who is signed in",                        \
	    SETTING_FIELD(type, enforce.conversations)},                                 \
	{.option = "enforce-per-host", .section = "enforce", .key = "per-host",          \
	    .kind = SETTING_NUMBER, .value = "N", .counts = "resets a minute",           \
	    .least = 1, .most = QUOTA_TOTAL_MAX, .fallback = 60, .reloaded = true,       \
	    .help = "resets a minute for one host",                                      \
	    SETTING_FIELD(type, enforce.per_host)},                                      \
	{.option = "enforce-total", .section = "enforce", .key = "total",                \
	    .kind = SETTING_NUMBER, .value = "N", .counts = "resets a minute",           \
	    .least = 1, .most = QUOTA_TOTAL_MAX, .fallback = 600, .reloaded = true,      \
	    .help = "resets a minute in all", SETTING_FIELD(type, enforce.total)},       \
	{.option = "reset-interface", .section = "enforce", .key = "interface",          \
	    .kind = SETTING_TEXT, .value = "NAME", .check = settings_check_text,         \
	    .help = "where resets are sent", .unset = "where the frames come by",        \
	    SETTING_FIELD(type, enforce.interface)},                                     \
	{.option = "panic-file", .section = "enforce", .kind = SETTING_TEXT,             \
	    .value = "FILE", .reloaded = true,                                           \
	    .help = "nothing is sent while this file is there",                          \
	    SETTING_FIELD(type, enforce.panic_path)},
/* clang-format on */

#else

#define ENFORCE_UNLESS ""
#define SETTINGS_ENFORCE(type)

static inline int
enforce_options_check(const struct enforce_options *eo, bool of_a_file, struct err *e)
{
	(void)eo;
	(void)of_a_file;
	(void)e;
	return 0;
}

#endif

#endif
