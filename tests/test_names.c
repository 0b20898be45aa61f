#include "detect/names.h"

#include <stdio.h>

#include "base/bytes.h"
#include "tests/suite.h"

static struct names *
names_new(void)
{
	struct names *ns;
	struct err e = {""};

	if (names_open(&ns, &e) != 0)
		abort();
	return ns;
}

static void
names_have_their_roles(void)
{
	static const struct {
		const char *name;
		enum name_role role;
	} cases[] = {
	    {"messenger.hotmail.com", NAME_DISPATCH},
	    {"messenger.hotmail.msnmessenger.msn.com.akadns.net", NAME_DISPATCH},
	    {"baym-cs295.msgr.hotmail.com", NAME_DISPATCH},
	    {"gateway.messenger.hotmail.com", NAME_GATEWAY},
	    {"muser.gateway.messenger.hotmail.com", NAME_GATEWAY},
	    {"by2msg3010710.by2.gateway.edge.messenger.live.com", NAME_GATEWAY},
	    {"geo.gateway.messenger.live.com", NAME_GATEWAY},
	    {"login.live.com", NAME_SIGNIN},
	    {"nexus.passport.com", NAME_SIGNIN},
	    {"byrdr.omega.contacts.msn.com", NAME_OTHER_MESSENGER},
	    {"config.messenger.msn.com", NAME_OTHER_MESSENGER},
	    {"echo.edge.messenger.live.com", NAME_OTHER_MESSENGER},
	    {"m1.escargot.log1p.xyz", NAME_DISPATCH},
	    {"ersih.log1p.xyz", NAME_OTHER_MESSENGER},
	    {"msnmsgr.escargot.chat", NAME_DISPATCH},
	    {"ds.escargot.nina.chat", NAME_DISPATCH},
	    {"mconf.escargot.nina.chat", NAME_OTHER_MESSENGER},
	    {"ms.msgrsvcs.ctsrv.gay", NAME_DISPATCH},
	    {"httpgws.ms.msgrsvcs.ctsrv.gay", NAME_GATEWAY},
	};
	struct names *ns = names_new();
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CU_ASSERT_EQUAL(names_role(ns, cases[i].name), cases[i].role);
	names_close(ns);
}

static void
names_of_others_have_none(void)
{
	static const char *const others[] = {"client-s.gateway.messenger.live.com",
	    "azwcus1-client-s.gateway.messenger.live.com", "gateway.messenger.live.com",
	    "x.geo.gateway.messenger.live.com", "storage.live.com", "www.hotmail.com",
	    "hotmail.com", "com", "", ".", "messenger.hotmail.com.corp.example",
	    "xmessenger.hotmail.com", "mymsgr.hotmail.com", "msgr.hotmail.com",
	    ".msgr.hotmail.com", "x.messenger.hotmail.com", "escargot.log1p.xyz",
	    "crosstalk.im", "messenger\\x2ehotmail.com"};
	struct names *ns = names_new();
	size_t i;

	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		CU_ASSERT_EQUAL(names_role(ns, others[i]), NAME_NONE);
	names_close(ns);
}

static void
every_row_decides_and_says_why(void)
{
	struct names *ns = names_new();
	const struct name_row *rows;
	char name[128];
	size_t n, i;

	rows = names_rows(&n);
	CU_ASSERT_TRUE(n > 0);
	for (i = 0; i < n; i++) {
		(void)snprintf(name, sizeof(name), "%s%s",
		    rows[i].pattern[0] == '*' ? "anything" : "",
		    rows[i].pattern + (rows[i].pattern[0] == '*'));
		CU_ASSERT_EQUAL(names_role(ns, name), rows[i].role);
		CU_ASSERT_TRUE(rows[i].source[0] != '\0' && rows[i].remark[0] != '\0');
	}
	names_close(ns);
}

