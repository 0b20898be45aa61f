/*
 * Trap 27: chat that quotes a sign-in, read with right and wrong lengths, and with
 * segments lost, never becomes the sign-in of the one it names.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/expect.h"
#include "tests/suite.h"

#define HOST   "10.0.0.7"
#define SERVER "64.4.13.50"
#define VICTIM "victim@example.com"

/* What is quoted, as a client's and as a service's lines. */
static const char *const quotes[] = {
    "\r\nUSR 3 TWN I " VICTIM "\r\n",
    "VER 1 MSNP12 CVR0\r\nCVR 2 0x0409 winnt 5.1 i386 MSNMSGR 7.5 msmsgs " VICTIM
    "\r\nUSR 3 TWN I " VICTIM "\r\nUSR 4 TWN S t=1\r\nSYN 5 0 0\r\n",
    "VER 1 MSNP12\r\nCVR 2 7.5 7.5 7.5 http://a http://b\r\nUSR 3 TWN S ct=1\r\n"
    "USR 4 OK " VICTIM " 1 0\r\nILN 5 NLN " VICTIM " V 0\r\n",
    "USR 1 " VICTIM " 17.1.2\r\nCAL 2 b@example.com\r\nANS 3 " VICTIM " 17.2 5\r\n",
    "911 3\r\n911 4\r\nOUT OTH\r\nXFR 3 NS 10.9.9.9:1863 0 10.9.9.9:1863\r\n",
};
#define QUOTES (sizeof(quotes) / sizeof(quotes[0]))

enum kind { SWITCHBOARD, SERVICE, NEW_SERVICE, MET_LATE, KINDS };

static struct line *
begin(struct scene *s, unsigned kind)
{
	struct line *l = kind == MET_LATE ? scene_midstream(s, HOST, SERVER, 1863)
					  : scene_connect(s, HOST, SERVER, 1863);

	if (kind == SWITCHBOARD)
		line_script(l, "C USR 1 a@example.com 17.1.2\n"
			       "S USR 1 OK a@example.com A\n"
			       "C CAL 2 b@example.com\nS CAL 2 RINGING 17\n"
			       "S JOI b@example.com B\n");
	else if (kind == SERVICE || kind == NEW_SERVICE)
		line_sign_in(l, USUAL_ACCOUNT);
	else
		line_script(l, "C PNG\nS QNG 50\nC CHG 7 NLN 0\n");
	return l;
}

/* A message of the side that carries text and claims to be claimed bytes long. */
static size_t
write_message(char *out, size_t size, unsigned kind, enum side side, const char *text,
    size_t claimed)
{
	char head[128];

	if (kind == NEW_SERVICE)
		(void)snprintf(
		    head, sizeof(head), side == SIDE_CLIENT ? "SDG 8" : "SDG 0");
	else
		(void)snprintf(head, sizeof(head), "%s",
		    side == SIDE_CLIENT ? "MSG 8 N" : "MSG b@example.com B");
	return (size_t)snprintf(out, size,
	    "%s %zu\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n%s", head,
	    claimed, text);
}

/* Length of what write_message makes, without its first line. */
static size_t
body_length(const char *text)
{
	return strlen("MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n") +
	       strlen(text);
}

static void
end_and_check(struct scene *s, struct line *l, unsigned kind, const char *what)
{
	bool service = kind == SERVICE || kind == NEW_SERVICE;
	size_t i;

	line_script(l, "C PNG\nS QNG 50\n");
	line_close(l, SIDE_CLIENT);
	scene_end(s);
	for (i = 0; i < s->n_signs; i++)
		CU_ASSERT(strstr(s->signs[i].account, "victim") == NULL);
	expect_attempt(s, what, service ? OUTCOME_SIGNED_IN : OUTCOME_IN_SESSION,
	    kind == MET_LATE ? "" : USUAL_ACCOUNT, service ? 12 : 0);
}

/* Every kind, side and quote in turn. */
#define MESSAGES (KINDS * 2 * QUOTES)

struct message {
	unsigned kind;
	enum side side;
	const char *quote;
};

