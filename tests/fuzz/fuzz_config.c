#include "tests/configs.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size <= CONFIG_BYTES_MAX)
		configs_hold(bytes_of(data, size));
	return 0;
}
