#include "detect/gate.h"

#include "detect/msnp.h"

#define V MSNP_VERB

static uint32_t
verb_of(const uint8_t *p)
{
	return V(p[0] & 0xdf, p[1] & 0xdf, p[2] & 0xdf);
}

/*
 * Verbs that begin a pick-up.  Those of both sides stand in neither direction's own
 * list; lines that also open other protocols' dialogues are left out.
 */
static enum gate_opening
opening_verb(uint32_t code)
{
	switch (code) {
	case V('C', 'V', 'R'):
	case V('V', 'E', 'R'):
	case V('U', 'S', 'R'):
	case V('X', 'F', 'R'):
	case V('C', 'H', 'G'):
	case V('U', 'U', 'X'):
	case V('A', 'D', 'L'):
	case V('S', 'Y', 'N'):
	case V('B', 'L', 'P'):
	case V('P', 'R', 'P'):
	case V('Q', 'R', 'Y'):
	case V('M', 'S', 'G'):
	case V('A', 'N', 'S'):
	case V('C', 'A', 'L'):
	case V('S', 'D', 'G'):
	case V('P', 'U', 'T'):
	case V('I', 'N', 'F'):
		return GATE_FROM_EITHER;
	case V('Q', 'N', 'G'):
	case V('N', 'L', 'N'):
	case V('I', 'L', 'N'):
	case V('F', 'L', 'N'):
	case V('R', 'N', 'G'):
	case V('U', 'B', 'X'):
	case V('C', 'H', 'L'):
	case V('J', 'O', 'I'):
	case V('B', 'Y', 'E'):
	case V('I', 'R', 'O'):
	case V('N', 'O', 'T'):
	case V('G', 'C', 'F'):
	case V('S', 'B', 'S'):
	case V('N', 'F', 'Y'):
	case V('A', 'C', 'K'):
		return GATE_FROM_SERVER;
	default:
		return GATE_NO;
	}
}

static bool
may_begin_verb(struct bytes in)
{
	static const char *const words[] = {"VER ", "CVR ", "USR ", "ANS ", "PNG\r",
	    "POST ", "CONNECT ", "XFR ", "CHG ", "UUX ", "ADL ", "QNG ", "CAL ", "MSG "};
	size_t i, k;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		for (k = 0; k < in.n; k++)
			if ((in.p[k] & 0xdf) != (uint8_t)words[i][k])
				break;
		if (k == in.n)
			return true;
	}
	return false;
}

enum gate_opening
gate_opening(struct bytes b)
{
	uint32_t code;

	if (b.n < 4)
		return b.n != 0 && may_begin_verb(b) ? GATE_FROM_EITHER : GATE_NO;
	switch (b.p[3]) {
	case ' ':
	case '\t':
		return opening_verb(verb_of(b.p));
	case '\r':
	case '\n':
		code = verb_of(b.p);
		if (code == V('P', 'N', 'G'))
			return GATE_FROM_CLIENT;
		return code == V('Q', 'N', 'G') ? GATE_FROM_SERVER : GATE_NO;
	case 'T':
	case 't':
		if (verb_of(b.p) == V('P', 'O', 'S') && (b.n < 5 || b.p[4] == ' '))
			return GATE_FROM_CLIENT;
		return GATE_NO;
	case 'N':
	case 'n':
		return bytes_starts_fold(b, b.n < 7 ? "CONN" : "CONNECT")
			   ? GATE_FROM_CLIENT
			   : GATE_NO;
	default:
		return GATE_NO;
	}
}

static enum gate_opening
client_if(bool yes)
{
	return yes ? GATE_FROM_CLIENT : GATE_FROM_SERVER;
}

static enum gate_opening
usr_sender(const struct msnp_line *line)
{
	if (line->n_args > 1 && bytes_eq_fold(line->arg[1], "OK"))
		return GATE_FROM_SERVER;
	if (line->n_args > 2 && bytes_eq_fold(line->arg[2], "I"))
		return GATE_FROM_CLIENT;
	return line->n_args > 1 && msnp_handle(line->arg[1]).n != 0 ? GATE_FROM_CLIENT
								    : GATE_FROM_EITHER;
}