static struct message
message_of(size_t i)
{
	return (struct message){
	    .kind = (unsigned)(i / QUOTES / 2),
	    .side = i / QUOTES % 2 == 0 ? SIDE_CLIENT : SIDE_SERVER,
	    .quote = quotes[i % QUOTES],
	};
}

/* Where a reader that is wrong does most harm: line starts, and a few others. */
static bool
worth_a_try(const char *text, size_t at)
{
	return at % 16 == 3 || (at != 0 && text[at - 1] == '\n');
}

static void
right_lengths(void)
{
	char text[1024], what[64];
	size_t i, n;

	for (i = 0; i < MESSAGES; i++) {
		struct message m = message_of(i);
		struct scene *s = scene_new();
		struct line *l = begin(s, m.kind);

		(void)snprintf(what, sizeof(what), "message %zu", i);
		n = write_message(
		    text, sizeof(text), m.kind, m.side, m.quote, body_length(m.quote));
		line_send(l, m.side, text, n);
		line_send(l, m.side, text, n);
		end_and_check(s, l, m.kind, what);
	}
}

static void
claims_wrongly(size_t i, size_t claimed)
{
	struct message m = message_of(i);
	struct scene *s = scene_new();
	struct line *l = begin(s, m.kind);
	char text[1024], what[64];
	size_t n;

	(void)snprintf(what, sizeof(what), "message %zu, length %zu", i, claimed);
	n = write_message(text, sizeof(text), m.kind, m.side, m.quote, claimed);
	line_send(l, m.side, text, n);
	end_and_check(s, l, m.kind, what);
}

static void
wrong_lengths(void)
{
	char text[1024];
	size_t i, n, head, claimed;

	for (i = 0; i < MESSAGES; i++) {
		struct message m = message_of(i);

		n = write_message(text, sizeof(text), m.kind, m.side, m.quote, 0);
		head = n - body_length(m.quote);
		for (claimed = 0; claimed < n - head; claimed++)
			if (worth_a_try(text, head + claimed))
				claims_wrongly(i, claimed);
		for (claimed = n - head + 1; claimed < n + 40; claimed += 9)
			claims_wrongly(i, claimed);
	}
}

/* The first bytes of the message are lost: what is left begins a segment. */
static void
lost_segments(void)
{
	char text[1024], what[64];
	size_t i, n, lost;

	for (i = 0; i < MESSAGES; i++) {
		struct message m = message_of(i);

		n = write_message(
		    text, sizeof(text), m.kind, m.side, m.quote, body_length(m.quote));
		for (lost = 1; lost < n; lost++) {
			struct scene *s;
			struct line *l;

			if (!worth_a_try(text, lost))
				continue;
			s = scene_new();
			l = begin(s, m.kind);
			(void)snprintf(
			    what, sizeof(what), "message %zu, %zu lost", i, lost);
			line_lose(l, m.side, lost);
			line_send(l, m.side, text + lost, n - lost);
			end_and_check(s, l, m.kind, what);
		}
	}
}

/* Both friends quote, one the client's lines and the other the service's. */
static void
both_sides_quote(void)
{
	char text[1024], what[64];
	unsigned kind;
	size_t n;

	for (kind = 0; kind < KINDS; kind++) {
		struct scene *s = scene_new();
		struct line *l = begin(s, kind);

		(void)snprintf(what, sizeof(what), "kind %u", kind);
		n = write_message(text, sizeof(text), kind, SIDE_CLIENT, quotes[1], 400);
		line_lose(l, SIDE_CLIENT, n - strlen(quotes[1]));
		line_client(l, quotes[1]);
		n = write_message(text, sizeof(text), kind, SIDE_SERVER, quotes[2], 400);
		line_lose(l, SIDE_SERVER, n - strlen(quotes[2]));
		line_server(l, quotes[2]);
		end_and_check(s, l, kind, what);
	}
}

void
suite_traps_quoting(void)
{
	CU_pSuite s = suite_new("traps_quoting");

	CASE(s, "trap 27: chat that quotes a sign-in", right_lengths);
	CASE(s, "trap 27: with a wrong length", wrong_lengths);
	CASE(s, "trap 27: with lost segments", lost_segments);
	CASE(s, "trap 27: both sides quote", both_sides_quote);
}
