#include "detect/gateway.h"
#include "tests/guard.h"
#include "tests/suite.h"

#define GW "/gateway/gateway.dll"

static bool
target(const char *text, struct gateway_request *r)
{
	return gateway_target(guard_copy(text, strlen(text)), r);
}

static void
the_path_must_end_in_the_gateway(void)
{
	static const struct {
		const char *target;
		bool is;
	} cases[] = {
	    {GW, true},
	    {GW "?Action=open", true},
	    {"/Gateway/GATEWAY.DLL?x", true},
	    {"/%47ateway/gateway%2edll", true},
	    {"//gateway///gateway.dll", true},
	    {"/./gateway/./gateway.dll", true},
	    {"/gateway/x/../gateway.dll", true},
	    {"/gateway/x/%2e%2e/gateway.dll", true},
	    {"/gateway/x/y/../../gateway.dll", true},
	    {"/x/gateway/gateway.dll", true},
	    {"/../gateway/gateway.dll", true},
	    {"http://h" GW, true},
	    {"HTTP://h:80" GW "?a", true},
	    {"https://h" GW, true},
	    {GW "#Action=open", true},
	    {"/gateway.dll", false},
	    {"/NXT/gateway.dll?f=templates", false},
	    {"/gateway/../gateway.dll", false},
	    {"/gateway/gateway.dll/", false},
	    {"/gateway/gateway.dll/x", false},
	    {"/gateway/gateway.dll.html", false},
	    {"/xgateway/gateway.dll", false},
	    {"/gateway/xgateway.dll", false},
	    {"/gatewaygateway.dll", false},
	    {"/%2547ateway/gateway.dll", false},
	    {"/gateway/gateway.dll%00", false},
	    {"/gateway/gateway.dll%", false},
	    {"/search?q=/gateway/gateway.dll?Action=open", false},
	    {"/#/gateway/gateway.dll", false},
	    {"http://h?q=/gateway/gateway.dll", false},
	    {"http://h", false},
	    {"http://", false},
	    {"ftp://h" GW, false},
	    {"h:80", false},
	    {"gateway/gateway.dll", false},
	    {"*", false},
	    {"/", false},
	    {"", false},
	};
	struct gateway_request r;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CU_ASSERT_EQUAL(target(cases[i].target, &r), cases[i].is);
		if (target(cases[i].target, &r) != cases[i].is)
			printf("\n  %s", cases[i].target);
	}
}

static void
the_query_says_what_is_asked_for(void)
{
	static const struct {
		const char *target;
		enum gateway_action action;
		const char *session;
		const char *ns;
	} cases[] = {
	    {GW "?Action=open&Server=NS&IP=messenger.hotmail.com", GATEWAY_OPEN_NS, "",
		"messenger.hotmail.com"},
	    {GW "?IP=10.0.0.5&Server=SB&Action=open", GATEWAY_OPEN_SB, "", "10.0.0.5"},
	    {GW "?SessionID=&Action=open&Server=NS", GATEWAY_OPEN_NS, "", ""},
	    {GW "?SessionID=", GATEWAY_OPEN_NS, "", ""},
	    {GW "?Server=NS", GATEWAY_OPEN_NS, "", ""},
	    {GW "?Server=XX", GATEWAY_OPEN_SB, "", ""},
	    {GW "?action=OPEN&server=ns&ip=h", GATEWAY_OPEN_NS, "", "h"},
	    {GW "?%41ction=o%70en&Server=%4eS", GATEWAY_OPEN_NS, "", ""},
	    {GW "?SessionID=954547325.13160", GATEWAY_COMMAND, "954547325", ""},
	    {GW "?sessionid=954547325%2e13160", GATEWAY_COMMAND, "954547325", ""},
	    {GW "?SessionID=12-ab", GATEWAY_COMMAND, "12-ab", ""},
	    {GW "?SessionID=.5", GATEWAY_COMMAND, ".5", ""},
	    {GW "?SessionID=a+b", GATEWAY_COMMAND, "a+b", ""},
	    {GW "?SessionID=a%2541", GATEWAY_COMMAND, "a%41", ""},
	    {GW "?SessionID=a%zz%4", GATEWAY_COMMAND, "a%zz%4", ""},
	    {GW "?SessionID=a%00%0d", GATEWAY_COMMAND, "a\\x00\\x0d", ""},
	    {GW "?SessionID=1.2&SessionID=3.4", GATEWAY_COMMAND, "1", ""},
	    {GW "?Action=poll&SessionID=1.2", GATEWAY_POLL, "1", ""},
	    {GW "?Action=poll&Lifespan=60&SessionID=1.2", GATEWAY_POLL, "1", ""},
	    {GW "?SessionID=1.2&LifeSpan=3&Action=POLL", GATEWAY_POLL, "1", ""},
	    {GW "?Action=&SessionID=1.2", GATEWAY_COMMAND, "1", ""},
	    {GW "?Action=other&SessionID=1.2", GATEWAY_COMMAND, "1", ""},
	    {GW "?Action=poll", GATEWAY_NONE, "", ""},
	    {GW "?Action=other", GATEWAY_NONE, "", ""},
	    {GW "?xAction=open&ActionX=open", GATEWAY_NONE, "", ""},
	    {GW "?f=templates", GATEWAY_NONE, "", ""},
	    {GW "?", GATEWAY_NONE, "", ""},
	    {GW "?&&=&", GATEWAY_NONE, "", ""},
	    {GW, GATEWAY_NONE, "", ""},
	};
	struct gateway_request r;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CU_ASSERT_TRUE(target(cases[i].target, &r));
		CU_ASSERT_EQUAL(r.action, cases[i].action);
		CU_ASSERT_STRING_EQUAL(r.session, cases[i].session);
		CU_ASSERT_STRING_EQUAL(r.ns, cases[i].ns);
		CU_ASSERT_FALSE(r.absolute);
	}
}

