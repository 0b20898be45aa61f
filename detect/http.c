#include "detect/http.h"

#define METHOD_MAX 32

/* A character of a token (RFC 9110 section 5.6.2). */
static bool
is_token(uint8_t c)
{
	/* A bit a character; beyond ASCII there is none. */
	static const uint64_t token[4] = {0x03ff6cfa00000000, 0x57ffffffc7fffffe, 0, 0};

	return (token[c / 64] >> c % 64 & 1) != 0;
}

static size_t
token_size(struct bytes b)
{
	size_t n = 0;

	/* Letters and hyphens first: nearly all that names are made of. */
	while (n < b.n && ((uint8_t)((b.p[n] | 0x20) - 'a') < 26 || b.p[n] == '-' ||
			      is_token(b.p[n])))
		n++;
	return n;
}

ssize_t
http_line(struct bytes in, struct bytes *out)
{
	size_t end;

	*out = bytes_take(in, HTTP_LINE_MAX);
	end = bytes_find(*out, '\n');
	if (end == out->n)
		return end == HTTP_LINE_MAX ? HTTP_LINE_MAX : 0;
	out->n = end != 0 && in.p[end - 1] == '\r' ? end - 1 : end;
	return (ssize_t)end + 1;
}

/* "HTTP/1.d" at the start of b. */
static bool
version_read(struct bytes b, uint8_t *minor)
{
	if (b.n < 8 || !bytes_starts_fold(b, "HTTP/1.") || !byte_is_digit(b.p[7]))
		return false;
	*minor = (uint8_t)(b.p[7] - '0');
	return true;
}

bool
http_request_line(struct bytes line, struct http_request *out)
{
	size_t method = token_size(line);
	struct bytes rest;

	*out = (struct http_request){0};
	if (method == 0 || method > METHOD_MAX || method == line.n ||
	    !byte_is_blank(line.p[method]))
		return false;
	rest = bytes_trim(bytes_skip(line, method));
	if (rest.n < 8 || !version_read(bytes_skip(rest, rest.n - 8), &out->minor))
		return false;
	rest.n -= 8;
	if (rest.n == 0 || !byte_is_blank(rest.p[rest.n - 1]))
		return false;
	out->method = bytes_take(line, method);
	out->target = bytes_trim(rest);
	return out->target.n != 0;
}

bool
http_status_line(struct bytes line, struct http_response *out)
{
	struct bytes rest = bytes_trim(bytes_skip(line, 8));
	uint64_t status = 0;

	*out = (struct http_response){0};
	if (!version_read(line, &out->minor) || line.n < 9 || !byte_is_blank(line.p[8]))
		return false;
	if (!bytes_decimal(bytes_take(rest, 3), 999, &status) || status < 100)
		return false;
	out->status = (unsigned)status;
	rest = bytes_skip(rest, 3);
	out->phrase = bytes_trim(rest);
	return rest.n == 0 || byte_is_blank(rest.p[0]);
}

static struct bytes
skip_empty_lines(struct bytes in)
{
	while (in.n != 0 && (in.p[0] == '\r' || in.p[0] == '\n'))
		in = bytes_skip(in, 1);
	return in;
}

/* A line still open: the method and what a target may begin with decide. */
static int
request_begun(struct bytes in)
{
	size_t method = token_size(in);
	struct bytes target;

	if (method > METHOD_MAX || in.n >= HTTP_LINE_MAX)
		return -1;
	if (method == in.n)
		return 0;
	if (method == 0 || !byte_is_blank(in.p[method]))
		return -1;
	target = bytes_trim(bytes_skip(in, method));
	if (target.n == 0)
		return 0;
	return target.p[0] == '/' || bytes_starts_fold(target, "http://") ? 1 : 0;
}

int
http_request_like(struct bytes in)
{
	struct http_request request;
	struct bytes line;

	in = skip_empty_lines(in);
	if (bytes_find(bytes_take(in, HTTP_LINE_MAX), '\n') >=
	    bytes_take(in, HTTP_LINE_MAX).n)
		return request_begun(in);
	(void)http_line(in, &line);
	return http_request_line(line, &request) ? 1 : -1;
}

/* A status line of which only a part is there: whether all of it fits the pattern. */
static int
response_begun(struct bytes in)
{
	static const char pattern[] = "http/1.d";
	size_t i, digits;

	for (i = 0; i < 8 && i < in.n; i++)
		if (pattern[i] == 'd' ? !byte_is_digit(in.p[i])
				      : byte_fold(in.p[i]) != (uint8_t)pattern[i])
			return -1;
	if (in.n <= 8)
		return 0;
	if (!byte_is_blank(in.p[8]))
		return -1;
	in = bytes_trim(bytes_skip(in, 8));
	for (digits = 0; digits < 3 && digits < in.n; digits++)
		if (!byte_is_digit(in.p[digits]) || in.p[0] == '0')
			return -1;
	return digits == 3 && in.n > 3
		   ? (byte_is_blank(in.p[3]) || in.p[3] == '\r' ? 1 : -1)
		   : 0;
}

int
http_response_like(struct bytes in)
{
	struct http_response response;
	struct bytes line;

	in = skip_empty_lines(in);
	line = bytes_take(in, HTTP_LINE_MAX);
	if (bytes_find(line, '\n') == line.n)
		return response_begun(line);
	(void)http_line(in, &line);
	return http_status_line(line, &response) ? 1 : -1;
}

static enum http_name
name_of(struct bytes name)
{
	static const struct {
		size_t n;
		const char *text;
		enum http_name name;
	} names[] = {
	    {4, "Host", HTTP_HOST},
	    {10, "Connection", HTTP_CONNECTION},
	    {14, "Content-Length", HTTP_CONTENT_LENGTH},
	    {15, "X-MSN-Messenger", HTTP_MESSENGER},
	    {16, "Content-Encoding", HTTP_CONTENT_ENCODING},
	    {16, "Proxy-Connection", HTTP_CONNECTION},
	    {17, "Transfer-Encoding", HTTP_TRANSFER_ENCODING},
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (name.n == names[i].n && bytes_starts_fold(name, names[i].text))
			return names[i].name;
	return HTTP_OTHER;
}

bool
http_field(struct bytes line, struct http_field *out)
{
	size_t colon = bytes_find(line, ':');
	struct bytes name = bytes_trim(bytes_take(line, colon));

	*out = (struct http_field){0};
	if (colon == line.n || name.n == 0 || name.p != line.p)
		return false;
	out->name = name_of(name);
	if (out->name != HTTP_OTHER)
		out->value = bytes_trim(bytes_skip(line, colon + 1));
	return true;
}

bool
http_folded(struct bytes line, struct bytes *text)
{
	if (line.n == 0 || !byte_is_blank(line.p[0]))
		return false;
	*text = bytes_trim(line);
	return text->n != 0;
}
