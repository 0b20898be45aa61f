#include <stdlib.h>

#include "enforce/zone_rule.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int64_t at[] = {INT64_MIN / 1000000000, -1, 0, 951782400, 1709164800,
	    1774746000, 4102444800, INT64_MAX / 1000000000};
	struct zone_rule r;
	size_t i;

	if (!zone_rule_parse(bytes_of(data, size), &r))
		return 0;
	for (i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		int32_t offset = zone_rule_offset(&r, at[i]);

		if (offset != r.standard && (!r.changes || offset != r.daylight))
			abort();
	}
	return 0;
}
