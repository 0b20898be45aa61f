/* What is sent, by real sockets, in a network of this test's own; needs root. */
#define _GNU_SOURCE
#include "enforce/inject.h"

#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "enforce/reset.h"
#include "tests/counted.h"
#include "tests/starve.h"
#include "tests/suite.h"
#include "tests/wire.h"

#define WAIT_MS 2000
#define STEP_MS 5
#define NOBODY  65534

/* As linux/ipv6.h has it, which cannot stand beside netinet/in.h. */
struct address6 {
	struct in6_addr addr;
	uint32_t bits;
	int index;
};

/* A network with nothing in it but one interface, whose frames are read from fd. */
struct yard {
	int home; /* the network of before */
	int fd;
	int control, control6; /* sockets to set things up by */
	struct inject *in;
	char name[IFNAMSIZ];
};

static struct ifreq
request(const struct yard *y)
{
	struct ifreq r = {.ifr_flags = 0};

	memcpy(r.ifr_name, y->name, sizeof(r.ifr_name));
	return r;
}

static bool
set_up(const struct yard *y)
{
	struct ifreq r = request(y);

	r.ifr_flags = IFF_UP | IFF_RUNNING;
	return ioctl(y->control, SIOCSIFFLAGS, &r) == 0;
}

/* kind: IFF_TAP, which is Ethernet, or IFF_TUN, which is not. */
static bool
make(struct yard *y, const char *name, short kind)
{
	struct ifreq r;

	(void)snprintf(y->name, sizeof(y->name), "%s", name);
	r = request(y);
	r.ifr_flags = (short)(kind | IFF_NO_PI);
	y->fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
	return y->fd != -1 && ioctl(y->fd, TUNSETIFF, &r) == 0;
}

static void
yard_close(struct yard *y)
{
	inject_close(y->in);
	if (y->fd != -1)
		CU_ASSERT_EQUAL(close(y->fd), 0);
	if (y->control != -1)
		CU_ASSERT_EQUAL(close(y->control), 0);
	if (y->control6 != -1)
		CU_ASSERT_EQUAL(close(y->control6), 0);
	if (y->home == -1)
		return;
	CU_ASSERT_EQUAL(setns(y->home, CLONE_NEWNET), 0);
	CU_ASSERT_EQUAL(close(y->home), 0);
}

/* False where that cannot be had. */
static bool
yard_open(struct yard *y, const char *name, short kind)
{
	struct err e = {{0}};

	*y = (struct yard){.home = -1, .fd = -1, .control = -1, .control6 = -1};
	y->home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	if (y->home != -1 && unshare(CLONE_NEWNET) != 0) {
		(void)close(y->home);
		y->home = -1;
	}
	if (y->home != -1 && make(y, name, kind)) {
		y->control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		y->control6 = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		CU_ASSERT_EQUAL(inject_open(&y->in, &e), 0);
		return y->in != NULL;
	}
	(void)printf("skipped: no network of its own, or no interface in it\n");
	yard_close(y);
	return false;
}

/* Whether that comes out of the interface; the system says things of its own there. */
static bool
comes_out(const struct yard *y, struct bytes what)
{
	struct pollfd p = {.fd = y->fd, .events = POLLIN};
	uint8_t got[2048];
	ssize_t n;

	while (poll(&p, 1, WAIT_MS) == 1) {
		n = read(y->fd, got, sizeof(got));
		if (n >= 0 && (size_t)n == what.n && memcmp(got, what.p, what.n) == 0)
			return true;
	}
	return false;
}

static uint64_t
counted(const struct yard *y, const char *name)
{
	struct counters c = {.n = 0};

	inject_counters(y->in, &c);
	return counter_of(&c, name);
}

static void
a_frame_leaves_by_the_interface_as_it_is(void)
{
	uint8_t frame[64] = {2, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0, 7, 0x08, 0x00, 0x45};
	struct yard y;

	if (!yard_open(&y, "tap7", IFF_TAP))
		return;
	CU_ASSERT_TRUE(set_up(&y));
	CU_ASSERT_TRUE(inject_frame(y.in, "tap7", bytes_of(frame, sizeof(frame))));
	CU_ASSERT_TRUE(comes_out(&y, bytes_of(frame, sizeof(frame))));
	CU_ASSERT_EQUAL(counted(&y, "enforce.frames"), 1);
	CU_ASSERT_EQUAL(counted(&y, "enforce.frames_failed"), 0);
	yard_close(&y);
}

