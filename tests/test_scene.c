#include "tests/counted.h"
#include "tests/scene.h"
#include "tests/suite.h"

#define HOST   "10.0.0.7"
#define SERVER "64.4.13.50"
#define TARGET "/gateway/gateway.dll?Action=open&Server=NS&IP=messenger.hotmail.com"

static uint64_t
counted(const struct scene *s, const char *name)
{
	struct counters c = {0};

	pipeline_counters(s->pipeline, &c);
	return counter_of(&c, name);
}

static void
expect_signed_in(struct scene *s)
{
	scene_end(s);
	CU_ASSERT_EQUAL_FATAL(s->n_attempts, 1);
	CU_ASSERT_EQUAL(s->attempts[0].outcome, OUTCOME_SIGNED_IN);
	CU_ASSERT_STRING_EQUAL(s->attempts[0].account, "a@example.com");
	CU_ASSERT_EQUAL(counted(s, "stream.bad_checksums"), 0);
	scene_free(s);
}

static void
the_usual_dialogue_signs_in(void)
{
	struct scene *s = scene_new();
	struct line *l = scene_connect(s, HOST, SERVER, 1863);

	line_sign_in(l, "a@example.com");
	line_close(l, SIDE_CLIENT);
	CU_ASSERT_EQUAL(s->frames, 3 + 8 * 2 + 3);
	CU_ASSERT(s->n_signs >= 4);
	CU_ASSERT_EQUAL(pipeline_lost(s->pipeline), 0);
	expect_signed_in(s);
}

static void
frames_are_dressed(void)
{
	struct scene *s = scene_new();

	s->vlan = true;
	s->ipv6 = true;
	line_sign_in(scene_connect(s, HOST, SERVER, 1863), "a@example.com");
	scene_end(s);
	CU_ASSERT_EQUAL_FATAL(s->n_attempts, 1);
	CU_ASSERT_EQUAL(s->attempt_events[0].vlan[0], 42);
	CU_ASSERT(!addr_is_v4(&s->attempt_events[0].tuple.client.addr));
	expect_signed_in(s);
}

static void
one_side_is_captured_alone(void)
{
	struct scene *s = scene_new();
	struct line *l = scene_connect(s, HOST, SERVER, 1863);

	line_capture_only(l, SIDE_CLIENT);
	line_sign_in(l, "a@example.com");
	CU_ASSERT_EQUAL(s->frames, 2 + 8);
	scene_end(s);
	CU_ASSERT_EQUAL_FATAL(s->n_attempts, 1);
	CU_ASSERT_EQUAL(s->attempts[0].outcome, OUTCOME_UNFINISHED);
	CU_ASSERT_EQUAL(s->attempts[0].bytes_server, 0);
	scene_free(s);
}

static void
what_is_lost_is_missed(void)
{
	struct scene *s = scene_new();
	struct line *l = scene_connect(s, HOST, SERVER, 1863);

	line_sign_in(l, "a@example.com");
	line_lose(l, SIDE_CLIENT, 100);
	line_client(l, "\r\nPNG\r\n");
	CU_ASSERT_EQUAL(pipeline_lost(s->pipeline), 100);
	expect_signed_in(s);
}

static void
ports_are_used_again(void)
{
	struct scene *s = scene_new();
	struct line *l = scene_connect(s, HOST, SERVER, 1863);

	line_sign_in(l, "a@example.com");
	line_reset(l, SIDE_SERVER);
	scene_wait(s, 3600 * NS_PER_S);
	line_sign_in(line_reuse(l), "b@example.com");
	scene_end(s);
	CU_ASSERT_EQUAL_FATAL(s->n_attempts, 2);
	CU_ASSERT_STRING_EQUAL(s->attempts[1].account, "b@example.com");
	CU_ASSERT_EQUAL(s->attempt_events[0].tuple.client.port,
	    s->attempt_events[1].tuple.client.port);
	scene_free(s);
}

static void
segments_go_out_one_by_one(void)
{
	struct scene *s = scene_new();
	struct line *l = scene_midstream(s, HOST, SERVER, 1863);

	line_segment(l, SIDE_CLIENT, -1, NULL, 0, 0x02);
	line_segment(l, SIDE_CLIENT, 19, "\n", 1, 0x18);
	line_segment(l, SIDE_CLIENT, 0, "VER 1 MSNP12 CVR0\r", 18, 0x18);
	CU_ASSERT_EQUAL(s->n_signs, 0);
	line_segment(l, SIDE_CLIENT, 18, "\n", 1, 0x18);
	CU_ASSERT_EQUAL(s->n_signs, 1);
	line_server(l, "VER 1 MSNP12\r\n");
	scene_end(s);
	CU_ASSERT_EQUAL(s->n_attempts, 1);
	scene_free(s);
}

static void
http_is_shorter(void)
{
	struct scene *s = scene_new();
	struct line *l = scene_connect(s, HOST, SERVER, 80);

	line_post(
	    l, TARGET, "Host: gateway.messenger.hotmail.com\r\n", "VER 1 MSNP8 CVR0\r\n");
	line_answer(l, 200, "X-MSN-Messenger: SessionID=1.2; GW-IP=1.2.3.4\r\n",
	    "VER 1 MSNP8\r\n");
	scene_end(s);
	CU_ASSERT_EQUAL_FATAL(s->n_attempts, 1);
	CU_ASSERT_EQUAL(s->attempts[0].paths[0].path, PATH_GATEWAY);
	CU_ASSERT_EQUAL(s->attempts[0].dialect, 8);
	scene_free(s);
}

void
suite_scene(void)
{
	CU_pSuite suite = suite_new("scene");

	CASE(suite, "the usual dialogue signs in", the_usual_dialogue_signs_in);
	CASE(suite, "frames are dressed", frames_are_dressed);
	CASE(suite, "one side is captured alone", one_side_is_captured_alone);
	CASE(suite, "what is lost is missed", what_is_lost_is_missed);
	CASE(suite, "ports are used again", ports_are_used_again);
	CASE(suite, "segments go out one by one", segments_go_out_one_by_one);
	CASE(suite, "HTTP is shorter", http_is_shorter);
}
