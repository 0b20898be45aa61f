#include "app/settings_shared.h"

#include "base/addr_net.h"
#include "base/bytes.h"
#include "base/text.h"
#include "detect/names.h"

/* What events can hold: text of characters that can be seen. */
int
settings_check_text(const char *value, struct err *e)
{
	char safe[256];
	size_t n = text_safe(safe, sizeof(safe), bytes_str(value)), i;

	for (i = 0; value[i] != '\0'; i++)
		n -= value[i] == '\\';
	return n == i
		   ? 0
		   : err_set(e, "wants a short text of plain characters, not '%s'", safe);
}

/* The room that uses a name knows what a name is. */
int
settings_check_name(const char *value, struct err *e)
{
	struct names *ns = NULL;
	struct err why = {{0}};
	int r;

	if (names_open(&ns, e) != 0)
		return -1;
	r = names_add(ns, value, NAME_DISPATCH, &why);
	names_close(ns);
	return r == 0
		   ? 0
		   : err_unwanted(e,
			 "a name, such as messenger.example.com or *.example.com", value);
}

int
settings_check_net(const char *value, struct err *e)
{
	struct addr_net net;

	return addr_net_parse(value, &net)
		   ? 0
		   : err_unwanted(e,
			 "an address or network, such as 192.0.2.1 or 192.0.2.0/24",
			 value);
}