static void
what_cannot_leave_is_counted(void)
{
	uint8_t frame[64] = {2};
	struct yard y;

	if (!yard_open(&y, "tap7", IFF_TAP))
		return;
	/* It is not up; there is no such one; no such one can be; that is no frame. */
	CU_ASSERT_FALSE(inject_frame(y.in, "tap7", bytes_of(frame, sizeof(frame))));
	CU_ASSERT_FALSE(inject_frame(y.in, "tap8", bytes_of(frame, sizeof(frame))));
	CU_ASSERT_FALSE(inject_frame(
	    y.in, "a-name-too-long-for-any", bytes_of(frame, sizeof(frame))));
	CU_ASSERT_TRUE(set_up(&y));
	CU_ASSERT_FALSE(inject_frame(y.in, "tap7", bytes_of(frame, 13)));
	CU_ASSERT_EQUAL(counted(&y, "enforce.frames"), 0);
	CU_ASSERT_EQUAL(counted(&y, "enforce.frames_failed"), 4);
	yard_close(&y);
}

static void
an_interface_is_tried_by_a_frame_to_itself(void)
{
	uint8_t frame[60] = {0}, mac[6] = {0};
	struct err e = {{0}};
	struct yard y;

	if (!yard_open(&y, "tap7", IFF_TAP))
		return;
	CU_ASSERT_TRUE(inject_has(y.in, "tap7"));
	CU_ASSERT_FALSE(inject_has(y.in, "tap8"));
	CU_ASSERT_EQUAL(inject_probe(y.in, "tap8", &e), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.text, "tap8: resets cannot be sent"));
	e.text[0] = '\0';
	CU_ASSERT_EQUAL(inject_probe(y.in, "tap7", &e), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.text, "bring it up"));
	CU_ASSERT_TRUE(set_up(&y));
	CU_ASSERT_EQUAL(inject_probe(y.in, "tap7", &e), 0);
	CU_ASSERT_TRUE(inject_address(y.in, "tap7", mac));
	memcpy(frame, mac, sizeof(mac));
	memcpy(frame + 6, mac, sizeof(mac));
	frame[12] = 0x90;
	CU_ASSERT_TRUE(comes_out(&y, bytes_of(frame, sizeof(frame))));
	CU_ASSERT_FALSE(inject_address(y.in, "lo", mac));
	CU_ASSERT_FALSE(inject_address(y.in, "tap8", mac));
	yard_close(&y);
}

static void
frames_leave_by_ethernet_only(void)
{
	struct err e = {{0}};
	struct yard y;

	if (!yard_open(&y, "tun7", IFF_TUN))
		return;
	CU_ASSERT_TRUE(set_up(&y));
	CU_ASSERT_EQUAL(inject_probe(y.in, "tun7", &e), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.text, "no Ethernet"));
	CU_ASSERT_PTR_NOT_NULL(strstr(e.text, "--reset-interface"));
	yard_close(&y);
}

/* The system gives an IPv6 address to use a moment after it was set. */
static bool
has_way(const struct yard *y, const char *v6)
{
	struct endpoint to = wire_endpoint(v6, 0);
	struct sockaddr_in6 sin = {.sin6_family = AF_INET6, .sin6_port = htons(9)};
	int i;

	memcpy(&sin.sin6_addr, to.addr.v, sizeof(sin.sin6_addr));
	for (i = 0; i < WAIT_MS / STEP_MS; i++) {
		if (connect(y->control6, (const void *)&sin, sizeof(sin)) == 0)
			return true;
		(void)poll(NULL, 0, STEP_MS);
	}
	return false;
}

/* The interface's addresses, and so the ways to their networks. */
static bool
settle(const struct yard *y, const char *v4, const char *v6)
{
	struct endpoint a = wire_endpoint(v4, 0), b = wire_endpoint(v6, 0);
	struct address6 six = {.bits = 64, .index = (int)if_nametoindex(y->name)};
	struct ifreq r = request(y);
	struct sockaddr_in *sin = (void *)&r.ifr_addr;
	bool good;

	sin->sin_family = AF_INET;
	memcpy(&sin->sin_addr, a.addr.v + 12, 4);
	good = ioctl(y->control, SIOCSIFADDR, &r) == 0;
	r = request(y);
	sin->sin_family = AF_INET;
	sin->sin_addr.s_addr = htonl(0xffffff00);
	good = good && ioctl(y->control, SIOCSIFNETMASK, &r) == 0 && set_up(y);
	memcpy(&six.addr, b.addr.v, sizeof(six.addr));
	return good && ioctl(y->control6, SIOCSIFADDR, &six) == 0;
}

