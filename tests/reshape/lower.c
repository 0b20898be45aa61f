#include <string.h>

#include "base/bytes.h"
#include "tests/reshape/lower.h"

#define PAYLOAD_MAX (1024 * 1024)

/* Commands whose last word is the length of a payload, by sender. */
static const char with_payload[2][128] = {
    "MSG NOT IPG GCF UBX UBM UBN ADL RML FQY NFY SDG PUT DEL ",
    "MSG QRY UUX ADL RML FQY UUM UUN PUT DEL SDG SDC PAG PGD VAS ",
};

static bool
listed(const char *list, struct bytes verb)
{
	struct bytes rest = bytes_str(list);

	for (; rest.n > 0; rest = bytes_skip(rest, 4))
		if (bytes_eq(bytes_take(rest, 3), verb))
			return true;
	return false;
}

static struct bytes
last_word(struct bytes line)
{
	size_t at = line.n;

	while (at > 0 && line.p[at - 1] != ' ')
		at--;
	return bytes_skip(line, at);
}

static size_t
payload_of(struct bytes line, bool from_client)
{
	struct bytes verb = bytes_take(line, 3), word = last_word(line);
	uint64_t n = 0;
	bool error;

	if (line.n < 5 || line.p[3] != ' ')
		return 0;
	error = byte_is_digit(verb.p[0]) && word.p != line.p + 4; /* NNN <t> <len> */
	if (error || listed(with_payload[from_client], verb))
		(void)bytes_decimal(word, PAYLOAD_MAX, &n);
	return (size_t)n;
}

static void
line_end(struct lower *l, bool from_client)
{
	size_t n = l->n < LOWER_LINE_MAX ? l->n : LOWER_LINE_MAX;

	while (n > 0 && (l->line[n - 1] == '\r' || l->line[n - 1] == '\n'))
		n--;
	l->payload =
	    l->n <= LOWER_LINE_MAX ? payload_of(bytes_of(l->line, n), from_client) : 0;
	l->n = 0;
}

void
lower_byte(struct lower *l, uint8_t *c, bool from_client)
{
	uint8_t was = *c;

	if (l->payload > 0) {
		l->payload--;
		return;
	}
	if (l->n < LOWER_LINE_MAX)
		l->line[l->n] = (char)was;
	if (l->n < 3)
		*c = byte_fold(was);
	l->n++;
	if (was == '\n')
		line_end(l, from_client);
}
