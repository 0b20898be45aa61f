#define _GNU_SOURCE
#include "app/sandbox_files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/landlock.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/text.h"

/* Later than the headers may be, each with the version of Landlock that knows it. */
#define ACCESS_REFER     (UINT64_C(1) << 13) /* 2: moving to another folder */
#define ACCESS_TRUNCATE  (UINT64_C(1) << 14) /* 3 */
#define VERSION_REFER    2
#define VERSION_TRUNCATE 3

#define ACCESS_MAKING                                                      \
	(LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_MAKE_CHAR |    \
	    LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_SOCK |   \
	    LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK | \
	    LANDLOCK_ACCESS_FS_MAKE_SYM)
#define ACCESS_FILE (LANDLOCK_ACCESS_FS_WRITE_FILE | ACCESS_TRUNCATE)
#define ACCESS_FOLDER \
	(ACCESS_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG)

struct ruleset {
	int fd;
	uint64_t handled; /* what needs a rule from now on */
};

/* False: the kernel has no Landlock, or it is switched off. */
static bool
is_known(uint64_t *handled)
{
	long version = syscall(
	    SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

	*handled = ACCESS_FOLDER | ACCESS_MAKING | LANDLOCK_ACCESS_FS_EXECUTE;
	if (version >= VERSION_REFER)
		*handled |= ACCESS_REFER;
	if (version < VERSION_TRUNCATE)
		*handled &= ~ACCESS_TRUNCATE;
	return version > 0;
}

static int
allow(const struct ruleset *r, const char *path, uint64_t access, struct err *e)
{
	struct landlock_path_beneath_attr rule = {.allowed_access = access & r->handled};
	long done;

	rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd == -1)
		return err_sys(
		    e, errno, "%.300s: what is to be written to cannot be opened", path);
	done =
	    syscall(SYS_landlock_add_rule, r->fd, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	if (done != 0)
		(void)err_sys(e, errno, "%.300s: cannot be left to be written to", path);
	(void)close(rule.parent_fd);
	return done == 0 ? 0 : -1;
}

static int
allow_folder_of(const struct ruleset *r, const char *file, struct err *e)
{
	char folder[PATH_MAX];
	char *slash;

	if (strlen(file) >= sizeof(folder))
		return err_set(e, "%.300s: too long for the name of a file", file);
	text_put(folder, sizeof(folder), file);
	slash = strrchr(folder, '/');
	if (slash == NULL)
		text_put(folder, sizeof(folder), ".");
	else
		slash[slash == folder] = '\0';
	return allow(r, folder, ACCESS_FOLDER, e);
}

/* A device (/dev/null) is allowed by itself; behind a symbolic link is another folder. */
static int
allow_file(const struct ruleset *r, const char *file, struct err *e)
{
	struct stat st;
	char *real;
	int done;

	if (stat(file, &st) != 0)
		return allow_folder_of(r, file, e);
	if (!S_ISREG(st.st_mode))
		return allow(r, file, ACCESS_FILE, e);
	real = realpath(file, NULL);
	if (real == NULL)
		return err_sys(e, errno, "%.300s: cannot be found", file);
	done = allow_folder_of(r, real, e);
	free(real);
	return done != 0 ? done : allow_folder_of(r, file, e);
}

int
sandbox_files(const char *const *file, size_t n, struct err *e)
{
	struct landlock_ruleset_attr attr = {0};
	struct ruleset r = {.fd = -1};
	int done = 0;
	size_t i;

	if (!is_known(&r.handled))
		return 0;
	attr.handled_access_fs = r.handled;
	r.fd = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
	if (r.fd == -1)
		return err_sys(e, errno,
		    "writing cannot be confined to folders; --no-sandbox goes on "
		    "without");
	for (i = 0; done == 0 && i < n; i++)
		done = allow_file(&r, file[i], e);
	if (done == 0 && syscall(SYS_landlock_restrict_self, r.fd, 0) != 0)
		done = err_sys(e, errno,
		    "writing cannot be confined to folders; --no-sandbox goes on "
		    "without");
	(void)close(r.fd);
	return done;
}
