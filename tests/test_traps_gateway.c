/* Traps of the gateway: what its requests, answers and connections may look like. */
#include "tests/suite.h"
#include "tests/trip.h"

#define OPEN "Action=open&Server=NS&IP=messenger.hotmail.com"

static void
any_target(void)
{
	static const char *const targets[][2] = {
	    {"/gateway/gateway.dll?" OPEN, "/gateway/gateway.dll?SessionID=%s"},
	    {"http://gateway.messenger.hotmail.com/gateway/gateway.dll?" OPEN,
		"http://10.9.9.9/gateway/gateway.dll?SessionID=%s"},
	    {"http://gateway.messenger.hotmail.com:80/gateway/gateway.dll?" OPEN,
		"http://10.9.9.9:80/gateway/gateway.dll?SessionID=%s"},
	    {"HTTP://GATEWAY.MESSENGER.HOTMAIL.COM/Gateway/GATEWAY.DLL?" OPEN,
		"/GATEWAY/Gateway.Dll?sessionid=%s"},
	    {"/gateway/gateway.dll?%41ction=open&Server=%4eS&IP=m",
		"/g%61teway/gateway%2Edll?Session%49D=%s"},
	    {"//gateway//./gateway.dll?" OPEN, "/x/../gateway/gateway.dll?SessionID=%s"},
	    {"/gateway/gateway.dll?IP=m&Server=NS&Action=open",
		"/gateway/gateway.dll?a=b&SessionID=%s&c"},
	    {"/gateway/gateway.dll?SessionID=&Action=open&Server=NS",
		"/gateway/gateway.dll?SessionID=%s"},
	    {"/gateway/gateway.dll?action=OPEN&server=ns&ip=m&x=1",
		"/gateway/gateway.dll?SESSIONID=%s"},
	    {"/gateway/gateway.dll?" OPEN,
		"/gateway/gateway.dll?Action=poll&Lifespan=60&SessionID=%s"},
	    {"/gateway/gateway.dll?" OPEN,
		"/gateway/gateway.dll?Action=poll&LifeSpan=3&SessionID=%s"},
	};
	size_t i;

	for (i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		struct trip t = {.open = targets[i][0], .command = targets[i][1]};

		expect_trip(&t, targets[i][0]);
	}
}

static void
any_head(void)
{
	static const struct trip trips[] = {
	    {.post = "POST %s HTTP/1.0"},
	    {.fields = ""},
	    {.fields = "Host: gateway.messenger.hotmail.com:80\r\n"},
	    {.fields = "Host: 207.46.110.48\r\n"},
	    {.fields = "HOST: x\r\nACCEPT: */*\r\n", .length = "CONTENT-LENGTH: %s"},
	    {.fields = "host: x\r\n", .length = "content-length:%s"},
	    {.fields = "Host:\r\n gateway\r\nX-Fold: a\r\n\tb\r\n",
		.length = "Content-Length:\r\n %s"},
	    {.named = "X-MSN-Messenger:\r\n SessionID=%s;\r\n GW-IP=10.9.9.9"},
	    {.fields = "Host: x\n", .eol = "\n"},
	    {.post = "POST %s HTTP/1.0", .fields = "", .eol = "\n"},
	    {.post = "post %s http/1.1"},
	    {.post = "POST  %s  HTTP/1.1"},
	};
	size_t i;

	for (i = 0; i < sizeof(trips) / sizeof(trips[0]); i++)
		expect_trip(&trips[i], "a request's head");
}

static void
any_content_type(void)
{
	static const char *const fields[] = {
	    "User-Agent: MSMSGS\r\nContent-Type: application/x-msn-messenger\r\n", "",
	    "Content-Type: text/xml; charset=utf-8\r\n",
	    "Content-Type: text/html; charset=UTF-8\r\n",
	    "Content-Type: application/x-www-form-urlencoded\r\n",
	    "User-Agent: Mozilla/5.0 (Windows NT 6.1) AppleWebKit/536.11 "
	    "Chrome/17.0\r\nContent-Type: text/html\r\n",
	    "User-Agent: Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1)\r\n"
	    "Content-Type: image/png\r\n"};
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		struct trip t = {.fields = fields[i]};

		expect_trip(&t, fields[i]);
	}
}

