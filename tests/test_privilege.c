#define _GNU_SOURCE
#include "app/privilege.h"

#include <pwd.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/suite.h"

/* Whether act says so in a child, which may lose its privileges. */
static bool
holds(bool (*act)(void))
{
	int status = -1;
	pid_t child = fork();

	if (child == 0)
		_exit(act() ? 0 : 1);
	CU_ASSERT_FATAL(child > 0 && waitpid(child, &status, 0) == child);
	return status == 0;
}

static bool
can_capture(void)
{
	return socket(AF_PACKET, SOCK_RAW, 0) != -1;
}

static bool
drop_to_nobody(void)
{
	bool could = can_capture();
	const struct passwd *nobody = getpwnam("nobody");
	char who[PRIVILEGE_WHO_MAX] = "";
	struct err e = {{0}};

	return nobody != NULL && privilege_drop("nobody", who, &e) == 0 &&
	       getuid() == nobody->pw_uid && strcmp(who, "nobody") == 0 &&
	       setuid(0) == -1 && setgid(0) == -1 && can_capture() == could;
}

static bool
only_root_becomes_another(void)
{
	char who[PRIVILEGE_WHO_MAX] = "";
	struct err e = {{0}};

	return drop_to_nobody() && privilege_drop("root", who, &e) == -1 &&
	       strstr(e.text, "only root can become user root") != NULL;
}

static bool
who_has_nothing_keeps_nothing(void)
{
	const struct passwd *nobody = getpwnam("nobody");
	char who[PRIVILEGE_WHO_MAX] = "";
	struct err e = {{0}};

	return nobody != NULL && setgid(nobody->pw_gid) == 0 &&
	       setuid(nobody->pw_uid) == 0 && privilege_drop(NULL, who, &e) == 0 &&
	       strcmp(who, "this user") == 0 && !can_capture();
}

static void
root_becomes_a_user_who_can_capture(void)
{
	if (geteuid() == 0)
		CU_ASSERT(holds(drop_to_nobody));
}

static void
nobody_but_root_becomes_another(void)
{
	if (geteuid() == 0)
		CU_ASSERT(holds(only_root_becomes_another));
}

static void
nothing_is_gained(void)
{
	if (geteuid() == 0)
		CU_ASSERT(holds(who_has_nothing_keeps_nothing));
}

static void
an_unknown_user_is_named_with_the_cure(void)
{
	char who[PRIVILEGE_WHO_MAX] = "";
	struct err e = {{0}};

	CU_ASSERT_EQUAL(privilege_drop("no-such-user", who, &e), -1);
	CU_ASSERT_STRING_EQUAL(e.text,
	    "user no-such-user: there is no such user; make it with: adduser --system "
	    "--group --no-create-home no-such-user");
}

void
suite_privilege(void)
{
	CU_pSuite s = suite_new("privilege");

	CASE(s, "root becomes a user who can capture",
	    root_becomes_a_user_who_can_capture);
	CASE(s, "nobody but root becomes another", nobody_but_root_becomes_another);
	CASE(s, "nothing is gained", nothing_is_gained);
	CASE(s, "an unknown user is named with the cure",
	    an_unknown_user_is_named_with_the_cure);
}
