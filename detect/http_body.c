#include "detect/http.h"

#define CHUNK_LINE_MAX 4096
#define CHUNK_SIZE_MAX (UINT64_C(1) << 60)

/* The next element of a list with commas, trimmed; false at its end. */
static bool
list_next(struct bytes *list, struct bytes *out)
{
	size_t comma = bytes_find(*list, ',');

	if (list->n == 0)
		return false;
	*out = bytes_trim(bytes_take(*list, comma));
	*list = bytes_skip(*list, comma + 1);
	return true;
}

/* A decimal number of up to 18 digits. */
static bool
length_read(struct bytes b, uint64_t *out)
{
	uint64_t high = 0, low = 0;
	size_t n;

	while (b.n > 1 && b.p[0] == '0')
		b = bytes_skip(b, 1);
	n = b.n > 9 ? b.n - 9 : 0;
	if (b.n > 18 || (n != 0 && !bytes_decimal(bytes_take(b, n), 999999999, &high)) ||
	    !bytes_decimal(bytes_skip(b, n), 999999999, &low))
		return false;
	*out = high * 1000000000 + low;
	return true;
}

static void
fold_length(struct http_body *b, struct bytes list)
{
	struct bytes item;
	uint64_t n = 0;

	while (list_next(&list, &item)) {
		if (!length_read(item, &n) || (b->has_length && b->length != n))
			b->conflict = true;
		else {
			b->has_length = true;
			b->length = n;
		}
	}
}

static void
fold_coding(struct http_body *b, struct bytes list)
{
	struct bytes item;

	while (list_next(&list, &item)) {
		if (item.n == 0 || bytes_eq_fold(item, "identity"))
			continue;
		if (b->coding == HTTP_PLAIN &&
		    (bytes_eq_fold(item, "gzip") || bytes_eq_fold(item, "x-gzip") ||
			bytes_eq_fold(item, "deflate")))
			b->coding = HTTP_GZIP;
		else
			b->coding = HTTP_UNKNOWN_CODING;
	}
}

/* Chunked counts when it is the last coding; those before it are the content's. */
static void
fold_transfer(struct http_body *b, struct bytes list)
{
	struct bytes item;

	while (list_next(&list, &item)) {
		if (b->chunked)
			b->conflict = true;
		else if (bytes_eq_fold(item, "chunked"))
			b->chunked = true;
		else
			fold_coding(b, item);
	}
}

static void
fold_connection(struct http_body *b, struct bytes list)
{
	struct bytes item;

	while (list_next(&list, &item)) {
		b->close = b->close || bytes_eq_fold(item, "close");
		b->upgrade = b->upgrade || bytes_eq_fold(item, "upgrade");
	}
}

void
http_body_field(struct http_body *b, const struct http_field *f)
{
	switch (f->name) {
	case HTTP_CONTENT_LENGTH:
		fold_length(b, f->value);
		break;
	case HTTP_CONTENT_ENCODING:
		fold_coding(b, f->value);
		break;
	case HTTP_TRANSFER_ENCODING:
		fold_transfer(b, f->value);
		break;
	case HTTP_CONNECTION:
		fold_connection(b, f->value);
		break;
	case HTTP_HOST:
	case HTTP_MESSENGER:
	case HTTP_OTHER:
		break;
	}
}

static void
settle(struct http_body *b, enum http_framing otherwise)
{
	b->conflict = b->conflict || (b->chunked && b->has_length);
	if (b->chunked)
		b->framing = HTTP_CHUNKED;
	else if (b->has_length)
		b->framing = b->length != 0 ? HTTP_LENGTH : HTTP_NO_BODY;
	else
		b->framing = otherwise;
}

void
http_body_request(struct http_body *b)
{
	settle(b, HTTP_NO_BODY);
}

void
http_body_response(struct http_body *b, unsigned status, bool to_head, bool to_connect)
{
	settle(b, HTTP_TO_CLOSE);
	if (status < 200 || status == 204 || status == 304 || to_head ||
	    (to_connect && status < 300))
		b->framing = HTTP_NO_BODY;
}

enum chunk_state {
	CHUNK_SIZE,
	CHUNK_DATA,
	CHUNK_DATA_END,
	CHUNK_TRAILER,
	CHUNK_TRAILER_REST, /* of a trailer that was cut */
	CHUNK_DONE,
};

/* A hexadecimal number at the start of b: its digits, 0 for none or too large a one. */
static size_t
hex_read(struct bytes b, uint64_t *out)
{
	size_t n;

	*out = 0;
	for (n = 0; n < b.n && byte_hex(b.p[n]) < 16; n++) {
		*out = *out << 4 | byte_hex(b.p[n]);
		if (*out > CHUNK_SIZE_MAX)
			return 0;
	}
	return n;
}

/* What may follow the digits; the CR of a line end not yet there is one. */
static bool
size_ends(uint8_t c, bool open)
{
	return c == ' ' || c == '\t' || c == ';' || (open && c == '\r');
}

static ssize_t
chunk_size(struct http_chunks *c, struct bytes in)
{
	struct bytes line;
	uint64_t size = 0;
	size_t digits = hex_read(in, &size);
	ssize_t n;

	if (in.n == 0)
		return 0;
	if (digits == 0)
		return -1;
	n = http_line(in, &line);
	if (n > CHUNK_LINE_MAX || (n == 0 && in.n > CHUNK_LINE_MAX))
		return -1;
	line = bytes_skip(n == 0 ? in : line, digits);
	if (line.n != 0 && !size_ends(line.p[0], n == 0))
		return -1;
	if (n != 0) {
		c->left = size;
		c->state = size != 0 ? CHUNK_DATA : CHUNK_TRAILER;
	}
	return n;
}

static ssize_t
chunk_data(struct http_chunks *c, struct bytes in, struct bytes *data)
{
	*data = bytes_take(in, c->left < in.n ? (size_t)c->left : in.n);
	c->left -= data->n;
	if (c->left == 0)
		c->state = CHUNK_DATA_END;
	return (ssize_t)data->n;
}

static ssize_t
chunk_data_end(struct http_chunks *c, struct bytes in)
{
	size_t n = in.n != 0 && in.p[0] == '\r' ? 1 : 0;

	if (n >= in.n)
		return 0;
	if (in.p[n] != '\n')
		return -1;
	c->state = CHUNK_SIZE;
	return (ssize_t)n + 1;
}

static ssize_t
chunk_trailer(struct http_chunks *c, struct bytes in)
{
	struct bytes line;
	ssize_t n = http_line(in, &line);

	if (n == 0)
		return 0;
	if (http_cut(n, line))
		c->state = CHUNK_TRAILER_REST;
	else if (c->state == CHUNK_TRAILER && line.n == 0)
		c->state = CHUNK_DONE;
	else
		c->state = CHUNK_TRAILER;
	return n;
}

ssize_t
http_chunk(struct http_chunks *c, struct bytes in, struct bytes *data, bool *done)
{
	ssize_t n = 0;

	*data = bytes_of(in.p, 0);
	switch ((enum chunk_state)c->state) {
	case CHUNK_SIZE:
		n = chunk_size(c, in);
		break;
	case CHUNK_DATA:
		n = chunk_data(c, in, data);
		break;
	case CHUNK_DATA_END:
		n = chunk_data_end(c, in);
		break;
	case CHUNK_TRAILER:
	case CHUNK_TRAILER_REST:
		n = chunk_trailer(c, in);
		break;
	case CHUNK_DONE:
		break;
	}
	*done = c->state == CHUNK_DONE;
	return n;
}
