/*
 * HTTP/1.x as far as the gateway and proxies need it (RFC 9112): heads line by line,
 * body lengths, chunks.  Pure pull parsers over borrowed slices.  Tolerant like the
 * peers are: bare LF, folded headers, any case, HTTP/1.0 and 1.1.
 */
#ifndef DETECT_HTTP_H
#define DETECT_HTTP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/bytes.h"

#define HTTP_LINE_MAX 8192 /* a longer line is cut, not refused */

/*
 * One line of in without its end (CR LF or LF) in *out.  >0 bytes consumed; 0 more. Of
 * a line beyond HTTP_LINE_MAX that much is handed out as soon as it is there, and the
 * rest as lines of their own: after a line that is http_cut, the next one belongs to
 * it.
 */
ssize_t http_line(struct bytes in, struct bytes *out);

/* Whether the line for which http_line consumed that much is cut. */
static inline bool
http_cut(ssize_t consumed, struct bytes line)
{
	return consumed > 0 && (size_t)consumed == line.n;
}

struct http_request {
	struct bytes method;
	struct bytes target;
	uint8_t minor; /* HTTP/1.minor */
};

struct http_response {
	unsigned status;     /* 100 to 999 */
	struct bytes phrase; /* may be empty */
	uint8_t minor;
};

/* The first line of a message; false when it is not one. */
bool http_request_line(struct bytes line, struct http_request *out);
bool http_status_line(struct bytes line, struct http_response *out);

/*
 * Whether in, the start of a stream, begins with a request or status line: 1 as far as
 * it goes, 0 too little to say, -1 no.  Empty lines before it are passed over.
 */
int http_request_like(struct bytes in);
int http_response_like(struct bytes in);

/* The fields that matter here. */
enum http_name {
	HTTP_OTHER,
	HTTP_CONTENT_LENGTH,
	HTTP_CONTENT_ENCODING,
	HTTP_TRANSFER_ENCODING,
	HTTP_CONNECTION, /* Connection and Proxy-Connection */
	HTTP_HOST,
	HTTP_MESSENGER, /* X-MSN-Messenger */
};

/*
 * A header field; false for a line that is none (a folded line, one without a colon).
 * Of a field of no interest neither name nor value is looked at any further.
 */
struct http_field {
	enum http_name name;
	struct bytes value; /* trimmed; empty with HTTP_OTHER */
};
bool http_field(struct bytes line, struct http_field *out);

/* A folded line: its trimmed text carries on the value of the field before. */
bool http_folded(struct bytes line, struct bytes *text);

enum http_framing {
	HTTP_NO_BODY,
	HTTP_LENGTH, /* left bytes of body */
	HTTP_CHUNKED,
	HTTP_TO_CLOSE, /* until the connection ends */
};

enum http_coding { HTTP_PLAIN, HTTP_GZIP, HTTP_UNKNOWN_CODING };

/* What the fields of one head say about its body; zero bytes to begin with. */
struct http_body {
	enum http_framing framing;
	enum http_coding coding; /* Content-Encoding: gzip, x-gzip, deflate */
	uint64_t length;         /* with HTTP_LENGTH */
	bool has_length;
	bool chunked;
	bool conflict; /* lengths that differ or are none, or one beside chunked */
	bool close;    /* Connection or Proxy-Connection: close */
	bool upgrade;
};

/* Folds one field in; fields of no interest change nothing. */
void http_body_field(struct http_body *b, const struct http_field *f);

/*
 * Settles the framing once the head is over.  A conflict is settled as RFC 9112 section
 * 6.3 says: chunked wins, and of differing lengths the first.
 */
void http_body_request(struct http_body *b);
void http_body_response(
    struct http_body *b, unsigned status, bool to_head, bool to_connect);

/* Chunked body (RFC 9112 section 7.1).  Zero bytes to begin with. */
struct http_chunks {
	uint64_t left; /* of the current chunk */
	uint8_t state; /* 0: at the size of a chunk */
};

/*
 * Consumes from in and yields at most one slice of body data in *data (empty when the
 * step was framing only).  >0 consumed; 0 more; -1 not chunked.  *done is set when the
 * last chunk and its trailers are over.
 */
ssize_t http_chunk(
    struct http_chunks *c, struct bytes in, struct bytes *data, bool *done);

#endif