static void
an_empty_open(void)
{
	static const struct trip trips[] = {{.empty_open = true},
	    {.empty_open = true, .post = "POST %s HTTP/1.0"},
	    {.empty_open = true, .cut = 7}, {.empty_open = true, .chunked = true}};
	size_t i;

	for (i = 0; i < sizeof(trips) / sizeof(trips[0]); i++)
		expect_trip(&trips[i], "an empty open");
}

static void
any_segments(void)
{
	struct trip t = {.cut = 0};

	for (t.cut = 1; t.cut < 64; t.cut += t.cut < 8 ? 1 : 5)
		expect_trip(&t, "cut segments");
}

static void
head_and_body_apart(void)
{
	struct scene *s = scene_new();
	struct line *l = scene_connect(s, TRIP_HOST, TRIP_SERVER, 80);
	struct trip t = {.cut = 0};
	unsigned i;

	line_client(l, "POST /gateway/gateway.dll?" OPEN " HTTP/1.1\r\n"
		       "Expect: 100-continue\r\nContent-Length: 19\r\n\r\n");
	line_server(l, "HTTP/1.1 100 Continue\r\n\r\n");
	line_client(l, "VER 1 MS");
	line_client(l, "NP12 CVR0\r\n");
	trip_reply(l, &t, 0);
	for (i = 1; i < TRIP_STEPS; i++)
		trip_step(l, &t, i);
	expect_path(s, "head and body apart", PATH_GATEWAY);
}

static void
several_lines_in_a_body(void)
{
	struct scene *s = scene_new();
	struct line *l = scene_connect(s, TRIP_HOST, TRIP_SERVER, 80);

	line_post(l, "/gateway/gateway.dll?SessionID=&Action=open&Server=NS", "",
	    "VER 1 MSNP12 CVR0\r\nCVR 2 0x0409 mac 10.2.0 ppc macmsgs 3.5.1 macmsgs "
	    "a@example.com\r\nUSR 3 TWN I a@example.com\r\n");
	line_answer(l, 200, "X-MSN-Messenger: SessionID=7.1; GW-IP=x\r\n",
	    "VER 1 MSNP12\r\nCVR 2 1 1 1 http://x http://y\r\nUSR 3 TWN S ct=1\r\n");
	line_post(l, "/gateway/gateway.dll?SessionID=7.1", "", "USR 4 TWN S t=1\r\n");
	line_answer(l, 200, "X-MSN-Messenger: SessionID=7.2; GW-IP=x\r\n",
	    "USR 4 OK a@example.com 1 0\r\n");
	expect_path(s, "several lines in a body", PATH_GATEWAY);
}

