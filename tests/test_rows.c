/* Dialogues of rows: read, cut, changed, played. */
#include <stdlib.h>
#include <string.h>

#include "tests/row_mutator.h"
#include "tests/rows.h"
#include "tests/segments.h"
#include "tests/suite.h"

static const char sign_in[] = "CVER 1 MSNP12 CVR0\nSVER 1 MSNP12\n"
			      "CCVR 2 0x0409 winnt 5.1 i386 MSNMSGR 7.5.0324 msmsgs "
			      "a@example.com\nCUSR 3 TWN I a@example.com\n"
			      "SCVR 2 7.5.0324 7.5.0324 1.0 http://a/ http://b/\n"
			      "SUSR 3 TWN S lc=1\nCUSR 4 TWN S t=x\n"
			      "SUSR 4 OK a@example.com 1 0\nSMSG Hotmail Hotmail 7\n"
			      "sA: b\n!\nCVER 1 MSNP8 CVR0\ncOU\ncT\n";

static void
rows_become_turns(void)
{
	static struct rows d;

	rows_read(&d, bytes_of(sign_in, sizeof(sign_in) - 1));
	CU_ASSERT_EQUAL_FATAL(d.n, 7);
	CU_ASSERT(bytes_eq(d.turn[0].said, bytes_str("VER 1 MSNP12 CVR0\r\n")));
	CU_ASSERT_EQUAL(d.turn[3].side, SIDE_SERVER);
	CU_ASSERT(bytes_eq(d.turn[5].said,
	    bytes_str("USR 4 OK a@example.com 1 0\r\nMSG Hotmail Hotmail 7\r\nA: b")));
	CU_ASSERT_FALSE(d.turn[5].anew);
	CU_ASSERT_TRUE(d.turn[6].anew);
	CU_ASSERT(bytes_eq(d.turn[6].said, bytes_str("VER 1 MSNP8 CVR0\r\nOUT")));
}

static void
pieces_are_all_there(void)
{
	enum cutting how;
	uint64_t rng = 1;
	size_t left, n;

	for (how = CUT_NOT; how < CUTTINGS; how++)
		for (left = 2000; left > 0; left -= n) {
			n = rows_cut(how, &rng, left);
			CU_ASSERT_FATAL(n > 0 && n <= left);
			CU_ASSERT(how != CUT_NOT || n == left);
			CU_ASSERT(how != CUT_BYTES || n == 1);
		}
}

static void
changes_depend_on_the_seed_alone(void)
{
	static uint8_t a[4096], b[4096];
	unsigned seed, same = 0;
	size_t n, m;

	for (seed = 0; seed < 200; seed++) {
		memcpy(a, sign_in, sizeof(sign_in) - 1);
		memcpy(b, sign_in, sizeof(sign_in) - 1);
		n = row_mutate(a, sizeof(sign_in) - 1, sizeof(a), seed);
		m = row_mutate(b, sizeof(sign_in) - 1, sizeof(b), seed);
		CU_ASSERT_FATAL(n == m && n <= sizeof(a));
		CU_ASSERT_EQUAL(memcmp(a, b, n), 0);
		same += n == sizeof(sign_in) - 1 && memcmp(a, sign_in, n) == 0;
	}
	CU_ASSERT(same < 20);
}

static void
any_bytes_can_be_changed_within_any_room(void)
{
	uint8_t *room;
	uint64_t rng = 7;
	size_t n, max, i, j;

	for (i = 0; i < 2000; i++) {
		max = 1 + rows_draw(&rng, 300);
		n = rows_draw(&rng, (uint32_t)max + 1);
		room = malloc(max);
		CU_ASSERT_PTR_NOT_NULL_FATAL(room);
		for (j = 0; j < n; j++)
			room[j] = (uint8_t) "CSc!\n 19:"[rows_draw(&rng, 9)];
		CU_ASSERT(row_mutate(room, n, max, (unsigned)i) <= max);
		free(room);
	}
}

