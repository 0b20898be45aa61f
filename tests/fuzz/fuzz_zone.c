#include <stdlib.h>

#include "enforce/zone.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int64_t at[] = {INT64_MIN / 1000000000, -3000000000, -1, 0, 1000,
	    1774746000, 1900000000, INT64_MAX / 1000000000};
	struct zone z, part;
	size_t i;

	if (!zone_parse(bytes_of(data, size), &z))
		return 0;
	for (i = 0; i < sizeof(at) / sizeof(at[0]); i++)
		if (abs(zone_offset(&z, at[i])) > 168 * 3600)
			abort();
	/* Without what follows the types it is none. */
	if (zone_parse(bytes_of(data, (size_t)(z.type.p - data) + z.type.n), &part))
		abort();
	return 0;
}
