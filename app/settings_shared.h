/* Rows that tables of several commands have in common; type is the struct they fill. */
#ifndef APP_SETTINGS_SHARED_H
#define APP_SETTINGS_SHARED_H

#include "app/settings.h"
#include "base/event.h"
#include "report/account.h"

/* For setting.check. */
int settings_check_text(const char *value, struct err *e);
int settings_check_name(const char *value, struct err *e);
int settings_check_net(const char *value, struct err *e);

/* clang-format off */
#define SETTING_ACCOUNTS(type, mode)                                                     \
	{.option = "accounts", .section = "output", .kind = SETTING_CHOICE,              \
	    .help = "how accounts appear", .words = account_mode_words,                  \
	    .fallback = (mode), .reloaded = true, SETTING_FIELD(type, accounts)}

#define SETTING_ACCOUNT_KEY(type)                                                        \
	{.option = "account-key", .section = "output", .kind = SETTING_TEXT,             \
	    .value = "FILE", .help = "key of the pseudonyms, made when missing",         \
	    .unset = "the user's own", SETTING_FIELD(type, key_path)}

#define SETTING_WINDOW(type)                                                             \
	{.option = "window", .section = "detection", .kind = SETTING_NUMBER,             \
	    .value = "SECONDS", .counts = "seconds",                                     \
	    .help = "how long tries belong together", .least = 1, .most = 86400,         \
	    .fallback = 120, .unit = NS_PER_S, .reloaded = true,                         \
	    SETTING_FIELD(type, window_ns)}

#define SETTING_NAME(type)                                                               \
	{.option = "name", .section = "detection", .kind = SETTING_LIST,                 \
	    .value = "NAME", .check = settings_check_name, .most_words = WORDS_MAX,      \
	    .help = "a further name of a messenger service, or *.NAME",                  \
	    .reloaded = true, SETTING_FIELD(type, names)}

#define SETTING_SINKHOLE(type)                                                           \
	{.option = "sinkhole", .section = "detection", .kind = SETTING_LIST,             \
	    .value = "ADDR[/BITS]", .check = settings_check_net,                    \
	    .most_words = WORDS_MAX,                                                     \
	    .help = "an address that lookups are sent to instead",                       \
	    .reloaded = true, SETTING_FIELD(type, sinkholes)}

#define SETTING_HELP(type)                                                               \
	{.option = "help", .letter = 'h', .kind = SETTING_SWITCH, .help = "this",        \
	    SETTING_FIELD(type, help)}
/* clang-format on */

#endif
