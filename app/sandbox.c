#define _GNU_SOURCE
#include "app/sandbox.h"

#include <errno.h>
#include <seccomp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "app/sandbox_files.h"
#include "app/sandbox_rules.h"

#define CALL_NAME 32

#ifdef MSNWATCH_INSTRUMENTED
static const bool is_built = false;
#else
static const bool is_built = true;
#endif

/*
 * Two filters, and the kernel takes the sterner answer.  The list allows and refuses the
 * rest.  The fence refuses some of what the list allows, for a filter of libseccomp's
 * can say which arguments are meant, not which are excepted.
 */
struct filters {
	scmp_filter_ctx list, fence;
	const struct sandbox_opts *opts;
};

static struct scmp_arg_cmp
compare(const struct sandbox_match *m)
{
	return (struct scmp_arg_cmp){m->arg, SCMP_CMP_MASKED_EQ, m->mask, m->value};
}

/* The kernel looks at 32 bits of a descriptor or a process id, and so must we. */
static int
add_for(scmp_filter_ctx to, uint32_t act, int call, int first_arg)
{
	const struct sandbox_match m = {0, UINT32_MAX, (uint32_t)first_arg};
	const struct scmp_arg_cmp c = compare(&m);

	return seccomp_rule_add_array(to, act, call, 1, &c);
}

static int
add_for_each(scmp_filter_ctx to, uint32_t act, int call, const int *fd, size_t n)
{
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && i < n; i++)
		r = add_for(to, act, call, fd[i]);
	return r;
}

static int
add_writable(const struct filters *f, scmp_filter_ctx to, uint32_t act, int call)
{
	const int standard[] = {STDOUT_FILENO, STDERR_FILENO};
	const struct sandbox_opts *o = f->opts;
	int r = add_for_each(to, act, call, standard, 2);

	if (r == 0)
		r = add_for_each(to, act, call, o->local, o->n_local);
	return r != 0 ? r : add_for_each(to, act, call, o->wire, o->n_wire);
}

static int
add_cases(scmp_filter_ctx to, uint32_t act, const char *name, int call)
{
	const struct sandbox_cases all = sandbox_cases();
	struct scmp_arg_cmp c[2];
	size_t i;
	unsigned k;
	int r = 0;

	for (i = 0; r == 0 && i < all.n; i++) {
		if (strcmp(all.c[i].call, name) != 0)
			continue;
		for (k = 0; k < all.c[i].n; k++)
			c[k] = compare(&all.c[i].match[k]);
		r = seccomp_rule_add_array(to, act, call, all.c[i].n, c);
	}
	return r;
}

static int
add_fenced(const struct filters *f, const char *name, int call)
{
	int r = add_cases(f->fence, SCMP_ACT_ERRNO(EPERM), name, call);

	return r != 0 ? r
		      : seccomp_rule_add_array(f->list, SCMP_ACT_ALLOW, call, 0, NULL);
}

static int
add_kept(const struct filters *f, int call)
{
	int r = add_writable(f, f->fence, SCMP_ACT_ERRNO(EPERM), call);

	return r != 0 ? r
		      : seccomp_rule_add_array(f->list, SCMP_ACT_ALLOW, call, 0, NULL);
}

static int
add_sending(const struct filters *f, int call)
{
	const struct sandbox_opts *o = f->opts;
	int r = add_for_each(f->list, SCMP_ACT_ALLOW, call, o->local, o->n_local);

	return r != 0 ? r
		      : add_for_each(f->list, SCMP_ACT_ALLOW, call, o->wire, o->n_wire);
}

