#include <stdlib.h>

#include "detect/dns.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dns_message m, part;
	struct bytes in = bytes_of(data, size), message;
	int r = dns_message(in, &m), cut = dns_message(bytes_take(in, size / 2), &part);
	ssize_t n = dns_tcp(in, &message);

	if (r < -1 || r > 1 || n < -1 || message.n > DNS_TCP_MAX)
		abort();
	if (n > 0 ? message.n < 12 || message.n + 2 > size : message.n != 0)
		abort();
	if (m.n_addrs > DNS_ADDRS_MAX || memchr(m.name, 0, sizeof(m.name)) == NULL)
		abort();
	if (r < 1 && m.n_addrs != 0)
		abort();
	if (cut == 1 && (r != 1 || strcmp(m.name, part.name) != 0))
		abort();
	return 0;
}
