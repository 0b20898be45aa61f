#include <stdlib.h>

#include "enforce/schedule.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct schedule s = {.limited = false};
	struct zone utc = {.has_rule = false};
	char hours[200] = "";
	struct err e = {{0}};
	bool good, any = false;
	int64_t minute;

	if (size >= sizeof(hours))
		return 0;
	memcpy(hours, data, size);
	good = schedule_add(&s, hours, &e) == 0;
	for (minute = 0; good && !any && minute < SCHEDULE_MINUTES; minute++)
		any = schedule_has(&s, &utc, minute * 60000000000);
	if (any != good || s.limited != good || (e.text[0] == '\0') != good)
		abort();
	return 0;
}