enum gate_opening
gate_sender(struct bytes b)
{
	struct msnp_line line;
	uint32_t trid;

	if (msnp_line(b, &line) <= 0)
		return GATE_FROM_EITHER;
	switch (line.code) {
	case V('U', 'S', 'R'):
		return usr_sender(&line);
	case V('C', 'V', 'R'):
		return line.n_args < 2 ? GATE_FROM_EITHER
				       : client_if(bytes_starts_fold(line.arg[1], "0x"));
	case V('X', 'F', 'R'):
	case V('C', 'A', 'L'):
		return client_if(line.n_args < 3);
	case V('I', 'N', 'F'):
		return client_if(line.n_args < 2);
	case V('M', 'S', 'G'):
		return client_if(msnp_trid(&line, &trid));
	case V('A', 'N', 'S'):
		return client_if(line.n_args > 3);
	case V('Q', 'R', 'Y'):
		return client_if(line.n_args > 1);
	default:
		return GATE_FROM_EITHER;
	}
}

/* Whether in starts with word, in any case: yes, no, or not enough bytes to say. */
static enum gate_first
like(struct bytes in, const char *word, enum gate_first yes)
{
	size_t n = strlen(word);

	if (in.n >= n)
		return bytes_starts_fold(in, word) ? yes : GATE_NEVER;
	for (n = 0; n < in.n; n++)
		if (byte_fold(in.p[n]) != byte_fold((uint8_t)word[n]))
			return GATE_NEVER;
	return GATE_MORE;
}

/* A known verb and a blank; where more is needed to say, says so. */
static enum gate_first
like_verb(enum side side, struct bytes in)
{
	uint32_t code;
	size_t i;

	for (i = 0; i < in.n && i < 3; i++) {
		uint8_t c = byte_fold(in.p[i]);

		if (!(c >= 'a' && c <= 'z') && !byte_is_digit(c))
			return GATE_NEVER;
	}
	if (in.n < 4)
		return GATE_MORE;
	if (in.p[3] != ' ' && in.p[3] != '\t' && in.p[3] != '\r' && in.p[3] != '\n')
		return GATE_NEVER;
	code = verb_of(in.p);
	return msnp_verb_known(side, code) || byte_is_digit(in.p[0]) ? GATE_MSNP
								     : GATE_NEVER;
}

struct opening {
	const char *word;
	enum gate_first kind;
};

/* The best that can still come of in, of n openings. */
static enum gate_first
like_any(struct bytes in, const struct opening *openings, size_t n)
{
	enum gate_first says, best = GATE_NEVER;
	size_t i;

	for (i = 0; i < n; i++) {
		says = like(in, openings[i].word, openings[i].kind);
		if (says > best)
			best = says;
	}
	return best;
}

static enum gate_first
first_of_client(struct bytes in)
{
	static const struct opening openings[] = {{"VER", GATE_MSNP}, {"USR", GATE_MSNP},
	    {"ANS", GATE_MSNP}, {"POST ", GATE_HTTP}, {"CONNECT ", GATE_HTTP}};

	if (in.p[0] == 4)
		return GATE_SOCKS4;
	if (in.p[0] == 5)
		return GATE_SOCKS5;
	return like_any(in, openings, sizeof(openings) / sizeof(openings[0]));
}

/*
 * What a server can say first in a capture although it answers: the request comes late
 * or never.
 */
static enum gate_first
first_of_server(struct bytes in)
{
	static const struct opening openings[] = {{"HTTP/", GATE_HTTP},
	    {"VER", GATE_MSNP}, {"USR", GATE_MSNP}, {"ANS", GATE_MSNP},
	    {"IRO", GATE_MSNP}};

	if (in.p[0] == 0 || in.p[0] == 5)
		return GATE_MORE;
	return like_any(in, openings, sizeof(openings) / sizeof(openings[0]));
}

enum gate_first
gate_first(enum side side, struct bytes in, bool pick_up)
{
	enum gate_first says;

	if (in.n == 0)
		return GATE_MORE;
	says = side == SIDE_CLIENT ? first_of_client(in) : first_of_server(in);
	if (says == GATE_SOCKS4 || says == GATE_SOCKS5)
		return pick_up ? GATE_NEVER : says;
	if (says != GATE_NEVER || !pick_up)
		return says;
	return like_verb(side, in);
}
