#include "detect/dns.h"

#include "base/text.h"

#define HEADER_SIZE   12
#define WIRE_NAME_MAX 255
#define LABEL_MAX     63
#define CLASS_IN      1
#define FLAG_RESPONSE 0x8000
#define FLAGS_OPCODE  0x7800
#define FLAG_TC       0x0200
#define FLAG_RD       0x0100
#define FLAGS_RCODE   0x000f

/* Labels behind their lengths, in lower case: equal names are equal bytes. */
struct wire_name {
	uint8_t v[WIRE_NAME_MAX];
	size_t n;
};

struct record {
	struct wire_name owner;
	uint16_t type;
	struct bytes data;
};

struct records {
	struct record r[DNS_RECORDS_MAX];
	size_t n;
};

static bool
label_append(struct wire_name *to, struct bytes label)
{
	size_t i;

	if (label.n > LABEL_MAX || to->n + 1 + label.n > WIRE_NAME_MAX)
		return false;
	to->v[to->n++] = (uint8_t)label.n;
	for (i = 0; i < label.n; i++)
		to->v[to->n++] = byte_fold(label.p[i]);
	return true;
}

/*
 * The name at c, which is stepped past it.  Every pointer leads before the piece it
 * stands in, so the walk ends.
 */
static bool
name_read(struct bytes message, struct cur *c, struct wire_name *out)
{
	size_t start = (size_t)(c->p - message.p), to;
	struct cur at = *c;
	bool jumped = false;
	uint8_t n;

	out->n = 0;
	for (;;) {
		n = cur_u8(&at);
		if (n < 0xc0) {
			if (!label_append(out, cur_take(&at, n)) || at.bad)
				return false;
			if (n == 0)
				break;
			continue;
		}
		to = (size_t)(n & 0x3f) << 8 | cur_u8(&at);
		if (at.bad || to < HEADER_SIZE || to >= start)
			return false;
		if (!jumped)
			*c = at;
		jumped = true;
		start = to;
		at = cur_of(bytes_skip(message, to));
	}
	if (!jumped)
		*c = at;
	return true;
}

static bool
name_eq(const struct wire_name *a, const struct wire_name *b)
{
	return a->n == b->n && memcmp(a->v, b->v, a->n) == 0;
}

/* Safe text of one label; dst has room for four characters a byte. */
static size_t
label_text(char *dst, struct bytes label)
{
	size_t n = 0, dot;

	for (;;) {
		dot = bytes_find(label, '.');
		n += text_safe_fold(dst + n, 4 * dot + 4, bytes_take(label, dot));
		if (dot == label.n)
			return n;
		text_put(dst + n, 5, "\\x2e");
		n += 4;
		label = bytes_skip(label, dot + 1);
	}
}

/* A text that does not fit loses whole labels at its end. */
static void
name_text(const struct wire_name *name, char dst[DNS_NAME_MAX])
{
	char label[4 * LABEL_MAX + 4];
	size_t n = 0, keep = 0, at, len;

	text_put(dst, DNS_NAME_MAX, ".");
	for (at = 0; name->v[at] != 0; at += 1U + name->v[at]) {
		len = label_text(label, bytes_of(name->v + at + 1, name->v[at]));
		if (n + (n != 0) + len >= DNS_NAME_MAX) {
			text_put(dst + keep, DNS_NAME_MAX - keep, "...");
			return;
		}
		if (n != 0)
			dst[n++] = '.';
		memcpy(dst + n, label, len);
		n += len;
		dst[n] = '\0';
		if (n + 3 < DNS_NAME_MAX)
			keep = n;
	}
}

static bool
record_read(struct bytes message, struct cur *c, struct record *out)
{
	uint16_t class;

	if (!name_read(message, c, &out->owner))
		return false;
	out->type = cur_be16(c);
	class = cur_be16(c);
	cur_skip(c, 4);
	out->data = cur_take(c, cur_be16(c));
	if (class != CLASS_IN)
		out->type = 0;
	return !c->bad;
}

