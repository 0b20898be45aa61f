#define _GNU_SOURCE
#include "app/sandbox_rules.h"

#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/sockios.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>

/* Reasons are for doc/privileges.md, which repeats them word for word. */
static const struct sandbox_rule rules[] = {
    {"read readv pread64 lseek", SANDBOX_ALLOW, "",
	"state of interfaces below /sys; time zones"},
    {"recvfrom recvmsg", SANDBOX_ALLOW, "",
	"libpcap empties a socket after changing its filter"},
    {"pwrite64", SANDBOX_ALLOW, "", "everything written to files: sockets refuse it"},
    {"write writev", SANDBOX_OUT,
	"standard output and error, sockets to programs of this machine",
	"events and messages; a packet socket would transmit what is written to it"},
    {"sendto sendmsg", SANDBOX_SEND,
	"sockets to programs of this machine, and to send resets by",
	"the service manager and syslog, and enforcement, by sockets that were open "
	"before"},
    {"close", SANDBOX_KEEP, "no descriptor that may be written to",
	"else a packet socket could take its number"},
    {"open openat stat lstat fstat newfstatat statx access faccessat faccessat2 "
     "readlink readlinkat statfs fstatfs getcwd getdents64",
	SANDBOX_ALLOW, "",
	"output opened again; state of interfaces; the folder of rotated files"},
    {"rename renameat renameat2 unlink unlinkat fchmod ftruncate fallocate fsync "
     "fdatasync",
	SANDBOX_ALLOW, "",
	"status and metrics written whole, then renamed; rotation of captures"},
    {"fcntl", SANDBOX_CASES, "F_GETFD, F_SETFD, F_GETFL, F_SETFL",
	"capturing without blocking; streams of the C library"},
    {"poll ppoll select pselect6 epoll_create1 epoll_ctl epoll_wait epoll_pwait "
     "epoll_pwait2 eventfd2",
	SANDBOX_ALLOW, "", "waiting for frames; libpcap makes an event descriptor"},
    {"socket", SANDBOX_CASES, "AF_PACKET, AF_UNIX, AF_NETLINK for NETLINK_GENERIC",
	"an interface opened again; libpcap asks it by ioctl on one of the others"},
    {"bind getsockopt getsockname", SANDBOX_ALLOW, "", "to one interface; drops counted"},
    {"setsockopt", SANDBOX_CASES,
	"the capture ring, promiscuous mode, fanout, filter and time stamps; nothing "
	"about transmitting",
	"an interface opened again"},
    {"ioctl", SANDBOX_CASES,
	"SIOCGIFINDEX, SIOCGIFNAME, SIOCGIFFLAGS, SIOCGIFHWADDR, SIOCGIFMTU, "
	"SIOCETHTOOL, TCGETS, TIOCGWINSZ",
	"asking about an interface; width of a terminal"},
    {"mmap mprotect", SANDBOX_FENCE, "nothing becomes executable",
	"memory, stacks of threads, the capture ring"},
    {"munmap mremap madvise brk", SANDBOX_ALLOW, "", "memory"},
    {"clone", SANDBOX_CASES, "threads of this process, no new one", "workers"},
    {"clone3", SANDBOX_ABSENT, "answered with ENOSYS",
	"its flags cannot be looked at; the C library falls back to clone"},
    {"futex set_robust_list rseq membarrier sched_yield sched_getaffinity getcpu exit "
     "exit_group",
	SANDBOX_ALLOW, "", "threads: waiting for each other, and ending"},
    {"sched_setscheduler", SANDBOX_CASES, "back to the ordinary policy",
	"the thread that folds, once those that watch are started"},
    {"rt_sigaction rt_sigprocmask rt_sigreturn rt_sigtimedwait rt_sigpending "
     "sigaltstack restart_syscall",
	SANDBOX_ALLOW, "", "signals: HUP, USR1, USR2, TERM, INT"},
    {"tgkill", SANDBOX_SELF, "threads of this process", "abort"},
    {"clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time",
	SANDBOX_ALLOW, "", "time, where the kernel's page for it cannot be used"},
    {"timerfd_create timerfd_settime timerfd_gettime", SANDBOX_ALLOW, "",
	"waiting for a point in time"},
    {"getpid gettid getuid geteuid getgid getegid uname sysinfo getrusage", SANDBOX_ALLOW,
	"", "who and where we are, for messages and counters"},
    {"getrandom", SANDBOX_ALLOW, "", "seeds of hash tables; malloc"},
    {"prlimit64", SANDBOX_CASES, "asking, not setting", "the size of a thread's stack"},
    {"prctl", SANDBOX_CASES, "PR_SET_NAME", "names of threads"},
    {"execve execveat", SANDBOX_KILL, "", "no program is ever run"},
    {"ptrace process_vm_readv process_vm_writev pidfd_getfd kcmp", SANDBOX_KILL, "",
	"no other process is touched"},
    {"io_uring_setup io_uring_enter io_uring_register", SANDBOX_KILL, "",
	"it does what other system calls do, unseen"},
    {"setuid setgid setreuid setregid setresuid setresgid setgroups setfsuid setfsgid "
     "capset personality",
	SANDBOX_KILL, "", "who we are is settled"},
    {"mount umount2 pivot_root chroot setns unshare", SANDBOX_KILL, "",
	"the place we are in is settled"},
    {"bpf perf_event_open userfaultfd keyctl add_key request_key init_module "
     "finit_module delete_module kexec_load kexec_file_load reboot swapon swapoff",
	SANDBOX_KILL, "", "ways into the kernel"},
};