/* A reset to the server, in the client's name, as an IP packet. */
static struct reset_frame
bare(const char *client, const char *server)
{
	static const struct hash_key key = {{1, 2, 3, 4}};
	const struct reset_how how = {.layer = RESET_IP, .key = &key};
	struct reset_seat seat = {
	    .end = {{true, true, true, 1020, 1020, 64, {.known = false}},
		{true, true, true, 5001, 5001, 64, {.known = false}}},
	    .speaker = SIDE_CLIENT};
	struct reset_frame f[RESET_VOLLEY_MAX];
	size_t n, i;

	seat.tuple.client = wire_endpoint(client, 1025);
	seat.tuple.server = wire_endpoint(server, 1863);
	n = reset_build(&seat, &how, f);
	for (i = 0; i < n; i++)
		if (f[i].to == SIDE_SERVER)
			return f[i];
	abort();
}

static void
check_packet(const struct yard *y, const char *client, const char *server)
{
	struct endpoint to = wire_endpoint(server, 0);
	struct reset_frame f = bare(client, server);

	CU_ASSERT_TRUE(inject_packet(y->in, &to.addr, bytes_of(f.octets, f.n)));
	CU_ASSERT_TRUE(comes_out(y, bytes_of(f.octets, f.n)));
}

static void
a_packet_finds_its_way_in_anothers_name(void)
{
	struct endpoint nowhere = wire_endpoint("192.0.2.1", 0);
	struct reset_frame f = bare("10.1.0.7", "192.0.2.1");
	struct yard y;

	if (!yard_open(&y, "tun7", IFF_TUN))
		return;
	CU_ASSERT_FALSE(inject_packet(y.in, &nowhere.addr, bytes_of(f.octets, f.n)));
	CU_ASSERT_TRUE(settle(&y, "198.51.100.1", "2001:db8:1::1"));
	CU_ASSERT_TRUE(has_way(&y, "2001:db8:1::50"));
	check_packet(&y, "10.1.0.7", "198.51.100.50");
	check_packet(&y, "2001:db8:2::7", "2001:db8:1::50");
	CU_ASSERT_EQUAL(counted(&y, "enforce.frames"), 2);
	CU_ASSERT_EQUAL(counted(&y, "enforce.frames_failed"), 1);
	yard_close(&y);
}

static void
its_sockets_are_there_to_be_named(void)
{
	int fd[INJECT_SOCKETS];
	struct yard y;
	size_t n, i;

	if (!yard_open(&y, "tun7", IFF_TUN))
		return;
	n = inject_sockets(y.in, fd);
	CU_ASSERT_TRUE(n >= 1);
	for (i = 0; i < n; i++) {
		CU_ASSERT_EQUAL(fcntl(fd[i], F_GETFD), FD_CLOEXEC);
		CU_ASSERT_TRUE(i == 0 || fd[i] != fd[i - 1]);
	}
	yard_close(&y);
}

static void
who_may_not_or_has_no_memory_is_told_so(void)
{
	bool root = geteuid() == 0;
	struct err e = {{0}};
	struct inject *in;

	starve_after(0);
	CU_ASSERT_EQUAL(inject_open(&in, &e), -1);
	CU_ASSERT_TRUE(starve_end());
	CU_ASSERT_PTR_NOT_NULL(strstr(e.text, "out of memory"));
	e.text[0] = '\0';
	if (root && seteuid(NOBODY) != 0)
		return;
	CU_ASSERT_EQUAL(inject_open(&in, &e), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.text, "CAP_NET_RAW"));
	if (root)
		CU_ASSERT_EQUAL(seteuid(0), 0);
	inject_close(NULL);
}

void
suite_inject(void)
{
	CU_pSuite s = suite_new("inject");

	CASE(s, "a frame leaves by the interface as it is",
	    a_frame_leaves_by_the_interface_as_it_is);
	CASE(s, "what cannot leave is counted", what_cannot_leave_is_counted);
	CASE(s, "an interface is tried by a frame to itself",
	    an_interface_is_tried_by_a_frame_to_itself);
	CASE(s, "frames leave by Ethernet only", frames_leave_by_ethernet_only);
	CASE(s, "a packet finds its way in another's name",
	    a_packet_finds_its_way_in_anothers_name);
	CASE(s, "its sockets are there to be named", its_sockets_are_there_to_be_named);
	CASE(s, "who may not, or has no memory, is told so",
	    who_may_not_or_has_no_memory_is_told_so);
}
