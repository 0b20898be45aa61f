#include <stdlib.h>

#include "detect/socks.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_of(data, size);
	struct socks_target t4, t5;
	uint8_t code, method;
	bool ok[2];
	ssize_t n[] = {socks4_request(in, &t4), socks5_request(in, &t5),
	    socks4_reply(in, &ok[0]), socks5_reply(in, &code), socks5_greeting(in),
	    socks5_auth(in), socks5_method(in, &method), socks5_auth_reply(in, &ok[1])};

	for (size_t i = 0; i < sizeof(n) / sizeof(n[0]); i++)
		if (n[i] < -1 || n[i] > (ssize_t)size)
			abort();
	if ((n[0] > 0 && t4.name.n > 255) || (n[1] > 0 && t5.name.n > 255))
		abort();
	if ((n[2] <= 0 && ok[0]) || (n[3] <= 0 && code == 0) || (n[7] <= 0 && ok[1]))
		abort();
	return 0;
}