#define ALL_32 UINT64_C(0xffffffff)
#define ONE(n, v)                          \
	{                                  \
		(n), ALL_32, (uint64_t)(v) \
	}
#define CASE_1(c, n, v)           \
	{                         \
		(c), 1,           \
		{                 \
			ONE(n, v) \
		}                 \
	}
#define OPTION(l, o)                         \
	{                                    \
		"setsockopt", 2,             \
		{                            \
			ONE(1, l), ONE(2, o) \
		}                            \
	}

#define NEW_SPACES                                                                     \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | \
	    CLONE_NEWPID | CLONE_NEWNET)
#define THREAD (CLONE_VM | CLONE_THREAD | CLONE_SIGHAND)

static const struct sandbox_case cases[] = {
    CASE_1("fcntl", 1, F_GETFD),
    CASE_1("fcntl", 1, F_SETFD),
    CASE_1("fcntl", 1, F_GETFL),
    CASE_1("fcntl", 1, F_SETFL),
    CASE_1("socket", 0, AF_PACKET),
    CASE_1("socket", 0, AF_UNIX),
    {"socket", 2, {ONE(0, AF_NETLINK), ONE(2, NETLINK_GENERIC)}},
    OPTION(SOL_SOCKET, SO_ATTACH_FILTER),
    OPTION(SOL_SOCKET, SO_DETACH_FILTER),
    OPTION(SOL_SOCKET, SO_TIMESTAMP),
    OPTION(SOL_SOCKET, SO_TIMESTAMPNS),
    OPTION(SOL_SOCKET, SO_RCVBUF),
    OPTION(SOL_PACKET, PACKET_ADD_MEMBERSHIP),
    OPTION(SOL_PACKET, PACKET_DROP_MEMBERSHIP),
    OPTION(SOL_PACKET, PACKET_RX_RING),
    OPTION(SOL_PACKET, PACKET_VERSION),
    OPTION(SOL_PACKET, PACKET_RESERVE),
    OPTION(SOL_PACKET, PACKET_AUXDATA),
    OPTION(SOL_PACKET, PACKET_TIMESTAMP),
    OPTION(SOL_PACKET, PACKET_FANOUT),
    OPTION(SOL_PACKET, PACKET_FANOUT_DATA),
    OPTION(SOL_PACKET, PACKET_IGNORE_OUTGOING),
    CASE_1("ioctl", 1, SIOCGIFINDEX),
    CASE_1("ioctl", 1, SIOCGIFNAME),
    CASE_1("ioctl", 1, SIOCGIFFLAGS),
    CASE_1("ioctl", 1, SIOCGIFHWADDR),
    CASE_1("ioctl", 1, SIOCGIFMTU),
    CASE_1("ioctl", 1, SIOCETHTOOL),
    CASE_1("ioctl", 1, TCGETS),
    CASE_1("ioctl", 1, TIOCGWINSZ),
    {"mmap", 1, {{2, PROT_EXEC, PROT_EXEC}}},
    {"mprotect", 1, {{2, PROT_EXEC, PROT_EXEC}}},
    {"clone", 1, {{0, THREAD | NEW_SPACES, THREAD}}},
    {"prlimit64", 1, {{2, UINT64_MAX, 0}}},
    CASE_1("prctl", 0, PR_SET_NAME),
    CASE_1("sched_setscheduler", 1, SCHED_OTHER),
};

struct sandbox_rules
sandbox_rules(void)
{
	return (struct sandbox_rules){rules, sizeof(rules) / sizeof(rules[0])};
}

struct sandbox_cases
sandbox_cases(void)
{
	return (struct sandbox_cases){cases, sizeof(cases) / sizeof(cases[0])};
}