static void
address_add(struct dns_message *out, const struct addr *a)
{
	size_t i;

	for (i = 0; i < out->n_addrs; i++)
		if (addr_cmp(&out->addrs[i], a) == 0)
			return;
	if (out->n_addrs < DNS_ADDRS_MAX)
		out->addrs[out->n_addrs++] = *a;
	else
		out->more_addrs++;
}

static void
addresses_take(
    const struct records *rs, const struct wire_name *owner, struct dns_message *out)
{
	const struct record *r;
	struct addr a;

	for (r = rs->r; r < rs->r + rs->n; r++) {
		if (r->type != out->type || r->data.n != (r->type == DNS_A ? 4 : 16) ||
		    !name_eq(&r->owner, owner))
			continue;
		a = r->type == DNS_A ? addr_v4(r->data.p) : addr_v6(r->data.p);
		address_add(out, &a);
	}
}

/* Replaces name by what it is an alias of; false when it is none. */
static bool
alias_follow(struct bytes message, const struct records *rs, struct wire_name *name)
{
	const struct record *r;
	struct wire_name target;
	struct cur c;

	for (r = rs->r; r < rs->r + rs->n; r++) {
		if (r->type != DNS_CNAME || !name_eq(&r->owner, name))
			continue;
		c = (struct cur){r->data.p, r->data.p + r->data.n, false};
		if (!name_read(message, &c, &target))
			return false;
		*name = target;
		return true;
	}
	return false;
}

static void
answers_read(
    struct bytes message, struct cur *c, struct wire_name *asked, struct dns_message *out)
{
	struct records rs;
	unsigned hops;

	for (rs.n = 0; rs.n < out->answers && rs.n < DNS_RECORDS_MAX; rs.n++)
		if (!record_read(message, c, &rs.r[rs.n]))
			break;
	out->cut = rs.n < out->answers;
	for (hops = 0; hops <= DNS_CHAIN_MAX; hops++) {
		addresses_take(&rs, asked, out);
		if (!alias_follow(message, &rs, asked))
			return;
		out->has_cname = true;
	}
	out->cut = true;
}

int
dns_message(struct bytes in, struct dns_message *out)
{
	struct cur c = cur_of(in);
	struct wire_name asked;
	uint16_t flags, questions, class;

	memset(out, 0, sizeof(*out));
	out->id = cur_be16(&c);
	flags = cur_be16(&c);
	questions = cur_be16(&c);
	out->answers = cur_be16(&c);
	cur_skip(&c, 4);
	if (c.bad)
		return -1;
	if (questions != 1 || (flags & FLAGS_OPCODE) != 0)
		return 0;
	if (!name_read(in, &c, &asked))
		return -1;
	out->type = cur_be16(&c);
	class = cur_be16(&c);
	if (c.bad)
		return -1;
	out->response = (flags & FLAG_RESPONSE) != 0;
	out->truncated = (flags & FLAG_TC) != 0;
	out->recursive = (flags & FLAG_RD) != 0;
	out->rcode = flags & FLAGS_RCODE;
	if (class != CLASS_IN || (out->type != DNS_A && out->type != DNS_AAAA))
		return 0;
	name_text(&asked, out->name);
	if (out->response)
		answers_read(in, &c, &asked, out);
	return 1;
}

ssize_t
dns_tcp(struct bytes in, struct bytes *message)
{
	struct cur c = cur_of(in);
	size_t n = cur_be16(&c);

	*message = bytes_of(in.p, 0);
	if (c.bad)
		return 0;
	if (n < HEADER_SIZE)
		return -1;
	if (cur_left(&c) < (n < DNS_TCP_MAX ? n : DNS_TCP_MAX))
		return 0;
	*message = bytes_take(cur_rest(&c), n < DNS_TCP_MAX ? n : DNS_TCP_MAX);
	return (ssize_t)(2 + n);
}
