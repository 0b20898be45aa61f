#include <stdlib.h>

#include "detect/sni.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_of(data, size);
	char name[DNS_NAME_MAX], part[DNS_NAME_MAX];
	int r = sni_client_hello(in, name);
	int before = sni_client_hello(bytes_take(in, size / 2), part);

	if (r < -1 || r > 1 || (r == 1) != (name[0] != '\0'))
		abort();
	if (memchr(name, 0, sizeof(name)) == NULL)
		abort();
	if (before != 0 && (before != r || strcmp(name, part) != 0))
		abort();
	return 0;
}
