/* What hosts say in many tests. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/scene.h"

#define TEXT_MAX 70000

static char *
room_for_text(void)
{
	char *text = malloc(TEXT_MAX);

	if (text == NULL)
		abort();
	return text;
}

/* Sends text of that length, which snprintf has returned, and lets go of it. */
static void
say(struct line *l, enum side side, char *text, int n)
{
	if (n < 0 || n >= TEXT_MAX)
		abort();
	line_send(l, side, text, (size_t)n);
	free(text);
}

void
line_post(struct line *l, const char *target, const char *headers, const char *body)
{
	char *text = room_for_text();
	int n = snprintf(text, TEXT_MAX,
	    "POST %s HTTP/1.1\r\n%sContent-Length: %zu\r\n\r\n%s", target, headers,
	    strlen(body), body);

	say(l, SIDE_CLIENT, text, n);
}

void
line_answer(struct line *l, unsigned status, const char *headers, const char *body)
{
	char *text = room_for_text();
	int n =
	    snprintf(text, TEXT_MAX, "HTTP/1.1 %u %s\r\n%sContent-Length: %zu\r\n\r\n%s",
		status, status == 200 ? "OK" : "Sorry", headers, strlen(body), body);

	say(l, SIDE_SERVER, text, n);
}

void
line_script(struct line *l, const char *script)
{
	struct bytes rest = bytes_str(script), one;
	char *text;

	while (rest.n != 0) {
		one = bytes_take(rest, bytes_find(rest, '\n'));
		rest = bytes_skip(rest, one.n + 1);
		if (one.n < 2 || one.p[1] != ' ')
			abort();
		text = room_for_text();
		say(l, one.p[0] == 'C' ? SIDE_CLIENT : SIDE_SERVER, text,
		    snprintf(text, TEXT_MAX, "%.*s\r\n", (int)one.n - 2,
			(const char *)one.p + 2));
	}
}

static void
says(struct line *l, enum side side, const char *format, const char *account)
{
	char *text = room_for_text();

	say(l, side, text, snprintf(text, TEXT_MAX, format, account));
}

void
line_sign_in(struct line *l, const char *account)
{
	line_client(l, "VER 1 MSNP12 MSNP11 CVR0\r\n");
	line_server(l, "VER 1 MSNP12\r\n");
	says(l, SIDE_CLIENT, "CVR 2 0x0409 winnt 5.1 i386 MSNMSGR 7.5.0324 msmsgs %s\r\n",
	    account);
	line_server(
	    l, "CVR 2 7.5.0324 7.5.0324 1.0.0000 http://a.test/ http://b.test/\r\n");
	says(l, SIDE_CLIENT, "USR 3 TWN I %s\r\n", account);
	line_server(l, "USR 3 TWN S ct=1,rver=1,wp=FS_40SEC_0_COMPACT,lc=1,id=1\r\n");
	line_client(l, "USR 4 TWN S t=ticket&p=profile\r\n");
	says(l, SIDE_SERVER, "USR 4 OK %s 1 0\r\n", account);
}

void
scene_chatter(struct scene *s, unsigned n)
{
	struct endpoint a = scene_endpoint(s, "10.9.9.1", 5000);
	struct endpoint b = scene_endpoint(s, "10.9.9.2", 5001);

	scene_wait(s, 0);
	while (n-- > 0) {
		wire_start(s->wire, bytes_str("chatter"));
		wire_udp(s->wire, a, b);
		scene_packet(s, a, b);
	}
}
