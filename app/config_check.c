#define _DEFAULT_SOURCE
#include "app/config_check.h"

#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/privilege.h"
#include "base/text.h"
#include "capture/source_filter.h"

#define ETHERNET 1 /* what a SPAN port gives, most often */

struct checking {
	const struct live_options *lo;
	FILE *complain;
	unsigned errors;
	const char *who; /* will write the files; NULL: who asks */
	uid_t uid;
	gid_t gid;
};

static const struct setting *
row_of(const char *key)
{
	const struct settings *table = live_settings();
	size_t i;

	for (i = 0; strcmp(setting_key(&table->row[i]), key) != 0; i++)
		;
	return &table->row[i];
}

static void
complain(struct checking *c, const char *key, const struct err *e)
{
	unsigned line = config_line(&c->lo->config, row_of(key), 0);

	c->errors++;
	(void)fprintf(
	    c->complain, "%s:%u: %s: %s\n", c->lo->config_path, line, key, e->text);
}

static void
check_filter(struct checking *c)
{
	struct filter *f = NULL;
	struct err e = {{0}};

	if (c->lo->filter[0] == '\0')
		return;
	if (filter_open(&f, c->lo->filter, &e) != 0 ||
	    filter_prepare(f, linktype_from_file(ETHERNET), &e) != 0)
		complain(c, "filter", &e);
	filter_close(f);
}

/* Whoever starts it, but root, who becomes another if there is such a user. */
static void
check_user(struct checking *c)
{
	struct passwd user, *found = NULL;
	char buf[4096];
	struct err e = {{0}};
	const char *name = c->lo->user;

	if (name == NULL && geteuid() == 0)
		name = PRIVILEGE_USER;
	if (name == NULL)
		return;
	if (getpwnam_r(name, &user, buf, sizeof(buf), &found) != 0 || found == NULL) {
		if (c->lo->user == NULL)
			return;
		(void)err_set(&e,
		    "there is no user %.100s; 'useradd --system %.100s' makes one", name,
		    name);
		complain(c, "user", &e);
		return;
	}
	c->who = name;
	c->uid = user.pw_uid;
	c->gid = user.pw_gid;
}

/* Whether who will run may do it; what groups besides their own give is not looked at. */
static bool
may(const struct checking *c, const char *path, const struct stat *st, unsigned what)
{
	int how = what == 4 ? R_OK : what == 2 ? W_OK : X_OK;

	if (c->who == NULL)
		return access(path, how) == 0;
	if (c->uid == 0)
		return true;
	if (st->st_uid == c->uid)
		return (st->st_mode & what << 6) != 0;
	if (st->st_gid == c->gid && (st->st_mode & what << 3) != 0)
		return true;
	return (st->st_mode & what) != 0;
}

static const char *
who(const struct checking *c)
{
	return c->who != NULL ? c->who : "you";
}

static void
folder_of(const char *path, char out[PATH_MAX])
{
	char *slash;

	text_put(out, PATH_MAX, path);
	slash = strrchr(out, '/');
	if (slash == NULL)
		text_put(out, PATH_MAX, ".");
	else
		slash[slash == out] = '\0';
}

/* A file will be made there, with 2, or be looked for, with 1. */
static int
check_folder(const struct checking *c, const char *path, unsigned what, struct err *e)
{
	char folder[PATH_MAX];
	struct stat st;

	if (strlen(path) >= PATH_MAX)
		return err_set(e, "the name is too long");
	folder_of(path, folder);
	if (stat(folder, &st) != 0)
		return err_sys(e, errno, "the folder %.200s", folder);
	if (!S_ISDIR(st.st_mode))
		return err_set(e, "%.200s is not a folder", folder);
	if (!may(c, folder, &st, what))
		return err_set(e, "%s may not %s in the folder %.200s", who(c),
		    what == 2 ? "write" : "look", folder);
	return 0;
}

/* A file that is there has to allow it: 4 to be read, 2 to be written. */
static int
check_file(const struct checking *c, const char *path, unsigned what, struct err *e)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return errno == ENOENT ? check_folder(c, path, 2, e)
				       : err_sys(e, errno, "%.200s", path);
	if (S_ISDIR(st.st_mode))
		return err_set(e, "%.200s is a folder", path);
	if (!may(c, path, &st, what))
		return err_set(e, "%s may not %s %.200s", who(c),
		    what == 4 ? "read" : "write", path);
	return 0;
}

static void
check_files(struct checking *c)
{
	const struct {
		const char *key, *path;
		unsigned what; /* 0: it is replaced by another file, 1: looked for */
	} files[] = {
	    {"output", c->lo->sink == LIVE_TO_FILE ? c->lo->output_path : NULL, 2},
	    {"account-key", c->lo->accounts == ACCOUNT_HASH ? c->lo->key_path : NULL, 4},
	    {"status-file", c->lo->status_path, 0},
	    {"metrics-file", c->lo->metrics_path, 0},
	    {"write", c->lo->write_path, 0},
	    {"panic-file", c->lo->enforce.panic_path, 1},
	};
	size_t i;
	int r;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct err e = {{0}};

		if (files[i].path == NULL)
			continue;
		r = files[i].what > 1
			? check_file(c, files[i].path, files[i].what, &e)
			: check_folder(c, files[i].path, 2 - files[i].what, &e);
		if (r != 0)
			complain(c, files[i].key, &e);
	}
}

static void
check_enforcement(struct checking *c)
{
	struct err e = {{0}};

	if (enforce_options_check(&c->lo->enforce, true, &e) != 0)
		complain(c, "mode", &e);
}

unsigned
config_check(const struct live_options *lo, FILE *to)
{
	struct checking c = {.lo = lo, .complain = to};

	check_filter(&c);
	check_user(&c);
	check_files(&c);
	check_enforcement(&c);
	return c.errors;
}
