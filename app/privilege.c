#define _GNU_SOURCE
#include "app/privilege.h"

#include <cap-ng.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/text.h"

#define PASSWD_BYTES 16384
#define GROUPS_MAX   1024

struct identity {
	char name[64];
	uid_t uid;
	gid_t gid;
	bool changes;     /* it is not yet ours */
	bool captures;    /* CAP_NET_RAW is there to be kept */
	bool bound_falls; /* the bounding set may be emptied */
};

/* 0 found, 1 there is none, -1 with e. */
static int
look_up(const char *name, struct identity *who, struct err *e)
{
	char room[PASSWD_BYTES];
	struct passwd entry, *found = NULL;
	int code = getpwnam_r(name, &entry, room, sizeof(room), &found);

	if (code != 0)
		return err_sys(e, code, "user %.64s: cannot be looked up", name);
	if (found == NULL)
		return 1;
	text_put(who->name, sizeof(who->name), name);
	who->uid = entry.pw_uid;
	who->gid = entry.pw_gid;
	return 0;
}

static int
no_such_user(const char *name, struct err *e)
{
	return err_set(e,
	    "user %.64s: there is no such user; make it with: adduser --system --group "
	    "--no-create-home %.64s",
	    name, name);
}

static int
default_user(struct identity *who, struct err *e)
{
	int r = geteuid() == 0 ? look_up(PRIVILEGE_USER, who, e) : 1;

	if (r != 1)
		return r;
	who->uid = geteuid();
	who->gid = getegid();
	if (who->uid != 0)
		return 0;
	text_put(who->name, sizeof(who->name), "root");
	(void)fputs("msnwatch: there is no user " PRIVILEGE_USER
		    ", so root it stays, able to do no more than capture; --user "
		    "names another\n",
	    stderr);
	return 0;
}

static int
choose(const char *user, struct identity *who, struct err *e)
{
	int r = user == NULL ? default_user(who, e) : look_up(user, who, e);

	if (r != 0)
		return r < 0 ? -1 : no_such_user(user, e);
	who->changes = who->uid != geteuid() || who->uid != getuid();
	if (who->changes && geteuid() != 0)
		return err_set(e,
		    "only root can become user %s: start as root, or as that user "
		    "without --user",
		    who->name);
	return 0;
}

static int
become(struct identity *who, struct err *e)
{
	int r = capng_get_caps_process();

	if (r != 0)
		return err_set(e, "the capabilities of this process cannot be read");
	who->captures = capng_have_capability(CAPNG_PERMITTED, CAP_NET_RAW) != 0;
	who->bound_falls = capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP) != 0;
	capng_clear(CAPNG_SELECT_ALL);
	if (who->captures)
		(void)capng_update(
		    CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, CAP_NET_RAW);
	errno = 0;
	if (who->changes)
		r = capng_change_id((int)who->uid, (int)who->gid,
		    CAPNG_INIT_SUPP_GRP | CAPNG_CLEAR_AMBIENT |
			(who->bound_falls ? CAPNG_CLEAR_BOUNDING : CAPNG_NO_FLAG));
	else
		r = capng_apply(who->bound_falls
				    ? CAPNG_SELECT_ALL
				    : CAPNG_SELECT_CAPS | CAPNG_SELECT_AMBIENT);
	if (r != 0)
		return err_sys(e, errno,
		    "privileges cannot be dropped (step %d); becoming another user "
		    "takes CAP_SETUID and CAP_SETGID",
		    r);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return err_sys(e, errno, "new privileges cannot be renounced");
	return 0;
}

static bool
ids_are(const struct identity *who)
{
	uid_t u[3];
	gid_t g[3];

	return getresuid(&u[0], &u[1], &u[2]) == 0 && u[0] == who->uid &&
	       u[1] == who->uid && u[2] == who->uid &&
	       getresgid(&g[0], &g[1], &g[2]) == 0 &&
	       (!who->changes ||
		   (g[0] == who->gid && g[1] == who->gid && g[2] == who->gid));
}

static bool
is_among(gid_t g, const gid_t *of, int n)
{
	int i;

	for (i = 0; i < n; i++)
		if (of[i] == g)
			return true;
	return false;
}

static bool
groups_are(const struct identity *who)
{
	gid_t have[GROUPS_MAX], own[GROUPS_MAX];
	int i, n = getgroups(GROUPS_MAX, have), n_own = GROUPS_MAX;

	if (!who->changes)
		return true;
	if (n < 0 || getgrouplist(who->name, who->gid, own, &n_own) < 0)
		return false;
	for (i = 0; i < n; i++)
		if (!is_among(have[i], own, n_own))
			return false;
	return true;
}

static bool
capabilities_are(const struct identity *who)
{
	unsigned cap;

	if (capng_get_caps_process() != 0)
		return false;
	for (cap = 0; cap <= CAP_LAST_CAP; cap++) {
		int want = cap == CAP_NET_RAW && who->captures;

		if (capng_have_capability(CAPNG_EFFECTIVE, cap) != want ||
		    capng_have_capability(CAPNG_PERMITTED, cap) != want ||
		    capng_have_capability(CAPNG_INHERITABLE, cap) != 0 ||
		    capng_have_capability(CAPNG_AMBIENT, cap) != 0)
			return false;
	}
	return !who->bound_falls ||
	       capng_have_capabilities(CAPNG_SELECT_BOUNDS) == CAPNG_NONE;
}

/* Whoever can is not unprivileged, whatever the numbers say. */
static bool
can_be_root_again(const struct identity *who)
{
	return who->uid != 0 && (setresuid(0, 0, 0) == 0 || seteuid(0) == 0 ||
				    (who->gid != 0 && setegid(0) == 0));
}

static int
verify(const struct identity *who, struct err *e)
{
	const char *what = NULL;

	if (!ids_are(who))
		what = "the user or group is not the one meant";
	else if (!groups_are(who))
		what = "groups are left that are not the user's";
	else if (can_be_root_again(who))
		what = "the way back to root is open";
	else if (!capabilities_are(who))
		what = "capabilities are left beside CAP_NET_RAW";
	else if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		what = "new privileges can still be had";
	if (what == NULL)
		return 0;
	return err_set(e,
	    "privileges were not dropped: %s; start as an unprivileged user instead, "
	    "after "
	    "setcap cap_net_raw+ep \"$(command -v msnwatch)\"",
	    what);
}

int
privilege_drop(const char *user, char who[PRIVILEGE_WHO_MAX], struct err *e)
{
	struct identity id = {.name = "this user"};

	if (choose(user, &id, e) != 0 || become(&id, e) != 0 || verify(&id, e) != 0)
		return -1;
	(void)snprintf(who, PRIVILEGE_WHO_MAX, "%s%s", id.name,
	    id.uid == 0 ? ", who has no privilege left but to capture" : "");
	return 0;
}
