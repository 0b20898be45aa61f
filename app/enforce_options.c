#include "app/enforce_options.h"

#include "enforce/schedule.h"

int
enforce_check_zone(const char *value, struct err *e)
{
	struct err why = {{0}};
	struct zone z;
	int r = zone_open(&z, value, &why);

	zone_close(&z);
	return r == 0 ? 0 : err_set(e, "cannot be used: %s", why.text);
}

int
enforce_check_hours(const char *value, struct err *e)
{
	struct schedule s = {.limited = false};

	return schedule_add(&s, value, e);
}

int
enforce_options_check(const struct enforce_options *eo, bool of_a_file, struct err *e)
{
	if (eo->mode == POLICY_OFF || eo->protect.n > 0)
		return 0;
	return err_set(e,
	    "%s wants %s: the hosts that may be cut off, such as 10.0.0.0/8, or "
	    "0.0.0.0/0 "
	    "for every one",
	    policy_mode_words[eo->mode],
	    of_a_file ? "protect in [enforce]" : "--protect");
}

struct policy_opts
enforce_options_policy(const struct enforce_options *eo)
{
	return (struct policy_opts){
	    .mode = eo->mode,
	    .protect = eo->protect.word,
	    .exempt = eo->exempt.word,
	    .exempt_account = eo->exempt_account.word,
	    .hours = eo->hours.word,
	    .time_zone = eo->time_zone,
	    .path = eo->path.word,
	    .proxy = eo->proxy,
	    .conversations = eo->conversations,
	    .limits = {eo->per_host, eo->total},
	    .panic_path = eo->panic_path,
	};
}
