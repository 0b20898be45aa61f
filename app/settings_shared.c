#include "app/settings_shared.h"

#include "base/addr_net.h"
#include "base/bytes.h"
#include "base/text.h"
#include "detect/names.h"

/* The room that uses a name knows what a name is. */
int
settings_check_name(const char *value, struct err *e)
{
	struct names *ns = NULL;
	int r = names_open(&ns, e);

	if (r == 0)
		r = names_add(ns, value, NAME_DISPATCH, e);
	names_close(ns);
	return r;
}

int
settings_check_sinkhole(const char *value, struct err *e)
{
	struct addr_net net;
	char safe[200];

	if (addr_net_parse(value, &net))
		return 0;
	(void)text_safe(safe, sizeof(safe), bytes_str(value));
	return err_set(e,
	    "wants an address or network, such as 192.0.2.1 or 192.0.2.0/24, not '%s'",
	    safe);
}
