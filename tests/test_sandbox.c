#define _GNU_SOURCE
#include "app/sandbox.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/must.h"
#include "tests/suite.h"

#define HIGH (UINT64_C(1) << 32) /* above what the kernel reads of a descriptor */

/* Made before the sandbox is entered. */
struct scene {
	int wire; /* a packet socket; a connected UDP socket where that is forbidden */
	int local[2]; /* a pair; the first one may be written to */
	int file;
	bool may_send;
};

#define REFUSED(call) MUST((errno = 0, (call)) == -1 && errno == EPERM)

static int
open_wire(void)
{
	struct sockaddr_ll lo = {.sll_family = AF_PACKET};
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(9)};
	int s = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	lo.sll_ifindex = (int)if_nametoindex("lo");
	if (s != -1)
		return bind(s, (struct sockaddr *)&lo, sizeof(lo)) == 0 ? s : -1;
	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	return connect(s, (struct sockaddr *)&in, sizeof(in)) == 0 ? s : -1;
}

/* The wait status of a child that does it inside the sandbox. */
static int
inside(int (*act)(const struct scene *), bool may_send)
{
	struct scene s = {.may_send = may_send};
	struct sandbox_opts o = {.n_local = 1, .n_wire = may_send};
	const struct rlimit no_core = {0, 0};
	struct err e = {{0}};
	int status = -1;
	pid_t child = fork();

	if (child != 0) {
		CU_ASSERT_FATAL(child > 0 && waitpid(child, &status, 0) == child);
		return status;
	}
	(void)setrlimit(RLIMIT_CORE, &no_core);
	s.wire = open_wire();
	s.file = memfd_create("written", MFD_CLOEXEC);
	if (s.wire == -1 || s.file == -1 || socketpair(AF_UNIX, SOCK_DGRAM, 0, s.local))
		_exit(2);
	o.local[0] = s.local[0];
	o.wire[0] = s.wire;
	if (sandbox_enter(&o, &e) != 0) {
		(void)fprintf(stderr, "%s\n", e.text);
		_exit(3);
	}
	_exit(act(&s));
}

static void
holds(int (*act)(const struct scene *), bool may_send)
{
	if (sandbox_is_built())
		CU_ASSERT_EQUAL(inside(act, may_send), 0);
}

static int
try_to_transmit(const struct scene *s)
{
	char frame[64] = "";
	struct iovec v = {frame, sizeof(frame)};
	struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1};
	struct mmsghdr mm = {.msg_hdr = m};
	off_t at = 0;
	int pipes[2];

	REFUSED(sendto(s->wire, frame, sizeof(frame), 0, NULL, 0));
	REFUSED(sendmsg(s->wire, &m, 0));
	REFUSED(sendmmsg(s->wire, &mm, 1, 0));
	REFUSED(write(s->wire, frame, sizeof(frame)));
	REFUSED(writev(s->wire, &v, 1));
	REFUSED(pwritev(s->wire, &v, 1, 0));
	REFUSED(pwritev2(s->wire, &v, 1, -1, 0));
	REFUSED(sendfile(s->wire, s->file, &at, 1));
	REFUSED(splice(s->file, NULL, s->wire, NULL, 1, 0));
	REFUSED(vmsplice(s->wire, &v, 1, 0));
	REFUSED(pipe(pipes));
	REFUSED(syscall(SYS_io_setup, 1, &at));
	MUST(pwrite(s->wire, frame, sizeof(frame), 0) == -1 && errno == ESPIPE);
	MUST(file_write(s->wire, frame, sizeof(frame)) == -1 && errno == EPERM);
	return 0;
}

static int
try_to_prepare_it(const struct scene *s)
{
	const int one = 1;

	REFUSED(setsockopt(s->wire, SOL_PACKET, PACKET_TX_RING, &one, sizeof(one)));
	REFUSED(setsockopt(s->wire, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof(one)));
	REFUSED(setsockopt(s->wire, SOL_SOCKET, SO_BROADCAST, &one, sizeof(one)));
	return 0;
}

static int
try_to_lend_a_number(const struct scene *s)
{
	char frame[64] = "";

	REFUSED(dup2(s->wire, STDOUT_FILENO));
	REFUSED(dup3(s->wire, s->local[0], 0));
	REFUSED(dup(s->wire));
	REFUSED(fcntl(s->wire, F_DUPFD, 0));
	REFUSED(close(STDOUT_FILENO));
	REFUSED(close(STDERR_FILENO));
	REFUSED(close(s->local[0]));
	REFUSED(syscall(SYS_close, HIGH | STDOUT_FILENO));
	REFUSED(syscall(SYS_close_range, 0, 9, 0));
	REFUSED(syscall(SYS_write, HIGH | (uint32_t)s->wire, frame, sizeof(frame)));
	MUST(close(s->wire) == 0);
	return 0;
}