static void
the_host_of_an_absolute_target_is_kept(void)
{
	static const struct {
		const char *target;
		const char *host;
	} cases[] = {
	    {"http://Gateway.Messenger.Hotmail.com" GW, "gateway.messenger.hotmail.com"},
	    {"http://h:80" GW, "h"},
	    {"http://user:secret@h:80" GW, "h"},
	    {"http://a@b@h" GW, "h"},
	    {"http://[2001:DB8::1]:80" GW, "2001:db8::1"},
	    {"http://[2001:db8::1]" GW, "2001:db8::1"},
	    {"http://a\x1b" GW, "a\\x1b"},
	    {"http://" GW, ""},
	};
	struct gateway_request r;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CU_ASSERT_TRUE(target(cases[i].target, &r));
		CU_ASSERT_TRUE(r.absolute);
		CU_ASSERT_STRING_EQUAL(r.host, cases[i].host);
	}
}

static void
what_is_too_long_is_cut(void)
{
	char text[2048] = GW "?SessionID=";
	struct gateway_request r;

	memset(text + strlen(text), 'a', 1500);
	CU_ASSERT_TRUE(target(text, &r));
	CU_ASSERT_EQUAL(r.action, GATEWAY_COMMAND);
	CU_ASSERT_EQUAL(strlen(r.session), GATEWAY_SESSION_MAX - 1);
}

static void
the_answer_names_session_and_gateway(void)
{
	static const struct {
		const char *value;
		bool any;
		const char *session;
		const char *gw_ip;
		bool close;
	} cases[] = {
	    {"SessionID=954547325.13160; GW-IP=207.46.110.18", true, "954547325",
		"207.46.110.18", false},
	    {"SessionID=1.2;GW-IP=10.0.0.1;Session=close", true, "1", "10.0.0.1", true},
	    {"gw-ip=M1.Example.net ; SESSIONID=ab-1", true, "ab-1", "m1.example.net",
		false},
	    {"SessionID=1.2", true, "1", "", false},
	    {"Session=close", true, "", "", true},
	    {"Session=CLOSE", true, "", "", true},
	    {"SessionID=\"1.2\"; GW-IP=\"10.0.0.1:80\"", true, "1", "10.0.0.1", false},
	    {"SessionID = 1.2 ; GW-IP = [2001:db8::1]:80", true, "1", "2001:db8::1",
		false},
	    {"GW-IP=2001:db8::1", true, "", "2001:db8::1", false},
	    {"Session=open", false, "", "", false},
	    {"SessionID=; GW-IP=", false, "", "", false},
	    {"SessionID; x=y;;=", false, "", "", false},
	    {"", false, "", "", false},
	};
	struct gateway_answer a;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CU_ASSERT_EQUAL(
		    gateway_answer(
			guard_copy(cases[i].value, strlen(cases[i].value)), &a),
		    cases[i].any);
		CU_ASSERT_STRING_EQUAL(a.session, cases[i].session);
		CU_ASSERT_STRING_EQUAL(a.gw_ip, cases[i].gw_ip);
		CU_ASSERT_EQUAL(a.close, cases[i].close);
	}
}

static void
the_session_of_an_answer_is_found_again(void)
{
	struct gateway_answer a;
	struct gateway_request r;

	CU_ASSERT_TRUE(gateway_answer(bytes_str("SessionID=77.1; GW-IP=h"), &a));
	CU_ASSERT_TRUE(target(GW "?SessionID=77.2", &r));
	CU_ASSERT_STRING_EQUAL(a.session, r.session);
	CU_ASSERT_TRUE(gateway_answer(bytes_str("SessionID=a%2fb"), &a));
	CU_ASSERT_TRUE(target(GW "?SessionID=a%2Fb", &r));
	CU_ASSERT_STRING_EQUAL(a.session, r.session);
}

void
suite_gateway(void)
{
	CU_pSuite s = suite_new("gateway");

	CASE(s, "the path must end in the gateway", the_path_must_end_in_the_gateway);
	CASE(s, "the query says what is asked for", the_query_says_what_is_asked_for);
	CASE(s, "the host of an absolute target is kept",
	    the_host_of_an_absolute_target_is_kept);
	CASE(s, "what is too long is cut", what_is_too_long_is_cut);
	CASE(s, "the answer names session and gateway",
	    the_answer_names_session_and_gateway);
	CASE(s, "the session of an answer is found again",
	    the_session_of_an_answer_is_found_again);
}
