#define _DEFAULT_SOURCE
#include "enforce/inject.h"

#include <errno.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <netpacket/packet.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAC_SIZE        6
#define ETHERNET_HEADER 14
#define ETHERNET_LEAST  60

struct inject {
	int link, v4, v6;
	atomic_uint_fast64_t sent, failed;
};

static int
open_one(int *fd, int family, int protocol, struct err *e)
{
	*fd = socket(family, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
	if (*fd != -1 || (family != AF_PACKET && errno == EAFNOSUPPORT))
		return 0;
	return err_sys(e, errno,
	    "no socket to send resets by, which takes CAP_NET_RAW; run as root, or grant "
	    "it "
	    "with: setcap cap_net_raw+ep \"$(command -v msnwatch)\"");
}

/*
 * Protocol 0 on the link: nothing is received.  IPPROTO_RAW receives nothing either, and
 * wants the header that it is given.  A service that may have no such sockets does
 * without, and so does a machine without IPv6.
 */
int
inject_open(struct inject **out, struct err *e)
{
	struct inject *in = malloc(sizeof(*in));

	if (in == NULL)
		return err_set(e, "out of memory for what sends");
	in->link = in->v4 = in->v6 = -1;
	atomic_init(&in->sent, 0);
	atomic_init(&in->failed, 0);
	if (open_one(&in->link, AF_PACKET, 0, e) != 0 ||
	    open_one(&in->v4, AF_INET, IPPROTO_RAW, e) != 0 ||
	    open_one(&in->v6, AF_INET6, IPPROTO_RAW, e) != 0) {
		inject_close(in);
		return -1;
	}
	/* Frames go to the driver at once: no queue may hold them back. */
	(void)setsockopt(
	    in->link, SOL_PACKET, PACKET_QDISC_BYPASS, &(int){1}, sizeof(int));
	*out = in;
	return 0;
}

static void
close_one(int fd)
{
	if (fd != -1)
		(void)close(fd);
}

void
inject_close(struct inject *in)
{
	if (in == NULL)
		return;
	close_one(in->link);
	close_one(in->v4);
	close_one(in->v6);
	free(in);
}

size_t
inject_sockets(const struct inject *in, int fd[INJECT_SOCKETS])
{
	size_t n = 0;

	fd[n++] = in->link;
	if (in->v4 != -1)
		fd[n++] = in->v4;
	if (in->v6 != -1)
		fd[n++] = in->v6;
	return n;
}

/* Asked each time: an interface that went away and came back has another number. */
static int
ask(const struct inject *in, const char *interface, unsigned long what, struct ifreq *r)
{
	memset(r, 0, sizeof(*r));
	if (strlen(interface) >= sizeof(r->ifr_name)) {
		errno = ENODEV;
		return -1;
	}
	memcpy(r->ifr_name, interface, strlen(interface));
	return ioctl(in->link, what, r);
}

bool
inject_has(const struct inject *in, const char *interface)
{
	struct ifreq r;

	return ask(in, interface, SIOCGIFINDEX, &r) == 0;
}

static bool
send_frame(const struct inject *in, const char *interface, struct bytes frame)
{
	struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_halen = MAC_SIZE};
	struct ifreq r;

	if (frame.n < ETHERNET_HEADER || ask(in, interface, SIOCGIFINDEX, &r) != 0)
		return false;
	to.sll_ifindex = r.ifr_ifindex;
	to.sll_protocol = htons(load_be16(frame.p + 12));
	memcpy(to.sll_addr, frame.p, MAC_SIZE);
	return sendto(in->link, frame.p, frame.n, MSG_DONTWAIT,
		   (const struct sockaddr *)&to, sizeof(to)) == (ssize_t)frame.n;
}

int
inject_probe(const struct inject *in, const char *interface, struct err *e)
{
	uint8_t frame[ETHERNET_LEAST] = {0};
	struct ifreq r;

	if (ask(in, interface, SIOCGIFHWADDR, &r) != 0)
		return err_sys(e, errno, "%.60s: resets cannot be sent", interface);
	if (r.ifr_hwaddr.sa_family != ARPHRD_ETHER &&
	    r.ifr_hwaddr.sa_family != ARPHRD_LOOPBACK)
		return err_set(e,
		    "%.60s: no Ethernet, so resets cannot be sent there; name an "
		    "interface "
		    "that can with --reset-interface",
		    interface);
	memcpy(frame, r.ifr_hwaddr.sa_data, MAC_SIZE);
	memcpy(frame + MAC_SIZE, r.ifr_hwaddr.sa_data, MAC_SIZE);
	frame[12] = 0x90;
	if (send_frame(in, interface, bytes_of(frame, sizeof(frame))))
		return 0;
	return err_sys(e, errno,
	    "%.60s: resets cannot be sent; bring it up, name another interface with "
	    "--reset-interface, or watch only, with --enforce dry-run",
	    interface);
}

bool
inject_address(const struct inject *in, const char *interface, uint8_t mac[6])
{
	struct ifreq r;

	if (ask(in, interface, SIOCGIFHWADDR, &r) != 0 ||
	    r.ifr_hwaddr.sa_family != ARPHRD_ETHER)
		return false;
	memcpy(mac, r.ifr_hwaddr.sa_data, MAC_SIZE);
	return true;
}

static bool
count(struct inject *in, bool sent)
{
	atomic_fetch_add_explicit(
	    sent ? &in->sent : &in->failed, 1, memory_order_relaxed);
	return sent;
}

bool
inject_frame(struct inject *in, const char *interface, struct bytes frame)
{
	return count(in, send_frame(in, interface, frame));
}

bool
inject_packet(struct inject *in, const struct addr *to, struct bytes packet)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
	const struct sockaddr *sa = (const struct sockaddr *)&v6;
	socklen_t size = sizeof(v6);
	int fd = in->v6;

	memcpy(&v6.sin6_addr, to->v, sizeof(v6.sin6_addr));
	if (addr_is_v4(to)) {
		memcpy(&v4.sin_addr, to->v + 12, sizeof(v4.sin_addr));
		sa = (const struct sockaddr *)&v4;
		size = sizeof(v4);
		fd = in->v4;
	}
	return count(in,
	    sendto(fd, packet.p, packet.n, MSG_DONTWAIT, sa, size) == (ssize_t)packet.n);
}

void
inject_counters(const struct inject *in, struct counters *to)
{
	counters_add(to, "enforce.frames", "resets put on the wire",
	    atomic_load_explicit(&in->sent, memory_order_relaxed));
	counters_add(to, "enforce.frames_failed", "resets that the system did not take",
	    atomic_load_explicit(&in->failed, memory_order_relaxed));
}
