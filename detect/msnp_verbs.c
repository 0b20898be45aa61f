#include "detect/msnp.h"

enum form {
	UNSENT,   /* not a verb of that side */
	LINE,     /* a line and no more, whatever number it ends in */
	LENGTH,   /* the last argument is the length of a payload */
	OPTIONAL, /* as LENGTH when it is a number and the arguments suffice, else LINE */
};

struct rule {
	uint8_t form;
	uint8_t args; /* fewest arguments with which the last one is a length */
};

struct verb {
	char name[4];
	struct rule client;
	struct rule server;
};

/* In the order of the names: verb_find halves its way through. */
static const struct verb verbs[] = {
    {"ACK", {UNSENT, 0}, {LINE, 0}},
    {"ADC", {LINE, 0}, {LINE, 0}},
    {"ADD", {LINE, 0}, {LINE, 0}},
    {"ADG", {LINE, 0}, {LINE, 0}},
    {"ADL", {LENGTH, 2}, {OPTIONAL, 2}},
    {"ANS", {LINE, 0}, {LINE, 0}},
    {"BLP", {LINE, 0}, {LINE, 0}},
    {"BPR", {UNSENT, 0}, {LINE, 0}},
    {"BYE", {UNSENT, 0}, {LINE, 0}},
    {"CAL", {LINE, 0}, {LINE, 0}},
    {"CHG", {LINE, 0}, {LINE, 0}},
    {"CHL", {UNSENT, 0}, {LINE, 0}},
    {"CVQ", {LINE, 0}, {LINE, 0}},
    {"CVR", {LINE, 0}, {LINE, 0}},
    {"DEL", {LENGTH, 2}, {OPTIONAL, 2}},
    {"FLN", {UNSENT, 0}, {LINE, 0}},
    {"FND", {LINE, 0}, {LINE, 0}},
    {"FQY", {LENGTH, 2}, {LENGTH, 2}},
    {"GCF", {LINE, 0}, {LENGTH, 2}},
    {"GTC", {LINE, 0}, {LINE, 0}},
    {"ILN", {UNSENT, 0}, {LINE, 0}},
    {"IMS", {LINE, 0}, {LINE, 0}},
    {"INF", {LINE, 0}, {LINE, 0}},
    {"IPG", {UNSENT, 0}, {LENGTH, 1}},
    {"IRO", {UNSENT, 0}, {LINE, 0}},
    {"JOI", {UNSENT, 0}, {LINE, 0}},
    {"LSG", {LINE, 0}, {LINE, 0}},
    {"LST", {LINE, 0}, {LINE, 0}},
    {"MSG", {LENGTH, 3}, {LENGTH, 3}},
    {"NAK", {UNSENT, 0}, {LINE, 0}},
    {"NFY", {UNSENT, 0}, {LENGTH, 2}},
    {"NLN", {UNSENT, 0}, {LINE, 0}},
    {"NOT", {UNSENT, 0}, {LENGTH, 1}},
    {"OUT", {LINE, 0}, {LINE, 0}},
    {"PAG", {LENGTH, 2}, {LINE, 0}},
    {"PGD", {LENGTH, 2}, {LINE, 0}},
    {"PNG", {LINE, 0}, {UNSENT, 0}},
    {"PRP", {LINE, 0}, {LINE, 0}},
    {"PUT", {LENGTH, 2}, {OPTIONAL, 2}},
    {"QNG", {UNSENT, 0}, {LINE, 0}},
    {"QRY", {LENGTH, 2}, {LINE, 0}},
    {"REA", {LINE, 0}, {LINE, 0}},
    {"REG", {LINE, 0}, {LINE, 0}},
    {"REM", {LINE, 0}, {LINE, 0}},
    {"RMG", {LINE, 0}, {LINE, 0}},
    {"RML", {LENGTH, 2}, {OPTIONAL, 2}},
    {"RNG", {UNSENT, 0}, {LINE, 0}},
    {"SBP", {LINE, 0}, {LINE, 0}},
    {"SBS", {UNSENT, 0}, {LINE, 0}},
    {"SDC", {LENGTH, 2}, {LINE, 0}},
    {"SDG", {LENGTH, 2}, {OPTIONAL, 2}},
    {"SND", {LINE, 0}, {LINE, 0}},
    {"SYN", {LINE, 0}, {LINE, 0}},
    {"UBM", {UNSENT, 0}, {LENGTH, 2}},
    {"UBN", {UNSENT, 0}, {LENGTH, 2}},
    {"UBX", {UNSENT, 0}, {LENGTH, 2}},
    {"URL", {LINE, 0}, {LINE, 0}},
    {"USR", {LINE, 0}, {LINE, 0}},
    {"UUM", {LENGTH, 3}, {LINE, 0}},
    {"UUN", {OPTIONAL, 4}, {LINE, 0}},
    {"UUX", {LENGTH, 2}, {OPTIONAL, 2}},
    {"VAS", {LENGTH, 2}, {LINE, 0}},
    {"VER", {LINE, 0}, {LINE, 0}},
    {"XFR", {LINE, 0}, {LINE, 0}},
};

static uint32_t
verb_code(const struct verb *v)
{
	return MSNP_VERB((uint8_t)v->name[0], (uint8_t)v->name[1], (uint8_t)v->name[2]);
}

static const struct verb *
verb_find(uint32_t code)
{
	size_t low = 0, high = sizeof(verbs) / sizeof(verbs[0]), middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (verb_code(&verbs[middle]) == code)
			return &verbs[middle];
		if (verb_code(&verbs[middle]) < code)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* Error lines that explain themselves in a payload when they name a length. */
static bool
error_explains(unsigned n)
{
	static const uint16_t known[] = {
	    201, 203, 204, 205, 210, 234, 241, 508, 509, 511, 591, 731, 801, 933};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i] == n)
			return true;
	return false;
}

static bool
code_is_error(uint32_t code)
{
	uint32_t a = code >> 16, b = code >> 8 & 0xff, c = code & 0xff;

	return a >= '2' && a <= '9' && byte_is_digit((uint8_t)b) &&
	       byte_is_digit((uint8_t)c);
}

static struct rule
rule_of(enum side side, const struct msnp_line *line)
{
	static const struct rule none = {LINE, 0}, explained = {OPTIONAL, 2};
	const struct verb *v = verb_find(line->code);

	if (v != NULL)
		return side == SIDE_CLIENT ? v->client : v->server;
	return side == SIDE_SERVER && error_explains(msnp_error(line)) ? explained : none;
}

int64_t
msnp_payload(enum side side, const struct msnp_line *line)
{
	struct rule rule = rule_of(side, line);
	uint64_t n = 0;

	if (rule.form != LENGTH && rule.form != OPTIONAL)
		return 0;
	if (line->cut)
		return -1;
	if (line->n_args < rule.args)
		return rule.form == OPTIONAL ? 0 : -1;
	if (bytes_decimal(line->last, MSNP_PAYLOAD_MAX, &n))
		return (int64_t)n;
	return rule.form == OPTIONAL && !byte_is_digit(line->last.p[0]) ? 0 : -1;
}

bool
msnp_verb_known(enum side side, uint32_t code)
{
	const struct verb *v = verb_find(code);

	if (v == NULL)
		return side == SIDE_SERVER && code_is_error(code);
	return (side == SIDE_CLIENT ? v->client : v->server).form != UNSENT;
}
