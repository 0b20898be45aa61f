#include "detect/sni.h"

#include "base/text.h"

#define RECORD_HANDSHAKE 22
#define RECORD_MAX       16384
#define VERSION_MAJOR    3
#define CLIENT_HELLO     1
#define RANDOM_SIZE      32
#define EXT_SERVER_NAME  0
#define NAME_HOST        0
#define HOST_LENGTH_MAX  (DNS_NAME_MAX - 1)

enum state { GOOD, MORE, NONE };

/* The handshake's bytes, wherever records begin among them. */
struct hello {
	struct cur c;
	size_t in_record; /* bytes left of the record at c */
	size_t used;
	enum state state; /* once it is not GOOD, reads yield zero */
};

static void
record_begin(struct hello *h)
{
	uint8_t type = cur_u8(&h->c), major = cur_u8(&h->c);

	if ((!h->c.bad && major != VERSION_MAJOR) || type != RECORD_HANDSHAKE) {
		h->state = NONE;
		return;
	}
	cur_skip(&h->c, 1);
	h->in_record = cur_be16(&h->c);
	if (h->c.bad)
		h->state = MORE;
	else if (h->in_record == 0 || h->in_record > RECORD_MAX)
		h->state = NONE;
}

/* A byte at a time: a name may stand across records. */
static uint8_t
next_u8(struct hello *h)
{
	if (h->state != GOOD)
		return 0;
	if (h->used == SNI_HELLO_MAX) {
		h->state = NONE;
		return 0;
	}
	if (cur_left(&h->c) == 0) {
		h->state = MORE;
		return 0;
	}
	if (h->in_record == 0)
		record_begin(h);
	if (h->state == GOOD && cur_left(&h->c) == 0)
		h->state = MORE;
	if (h->state != GOOD)
		return 0;
	h->in_record--;
	h->used++;
	return cur_u8(&h->c);
}

static size_t
next_be(struct hello *h, unsigned octets)
{
	size_t v = 0;

	while (octets-- > 0)
		v = v << 8 | next_u8(h);
	return v;
}

/* The end of the vector that begins here; it must not pass the limit. */
static size_t
vector(struct hello *h, unsigned octets, size_t limit)
{
	size_t n = next_be(h, octets);

	if (h->state == GOOD && h->used + n > limit)
		h->state = NONE;
	return h->used + n;
}

static size_t
lesser(size_t a, size_t b)
{
	return a < b ? a : b;
}

static void
skip_to(struct hello *h, size_t end)
{
	size_t n;

	while (h->used < end && h->state == GOOD) {
		n = lesser(lesser(end, SNI_HELLO_MAX) - h->used,
		    lesser(h->in_record, cur_left(&h->c)));
		if (n == 0)
			(void)next_u8(h);
		cur_skip(&h->c, n);
		h->in_record -= n;
		h->used += n;
	}
}

static void
name_take(struct hello *h, size_t end, char name[DNS_NAME_MAX])
{
	uint8_t host[HOST_LENGTH_MAX];
	size_t list = vector(h, 2, end), last, n = 0;
	uint8_t type = next_u8(h);

	last = vector(h, 2, list);
	if (h->state != GOOD)
		return;
	if (type != NAME_HOST || last == h->used || last - h->used > sizeof(host)) {
		h->state = NONE;
		return;
	}
	while (h->used < last && h->state == GOOD)
		host[n++] = next_u8(h);
	if (h->state == GOOD)
		(void)text_safe_fold(name, DNS_NAME_MAX, bytes_of(host, n));
}

/* Steps to the extensions; their end. */
static size_t
extensions(struct hello *h)
{
	uint8_t type = next_u8(h);
	size_t end;

	if (h->state == GOOD && type != CLIENT_HELLO)
		h->state = NONE;
	end = vector(h, 3, SIZE_MAX);
	skip_to(h, h->used + 2 + RANDOM_SIZE);
	skip_to(h, vector(h, 1, end));
	skip_to(h, vector(h, 2, end));
	skip_to(h, vector(h, 1, end));
	return vector(h, 2, end);
}

int
sni_client_hello(struct bytes in, char name[DNS_NAME_MAX])
{
	struct hello h = {.c = cur_of(in)};
	size_t all, end, type;

	name[0] = '\0';
	all = extensions(&h);
	while (h.state == GOOD && h.used < all) {
		type = next_be(&h, 2);
		end = vector(&h, 2, all);
		if (type == EXT_SERVER_NAME && h.state == GOOD) {
			name_take(&h, end, name);
			break;
		}
		skip_to(&h, end);
	}
	if (h.state == MORE)
		return 0;
	return h.state == GOOD && name[0] != '\0' ? 1 : -1;
}
