#include <stdlib.h>

#include "detect/http.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_of(data, size), line;
	struct http_request request;
	struct http_response response;
	struct http_body body = {0};
	struct http_field f;

	for (ssize_t n; (n = http_line(in, &line)) > 0; in = bytes_skip(in, (size_t)n)) {
		if ((size_t)n > in.n || line.n > (size_t)n)
			abort();
		if (http_request_line(line, &request) && http_request_like(in) < 0)
			abort();
		if (http_status_line(line, &response) && http_response_like(in) < 0)
			abort();
		if (http_field(line, &f))
			http_body_field(&body, &f);
	}
	return 0;
}
