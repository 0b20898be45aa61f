#define _POSIX_C_SOURCE 200809L
#include "tests/configs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct config_target
target_of(struct live_options *lo)
{
	return (struct config_target){.table = live_settings(),
	    .to = lo,
	    .origins = &lo->origins,
	    .name = "x.conf"};
}

void
configs_read(struct configs *c, struct bytes text)
{
	struct config_target target = target_of(&c->lo);

	memset(c, 0, sizeof(*c));
	settings_default(live_settings(), &c->lo);
	target.complain = fmemopen(c->said, sizeof(c->said), "w");
	if (target.complain == NULL)
		abort();
	c->errors = config_parse(&c->lo.config, text, &target);
	(void)fclose(target.complain);
}

char *
configs_print(const struct configs *c)
{
	struct live_options lo = c->lo;
	const struct config_target target = target_of(&lo);
	char *text = NULL;
	size_t n = 0;
	FILE *to = open_memstream(&text, &n);

	if (to == NULL)
		abort();
	config_print(&c->lo.config, &target, to);
	(void)fclose(to);
	return text;
}

void
configs_hold(struct bytes text)
{
	static struct configs once, again;
	char *printed;
	size_t i;

	configs_read(&once, text);
	if ((once.errors != 0) != (once.said[0] != '\0'))
		abort();
	if (once.errors == 0) {
		printed = configs_print(&once);
		configs_read(&again, bytes_str(printed));
		if (again.errors != 0)
			abort();
		for (i = 0; i < live_settings()->n; i++)
			if (!setting_same(&live_settings()->row[i], &once.lo, &again.lo))
				abort();
		free(printed);
		live_options_close(&again.lo);
	}
	live_options_close(&once.lo);
}