static int
try_to_connect(const struct scene *s)
{
	const struct sockaddr none = {.sa_family = AF_UNSPEC};
	int other = socket(AF_UNIX, SOCK_DGRAM, 0);

	REFUSED(socket(AF_INET, SOCK_STREAM, 0));
	REFUSED(socket(AF_INET, SOCK_DGRAM, 0));
	REFUSED(socket(AF_INET6, SOCK_STREAM, 0));
	REFUSED(socket(AF_NETLINK, SOCK_RAW, 0));
	REFUSED(connect(s->wire, &none, sizeof(none)));
	REFUSED(connect(other, &none, sizeof(none)));
	REFUSED(connect(s->local[0], &none, sizeof(none)));
	REFUSED(listen(other, 1));
	REFUSED(accept(other, NULL, NULL));
	return 0;
}

static int
try_other_things(const struct scene *s)
{
	const struct rlimit more = {4096, 4096};
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	void *m = mmap(NULL, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)s;
	MUST(m != MAP_FAILED);
	REFUSED(mprotect(m, page, PROT_READ | PROT_EXEC));
	MUST(mmap(NULL, page, PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
		 MAP_FAILED &&
	     errno == EPERM);
	REFUSED(fork());
	REFUSED(kill(getppid(), 0));
	REFUSED(setrlimit(RLIMIT_NOFILE, &more));
	REFUSED(chmod("/", 0755));
	return 0;
}

static int
speak_where_told(const struct scene *s)
{
	char got[8];

	MUST(write(s->local[0], "ready", 5) == 5);
	MUST(send(s->local[0], "again", 5, 0) == 5);
	MUST(recv(s->local[1], got, sizeof(got), 0) == 5);
	REFUSED(write(s->local[1], "no", 2));
	if (s->may_send) {
		char frame[64] = "";

		MUST(write(s->wire, frame, sizeof(frame)) == sizeof(frame));
		MUST(send(s->wire, frame, sizeof(frame), 0) == sizeof(frame));
		REFUSED(close(s->wire));
	}
	return 0;
}

static void *
put_line(void *to)
{
	return fputs("line\n", to) == EOF || fflush(to) != 0 ? NULL : to;
}

static int
work_on(const struct scene *s)
{
	FILE *f = file_stream(s->file);
	char got[8] = "";
	void *done = NULL;
	pthread_t worker;

	MUST(f != NULL);
	MUST(pthread_create(&worker, NULL, put_line, f) == 0);
	MUST(pthread_join(worker, &done) == 0 && done == f);
	MUST(pread(s->file, got, sizeof(got), 0) == 5 && strcmp(got, "line\n") == 0);
	MUST(fprintf(stderr, "%s", "") == 0);
	MUST(fclose(f) == 0);
	return 0;
}

static int
run_a_program(const struct scene *s)
{
	char *none[] = {NULL};

	(void)s;
	return execve("/bin/true", none, none) == -1;
}

static int
touch_a_process(const struct scene *s)
{
	(void)s;
	return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == -1;
}

static int
write_to_a_process(const struct scene *s)
{
	(void)s;
	return process_vm_writev(getppid(), NULL, 0, NULL, 0, 0) == -1;
}

static int
go_round(const struct scene *s)
{
	(void)s;
	return syscall(SYS_io_uring_setup, 1, NULL) == -1;
}

static int
become_root(const struct scene *s)
{
	(void)s;
	return setuid(0) == -1;
}

static void
hostile_calls_end_the_process(void)
{
	int (*const act[])(const struct scene *) = {
	    run_a_program, touch_a_process, write_to_a_process, go_round, become_root};
	size_t i;
	int status;

	for (i = 0; sandbox_is_built() && i < sizeof(act) / sizeof(act[0]); i++) {
		status = inside(act[i], false);
		CU_ASSERT(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
	}
}

static void
nothing_reaches_the_wire(void)
{
	char frame[64] = "";
	int free_wire = open_wire();

	/* What is refused below works outside. */
	CU_ASSERT_EQUAL(write(free_wire, frame, sizeof(frame)), sizeof(frame));
	(void)close(free_wire);
	holds(try_to_transmit, false);
	holds(try_to_prepare_it, false);
	holds(try_to_lend_a_number, false);
}

static void
no_connection_is_made_or_taken(void)
{
	holds(try_to_connect, false);
}

static void
unlisted_calls_are_refused(void)
{
	holds(try_other_things, false);
}

static void
sockets_held_for_it_are_written_to(void)
{
	holds(speak_where_told, false);
	holds(speak_where_told, true);
}

static void
threads_and_files_work(void)
{
	holds(work_on, false);
}

static void
only_the_right_descriptors_are_held(void)
{
	struct sandbox_opts o = {.local = {STDIN_FILENO}, .n_local = 1};
	struct err e = {{0}};

	if (!sandbox_is_built())
		return;
	CU_ASSERT_EQUAL(sandbox_enter(&o, &e), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.text, "descriptor 0"));
}

void
suite_sandbox(void)
{
	CU_pSuite s = suite_new("sandbox");

	CASE(s, "nothing reaches the wire", nothing_reaches_the_wire);
	CASE(s, "no connection is made or taken", no_connection_is_made_or_taken);
	CASE(s, "hostile calls end the process", hostile_calls_end_the_process);
	CASE(s, "unlisted calls are refused", unlisted_calls_are_refused);
	CASE(s, "sockets held for it are written to", sockets_held_for_it_are_written_to);
	CASE(s, "threads and files work", threads_and_files_work);
	CASE(s, "only the right descriptors are held",
	    only_the_right_descriptors_are_held);
}
