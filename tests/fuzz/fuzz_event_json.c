/* Any bytes, made safe, come back from the parsed line as they went in. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/event_json.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct event ev = {.type = EVENT_MESSENGER, .origin = ev.u.messenger.account};
	char *account = ev.u.messenger.account, *line, *back = "";
	json_t *j;

	(void)text_safe(account, ACCOUNT_MAX, bytes_of(data, size));
	line = event_json_line(&ev, account);
	j = line != NULL ? json_loads(line, JSON_REJECT_DUPLICATES, NULL) : NULL;
	if (json_unpack(j, "{s{s?s}}", "messenger", "account", &back) != 0 ||
	    strcmp(back, account) != 0)
		abort();
	json_decref(j);
	free(line);
	return 0;
}
