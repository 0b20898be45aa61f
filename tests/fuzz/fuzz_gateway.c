#include <stdlib.h>

#include "detect/gateway.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gateway_request r;
	struct gateway_answer a;
	bool session;

	if (gateway_target(bytes_of(data, size), &r)) {
		session = r.session[0] != '\0';
		if (!session && (r.action == GATEWAY_POLL || r.action == GATEWAY_COMMAND))
			abort();
		if (session && r.action == GATEWAY_NONE)
			abort();
	} else if (r.session[0] != '\0')
		abort();
	if (!gateway_answer(bytes_of(data, size), &a) &&
	    (a.session[0] != '\0' || a.close))
		abort();
	return 0;
}