static void
every_source_is_in_the_manual(void)
{
	static char manual[65536];
	FILE *f = fopen(SOURCE_DIR "/doc/protocol.md", "r");
	const struct name_row *rows;
	const char *sources;
	char line[64];
	size_t n, i;

	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	CU_ASSERT_TRUE(fread(manual, 1, sizeof(manual) - 1, f) > 0);
	(void)fclose(f);
	sources = strstr(manual, "\n## Sources\n");
	CU_ASSERT_PTR_NOT_NULL_FATAL(sources);
	rows = names_rows(&n);
	for (i = 0; i < n; i++) {
		(void)snprintf(line, sizeof(line), "\n| %s | ", rows[i].source);
		CU_ASSERT_PTR_NOT_NULL(strstr(sources, line));
	}
}

static void
names_can_be_added_and_taken_off(void)
{
	struct names *ns = names_new();
	struct err e = {""};

	CU_ASSERT_EQUAL(names_add(ns, "IM.Example.com", NAME_DISPATCH, &e), 0);
	CU_ASSERT_EQUAL(names_add(ns, "*.im.example.com", NAME_GATEWAY, &e), 0);
	CU_ASSERT_EQUAL(names_add(ns, "im.example.com", NAME_NONE, &e), 0);
	CU_ASSERT_EQUAL(names_add(ns, "login.live.com", NAME_NONE, &e), 0);
	CU_ASSERT_EQUAL(names_role(ns, "im.example.com"), NAME_DISPATCH);
	CU_ASSERT_EQUAL(names_role(ns, "a.b.im.example.com"), NAME_GATEWAY);
	CU_ASSERT_EQUAL(names_role(ns, "aim.example.com"), NAME_NONE);
	CU_ASSERT_EQUAL(names_role(ns, "login.live.com"), NAME_NONE);
	CU_ASSERT_EQUAL(names_role(ns, "messenger.hotmail.com"), NAME_DISPATCH);
	names_close(ns);
}

static void
what_is_no_name_is_refused(void)
{
	static const char *const bad[] = {"", ".", "*", "*.", "a..b", ".a", "a.", "a b",
	    "a.*.b", "*.*.b",
	    "b\xc3\xbc"
	    "cher.example",
	    "a/b",
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example"};
	struct names *ns = names_new();
	struct err e;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		e.text[0] = '\0';
		CU_ASSERT_EQUAL(names_add(ns, bad[i], NAME_DISPATCH, &e), -1);
		CU_ASSERT_PTR_NOT_NULL(strstr(e.text, "not a name"));
	}
	names_close(ns);
}

static void
there_is_room_for_so_many(void)
{
	struct names *ns = names_new();
	struct err e = {""};
	char name[254];
	int i;

	memset(name, 'a', sizeof(name));
	for (i = 49; i < 253; i += 50)
		name[i] = '.';
	name[253] = '\0';
	for (i = 0; i < NAMES_EXTRA_MAX; i++) {
		name[0] = (char)('a' + i / 26);
		name[1] = (char)('a' + i % 26);
		CU_ASSERT_EQUAL(names_add(ns, name, NAME_GATEWAY, &e), 0);
	}
	CU_ASSERT_EQUAL(names_role(ns, name), NAME_GATEWAY);
	name[0] = 'b';
	CU_ASSERT_EQUAL(names_role(ns, name), NAME_GATEWAY);
	name[0] = 'x';
	CU_ASSERT_EQUAL(names_role(ns, name), NAME_NONE);
	CU_ASSERT_EQUAL(names_add(ns, "one.more", NAME_GATEWAY, &e), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.text, "more than 256"));
	names_close(ns);
}

void
suite_names(void)
{
	CU_pSuite s = suite_new("names");

	CASE(s, "names have their roles", names_have_their_roles);
	CASE(s, "names of others have none", names_of_others_have_none);
	CASE(s, "every row decides, and says why", every_row_decides_and_says_why);
	CASE(s, "every source is in the manual", every_source_is_in_the_manual);
	CASE(s, "names can be added and taken off", names_can_be_added_and_taken_off);
	CASE(s, "what is no name is refused", what_is_no_name_is_refused);
	CASE(s, "there is room for so many", there_is_room_for_so_many);
}