static void
any_answer(void)
{
	static const struct trip trips[] = {
	    {.chunked = true},
	    {.gzip = true},
	    {.gzip = true, .chunked = true},
	    {.gzip = true, .chunked = true, .cut = 11},
	    {.gzip = true, .more = "Vary: Accept-Encoding\r\n"},
	    {.status = "HTTP/1.0 200"},
	    {.status = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK"},
	    {.status = "HTTP/1.0 200 OK",
		.more = "Via: 1.1 proxy\r\nX-Cache: MISS from proxy\r\nAge: 0\r\n"},
	    {.named = "x-msn-messenger:SessionID=%s;GW-IP=10.9.9.9"},
	    {.named = "X-MSN-MESSENGER:   sessionid=%s ;   gw-ip=10.9.9.9 ;"},
	    {.named = "X-MSN-Messenger: GW-IP=10.9.9.9; SessionID=%s"},
	    {.named = "X-MSN-Host: a.b\r\nX-MSN-Messenger: SessionID=%s; GW-IP=host"},
	};
	size_t i;

	for (i = 0; i < sizeof(trips) / sizeof(trips[0]); i++)
		expect_trip(&trips[i], "an answer");
}

static void
answers_that_end_with_their_connection(void)
{
	static const struct trip trips[] = {{.to_close = true},
	    {.to_close = true, .gzip = true}, {.to_close = true, .cut = 5}};
	size_t i;
	unsigned k;

	for (i = 0; i < sizeof(trips) / sizeof(trips[0]); i++) {
		struct scene *s = scene_new();

		for (k = 0; k < TRIP_STEPS; k++) {
			struct line *l = scene_connect(s, TRIP_HOST, TRIP_SERVER, 80);

			trip_step(l, &trips[i], k);
			line_close(l, SIDE_SERVER);
		}
		expect_path(s, "answers to the close", PATH_GATEWAY);
	}
}

/* A proxy's keep-alive connection: pages, two messenger sessions, and another host's. */
static void
mixed_on_one_connection(void)
{
	struct scene *s = scene_new();
	struct line *l = scene_connect(s, TRIP_HOST, "10.0.0.3", 3128);
	struct trip t = {.open = "http://gateway.messenger.hotmail.com/gateway/"
				 "gateway.dll?" OPEN,
	    .command = "http://10.9.9.9/gateway/gateway.dll?SessionID=%s"};
	unsigned i;

	line_post(l, "http://10.9.9.9/gateway/gateway.dll?Action=open&Server=SB&IP=x", "",
	    "USR 1 a@example.com 1.2.3\r\n");
	line_answer(l, 403, "", "no");
	for (i = 0; i < TRIP_STEPS; i++) {
		trip_step(l, &t, i);
		line_client(l, "GET http://www.example.com/ HTTP/1.1\r\n\r\n");
		line_answer(l, 200, "", "VER 1 MSNP8 CVR0\r\n911 3\r\n");
		line_client(l, "HEAD http://www.example.com/ HTTP/1.1\r\n\r\n");
		line_server(l, "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n");
		line_post(l, "http://forum.example.com/post", "",
		    "VER 1 MSNP8 CVR0\r\nUSR 3 TWN I victim@example.com\r\n");
		line_answer(l, 200, "", "thank you");
	}
	line_post(l, "http://10.9.9.9/gateway/gateway.dll?Action=open&Server=SB&IP=x", "",
	    "USR 1 a@example.com 1.2.3\r\n");
	line_answer(l, 200, "X-MSN-Messenger: SessionID=8.1; GW-IP=x\r\n",
	    "USR 1 OK a@example.com Ann\r\n");
	scene_end(s);
	CU_ASSERT_FATAL(s->n_attempts == 1);
	CU_ASSERT_EQUAL(s->attempts[0].conversations, 1);
	expect_path(s, "mixed on one connection", PATH_GATEWAY);
}

static void
moving_on(void)
{
	static const struct trip trips[] = {{.session = "954547325"},
	    {.session = "b1946ac9-2492-4d23-847c-e6b0d7e8b5c8", .fixed = true}};
	size_t i;
	unsigned k;

	for (i = 0; i < sizeof(trips) / sizeof(trips[0]); i++) {
		struct scene *s = scene_new();
		struct line *l = scene_connect(s, TRIP_HOST, TRIP_SERVER, 80);

		trip_step(l, &trips[i], 0);
		line_reset(l, SIDE_SERVER);
		for (k = 1; k < TRIP_STEPS; k++) {
			l = scene_connect(s, TRIP_HOST, "10.9.9.9", 80);
			trip_step(l, &trips[i], k);
		}
		expect_path(s, "moving on", PATH_GATEWAY);
	}
}

static void
pipelined(void)
{
	struct scene *s = scene_new();
	struct line *l = scene_connect(s, TRIP_HOST, TRIP_SERVER, 80);
	struct trip t = {.fixed = true};
	unsigned i;

	trip_step(l, &t, 0);
	for (i = 1; i < TRIP_STEPS; i++)
		trip_ask(l, &t, i);
	for (i = 1; i < TRIP_STEPS; i++)
		trip_reply(l, &t, i);
	expect_path(s, "pipelined", PATH_GATEWAY);
}

void
suite_traps_gateway(void)
{
	CU_pSuite s = suite_new("traps_gateway");

	CASE(s, "trap 32: the gateway's path in every spelling", any_target);
	CASE(s, "trap 33: HTTP versions, hosts, folded and bare lines", any_head);
	CASE(s, "trap 34: any content type and user agent", any_content_type);
	CASE(s, "trap 35: an open with an empty body", an_empty_open);
	CASE(s, "trap 36: messages in segments of every size", any_segments);
	CASE(s, "trap 36: a body apart from its head", head_and_body_apart);
	CASE(s, "trap 36: several lines in a body", several_lines_in_a_body);
	CASE(s, "trap 37: answers chunked, zipped, proxied", any_answer);
	CASE(s, "trap 37: answers that end with their connection",
	    answers_that_end_with_their_connection);
	CASE(s, "trap 38: strangers and sessions on one connection",
	    mixed_on_one_connection);
	CASE(s, "trap 39: a session that moves on", moving_on);
	CASE(s, "trap 40: pipelined requests", pipelined);
}
