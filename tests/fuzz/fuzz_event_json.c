/* Any bytes, made safe, must come back from a line that parses as they went in. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/event_json.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct event ev = {.type = EVENT_MESSENGER, .origin = ev.u.messenger.host};
	char *line, *account = ev.u.messenger.account, *back = NULL;
	json_t *j;

	(void)text_safe(account, ACCOUNT_MAX, bytes_of(data, size));
	(void)text_safe(ev.u.messenger.host, HOST_NAME_MAX_TEXT, bytes_of(data, size));
	line = event_json_line(&ev, account);
	j = line ? json_loads(line, JSON_REJECT_DUPLICATES, NULL) : NULL;
	if (j == NULL || strchr(line, '\n') != NULL)
		abort();
	if (json_unpack(j, "{s{s?s}}", "messenger", "account", &back) != 0 ||
	    strcmp(back ? back : "", account) != 0)
		abort();
	json_decref(j);
	free(line);
	return 0;
}