static int
add_call(const struct filters *f, enum sandbox_act act, const char *name, int call)
{
	switch (act) {
	case SANDBOX_ALLOW:
		return seccomp_rule_add_array(f->list, SCMP_ACT_ALLOW, call, 0, NULL);
	case SANDBOX_CASES:
		return add_cases(f->list, SCMP_ACT_ALLOW, name, call);
	case SANDBOX_FENCE:
		return add_fenced(f, name, call);
	case SANDBOX_OUT:
		return add_writable(f, f->list, SCMP_ACT_ALLOW, call);
	case SANDBOX_SEND:
		return add_sending(f, call);
	case SANDBOX_KEEP:
		return add_kept(f, call);
	case SANDBOX_SELF:
		return add_for(f->list, SCMP_ACT_ALLOW, call, getpid());
	case SANDBOX_ABSENT:
		return seccomp_rule_add_array(
		    f->list, SCMP_ACT_ERRNO(ENOSYS), call, 0, NULL);
	case SANDBOX_KILL:
		return seccomp_rule_add_array(
		    f->list, SCMP_ACT_KILL_PROCESS, call, 0, NULL);
	}
	return -EINVAL;
}

/* Negative: the library does not know it, or this processor does not have it. */
static int
add_rule(const struct filters *f, const struct sandbox_rule *rule)
{
	const char *at = rule->calls;
	char name[CALL_NAME];
	int call, r = 0;
	size_t n;

	for (; r == 0 && *at != '\0'; at += n + (at[n] == ' ')) {
		n = strcspn(at, " ");
		if (n >= sizeof(name))
			return -EINVAL;
		memcpy(name, at, n);
		name[n] = '\0';
		call = seccomp_syscall_resolve_name(name);
		if (call >= 0)
			r = add_call(f, rule->act, name, call);
	}
	return r;
}

static int
check_fd(int fd, bool local, struct err *e)
{
	socklen_t n = sizeof(int);
	int domain = -1;

	if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &n) != 0)
		return err_sys(e, errno, "sandbox: descriptor %d is no socket", fd);
	if (local != (domain == AF_UNIX))
		return err_set(e, "sandbox: descriptor %d is %s local socket", fd,
		    local ? "no" : "a");
	return 0;
}

static int
check(const struct sandbox_opts *o, struct err *e)
{
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && i < o->n_local; i++)
		r = check_fd(o->local[i], true, e);
	for (i = 0; r == 0 && i < o->n_wire; i++)
		r = check_fd(o->wire[i], false, e);
	return r;
}

static int
prepare(scmp_filter_ctx ctx)
{
	int r =
	    ctx == NULL ? -ENOMEM : seccomp_attr_set(ctx, SCMP_FLTATR_API_SYSRAWRC, 1);

	return r != 0 ? r : seccomp_attr_set(ctx, SCMP_FLTATR_CTL_TSYNC, 1);
}

static int
fill(const struct filters *f)
{
	const struct sandbox_rules all = sandbox_rules();
	int r = prepare(f->fence);
	size_t i;

	if (r == 0)
		r = prepare(f->list);
	for (i = 0; r == 0 && i < all.n; i++)
		r = add_rule(f, &all.rule[i]);
	return r;
}

int
sandbox_enter(const struct sandbox_opts *o, struct err *e)
{
	struct filters f = {NULL, NULL, o};
	int r;

	if (!is_built) {
		(void)fputs("msnwatch: built to be tested from within, so system calls "
			    "are not filtered\n",
		    stderr);
		return 0;
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return err_sys(e, errno, "new privileges cannot be renounced");
	if (check(o, e) != 0 || sandbox_files(o->file, o->n_files, e) != 0)
		return -1;
	f.list = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	f.fence = seccomp_init(SCMP_ACT_ALLOW);
	r = fill(&f);
	/* The list does not allow loading another one. */
	if (r == 0)
		r = seccomp_load(f.fence);
	if (r == 0)
		r = seccomp_load(f.list);
	seccomp_release(f.list);
	seccomp_release(f.fence);
	if (r != 0)
		return err_sys(e, -r,
		    "system calls cannot be filtered; --no-sandbox goes on without");
	if (dup(-1) != -1 || errno != EPERM)
		return err_set(e,
		    "system calls are not filtered, though the kernel took the filter; "
		    "--no-sandbox goes on without");
	return 0;
}

bool
sandbox_is_built(void)
{
	return is_built;
}