static void
lengths_are_made_right(void)
{
	static const char want[] = "CPOST /x HTTP/1.1\nCContent-Length: 16\nC\n"
				   "CVER 1 MSNP8\nC\ncx\nCGET / HTTP/1.1\n"
				   "CMSG 4 A 12\nCA: b\nC\nctext\nCOUT\n";
	static const char wrong[] = "CPOST /x HTTP/1.1\nCContent-Length: 7\nC\n"
				    "CVER 1 MSNP8\nC\ncx\nCGET / HTTP/1.1\n"
				    "CMSG 4 A 99999\nCA: b\nC\nctext\nCOUT\n";
	static uint8_t b[256];
	size_t n;

	memcpy(b, wrong, sizeof(wrong) - 1);
	n = row_mend(b, sizeof(wrong) - 1, sizeof(b));
	CU_ASSERT(bytes_eq(bytes_of(b, n), bytes_str(want)));
}

static void
two_dialogues_are_put_together(void)
{
	static const char other[] = "SOUT OTH\n";
	const struct row_parents of = {{(const uint8_t *)sign_in, (const uint8_t *)other},
	    {sizeof(sign_in) - 1, sizeof(other) - 1}};
	static uint8_t b[2048];
	size_t n = row_cross(&of, b, sizeof(b) - 1, 3);

	CU_ASSERT_EQUAL(n, sizeof(sign_in) + sizeof(other) - 2);
	b[n] = '\0';
	CU_ASSERT_PTR_NOT_NULL(strstr((const char *)b, "SOUT OTH\n"));
}

static void
every_cutting_of_a_sign_in_tells_the_same(void)
{
	static struct told whole, cut;
	static struct rows d;
	enum cutting how;

	rows_read(&d, bytes_of(sign_in, sizeof(sign_in) - 1));
	segments_play(&whole, &d, CUT_NOT);
	CU_ASSERT_PTR_NOT_NULL(strstr(whole.text, "\"outcome\":\"signed-in\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(whole.text, "\"account\":\"a@example.com\""));
	CU_ASSERT_FALSE(whole.astray);
	for (how = CUT_BYTES; how < CUTTINGS; how++) {
		segments_play(&cut, &d, how);
		CU_ASSERT_STRING_EQUAL(whole.text, cut.text);
		CU_ASSERT_FALSE(cut.astray);
	}
}

/* The answer to CONNECT and those of the service come in one segment. */
static void
a_client_need_not_wait_for_its_tunnel(void)
{
	static const char text[] =
	    "CCONNECT m.example.com:1863 HTTP/1.0\nC\nCVER 1 MSNP8 CVR0\n"
	    "CUSR 2 MD5 I a@example.com\nSHTTP/1.0 200 OK\nS\nSVER 1 MSNP8\n"
	    "SUSR 2 MD5 S 1.2\n";
	static struct told whole;
	static struct rows d;

	rows_read(&d, bytes_str(text));
	segments_play(&whole, &d, CUT_NOT);
	CU_ASSERT_PTR_NOT_NULL(strstr(whole.text, "\"sign\":\"challenged\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(whole.text, "\"path\":\"connect\""));
}

void
suite_rows(void)
{
	CU_pSuite s = suite_new("rows");

	CASE(s, "rows become turns", rows_become_turns);
	CASE(s, "pieces are all there", pieces_are_all_there);
	CASE(s, "changes depend on the seed alone", changes_depend_on_the_seed_alone);
	CASE(s, "any bytes can be changed within any room",
	    any_bytes_can_be_changed_within_any_room);
	CASE(s, "lengths are made right", lengths_are_made_right);
	CASE(s, "two dialogues are put together", two_dialogues_are_put_together);
	CASE(s, "every cutting of a sign-in tells the same",
	    every_cutting_of_a_sign_in_tells_the_same);
	CASE(s, "a client need not wait for its tunnel",
	    a_client_need_not_wait_for_its_tunnel);
}
