#include "detect/msnp.h"

#define PORT_DEFAULT 1863

static bool
is_letter(uint8_t c)
{
	c = byte_fold(c);
	return c >= 'a' && c <= 'z';
}

static bool
is_end(uint8_t c)
{
	return c == '\r' || c == '\n';
}

static uint8_t
upper(uint8_t c)
{
	return is_letter(c) ? (uint8_t)(c & 0xdf) : c;
}

/* Offset of the first CR or LF, or b.n when there is none. */
static size_t
end_find(struct bytes b)
{
	return bytes_find(bytes_take(b, bytes_find(b, '\n')), '\r');
}

/* Bytes of the line end at the start of b: 0 for a CR that may still get its LF. */
static size_t
end_size(struct bytes b)
{
	if (b.p[0] == '\n')
		return 1;
	if (b.n < 2)
		return 0;
	return b.p[1] == '\n' ? 2 : 1;
}

/* What the first four bytes say: 1 a verb, 0 too few of them, -1 no MSNP line. */
static int
verb_like(struct bytes in)
{
	size_t i;

	for (i = 0; i < 3 && i < in.n; i++)
		if (!is_letter(in.p[i]) && !byte_is_digit(in.p[i]))
			return -1;
	if (in.n < 4)
		return 0;
	return byte_is_blank(in.p[3]) || is_end(in.p[3]) ? 1 : -1;
}

static void
args_split(struct bytes rest, struct msnp_line *out)
{
	struct bytes arg;

	for (;;) {
		rest = bytes_trim(rest);
		if (rest.n == 0)
			return;
		arg = rest;
		for (arg.n = 1; arg.n < rest.n && !byte_is_blank(rest.p[arg.n]); arg.n++)
			;
		if (out->n_args < MSNP_ARGS_MAX)
			out->arg[out->n_args++] = arg;
		out->last = arg;
		rest = bytes_skip(rest, arg.n);
	}
}

static void
line_read(struct bytes text, struct msnp_line *out)
{
	out->verb = bytes_take(text, 3);
	out->code = MSNP_VERB(upper(text.p[0]), upper(text.p[1]), upper(text.p[2]));
	args_split(bytes_skip(text, 3), out);
}

ssize_t
msnp_line(struct bytes in, struct msnp_line *out)
{
	size_t end, size;

	memset(out, 0, sizeof(*out));
	if (in.n == 0)
		return 0;
	if (is_end(in.p[0]))
		return (ssize_t)end_size(in);
	if (verb_like(in) != 1)
		return verb_like(in);
	end = end_find(bytes_take(in, MSNP_LINE_MAX));
	out->cut = end == MSNP_LINE_MAX;
	if (end == in.n && !out->cut)
		return 0;
	size = out->cut ? 0 : end_size(bytes_skip(in, end));
	if (size == 0 && !out->cut)
		return 0;
	line_read(bytes_take(in, end), out);
	return (ssize_t)(end + size);
}

ssize_t
msnp_rest(struct bytes in, bool *over)
{
	size_t end = end_find(in), size;

	*over = false;
	if (end == in.n)
		return (ssize_t)end;
	size = end_size(bytes_skip(in, end));
	*over = size != 0;
	return (ssize_t)(end + size);
}

unsigned
msnp_error(const struct msnp_line *line)
{
	uint64_t n = 0;

	if (line->code == 0 || !bytes_decimal(line->verb, 999, &n) || n < 200)
		return 0;
	return (unsigned)n;
}

bool
msnp_trid(const struct msnp_line *line, uint32_t *trid)
{
	uint64_t n = 0;

	if (line->n_args == 0 || !bytes_decimal(line->arg[0], UINT32_MAX, &n))
		return false;
	*trid = (uint32_t)n;
	return true;
}

unsigned
msnp_dialect(struct bytes token)
{
	uint64_t n = 0;

	if (!bytes_starts_fold(token, "MSNP"))
		return 0;
	token = bytes_skip(token, 4);
	if (token.n == 0 || token.p[0] == '0' || !bytes_decimal(token, 99, &n))
		return 0;
	return (unsigned)n;
}

struct bytes
msnp_handle(struct bytes token)
{
	size_t colon = bytes_find(bytes_take(token, 4), ':'), inner;
	uint64_t network = 0;

	if (bytes_decimal(bytes_take(token, colon), 999, &network) && colon < token.n &&
	    token.p[colon] == ':')
		token = bytes_skip(token, colon + 1);
	token.n = bytes_find(token, ';');
	inner = token.n > 2 ? token.n - 2 : 0;
	if (bytes_find(bytes_take(bytes_skip(token, 1), inner), '@') == inner)
		token.n = 0;
	return token;
}

static bool
port_read(struct bytes text, uint16_t *port)
{
	uint64_t n = 0;

	if (!bytes_decimal(text, UINT16_MAX, &n) || n == 0)
		return false;
	*port = (uint16_t)n;
	return true;
}

/*
 * The parts of "[v6]", "[v6]:port", "v6", "v4" and "v4:port"; an absent port is NULL.
 */
static bool
endpoint_split(struct bytes token, struct bytes *host, struct bytes *port)
{
	size_t at = bytes_find(token, ':');

	*port = bytes_of(NULL, 0);
	*host = token;
	if (token.n != 0 && token.p[0] == '[') {
		at = bytes_find(token, ']');
		if (at == token.n)
			return false;
		*host = bytes_of(token.p + 1, at - 1);
		token = bytes_skip(token, at + 1);
		if (token.n == 0)
			return true;
		*port = bytes_skip(token, 1);
		return token.p[0] == ':';
	}
	if (at == token.n ||
	    bytes_find(bytes_skip(token, at + 1), ':') + at + 1 < token.n)
		return true;
	*host = bytes_take(token, at);
	*port = bytes_skip(token, at + 1);
	return true;
}

bool
msnp_endpoint(struct bytes token, struct endpoint *out)
{
	struct endpoint e = {.port = PORT_DEFAULT};
	struct bytes host, port;
	char text[ADDR_TEXT_MAX];

	if (!endpoint_split(token, &host, &port) || host.n == 0 ||
	    host.n >= sizeof(text) || bytes_find(host, '\0') != host.n)
		return false;
	memcpy(text, host.p, host.n);
	text[host.n] = '\0';
	if (!addr_parse(text, &e.addr) || (port.p != NULL && !port_read(port, &e.port)))
		return false;
	*out = e;
	return true;
}
