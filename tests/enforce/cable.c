/*
 * A cable between two interfaces of a namespace that does to frames what some
 * networks do.  eth1 is the near end, where a host is, eth0 the far end.
 *
 * usage: cable [-t TPIDVID]... [-w] [-l PERCENT] [-d MICROSECONDS]
 *   -t  frames bear this tag (eight hexadecimal digits) at the far end
 *   -w  sequence numbers of the host begin just below 2^32 there
 *   -l  so many segments with data are lost, either way
 *   -d  frames take so long
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "shape.h"
#include "talk.h"

#define FAR     0
#define NEAR    1
#define WAITING 16384

struct waiting {
	struct shape_frame frame;
	int64_t due;
	int side; /* that it goes out by */
};

struct cable {
	int fds[2];
	uint32_t tags[SHAPE_TAGS];
	size_t n_tags;
	struct shape_wraps *wraps;
	int lost;
	int64_t delay;
	struct waiting *queue;
	size_t first, n_waiting;
	unsigned chance;
};

static int
plug(const char *interface)
{
	const struct sockaddr_ll here = {.sll_family = AF_PACKET,
	    .sll_protocol = htons(ETH_P_ALL),
	    .sll_ifindex = (int)if_nametoindex(interface)};
	const struct packet_mreq all = {
	    .mr_ifindex = here.sll_ifindex, .mr_type = PACKET_MR_PROMISC};
	const int one = 1, room = 16 << 20;
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, 0);

	if (fd == -1 || here.sll_ifindex == 0 ||
	    setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof(one)) == -1 ||
	    setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &one, sizeof(one)) == -1 ||
	    setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof(all)) == -1 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) == -1 ||
	    bind(fd, (const struct sockaddr *)&here, sizeof(here)) == -1) {
		perror(interface);
		exit(1);
	}
	return fd;
}

/* Puts back the tag that the kernel takes off what it receives. */
static void
retag(struct shape_frame *f, struct msghdr *m)
{
	struct tpacket_auxdata aux;
	uint32_t tag;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c != NULL; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level != SOL_PACKET || c->cmsg_type != PACKET_AUXDATA)
			continue;
		memcpy(&aux, CMSG_DATA(c), sizeof(aux));
		if ((aux.tp_status & TP_STATUS_VLAN_VALID) == 0)
			continue;
		tag =
		    (uint32_t)(aux.tp_vlan_tpid == 0 ? ETHERTYPE_VLAN : aux.tp_vlan_tpid)
			<< 16 |
		    aux.tp_vlan_tci;
		shape_tag(f, &tag, 1);
	}
}

static bool
receive(int fd, struct shape_frame *f)
{
	char control[CMSG_SPACE(sizeof(struct tpacket_auxdata))];
	struct iovec piece = {f->bytes, sizeof(f->bytes) - 4};
	struct msghdr m = {.msg_iov = &piece,
	    .msg_iovlen = 1,
	    .msg_control = control,
	    .msg_controllen = sizeof(control)};
	const ssize_t n = recvmsg(fd, &m, 0);

	if (n <= 0)
		return false;
	f->size = (size_t)n;
	retag(f, &m);
	return true;
}

static void
deliver(const struct cable *c, const struct shape_frame *f, int side)
{
	if (send(c->fds[side], f->bytes, f->size, 0) == -1 && errno != ENOBUFS &&
	    errno != EAGAIN) {
		perror("cable: send");
		exit(1);
	}
}

/* What becomes of a frame from one side on its way to the other; false: it is lost. */
static bool
pass(struct cable *c, struct shape_frame *f, int from)
{
	struct shape_tcp tcp;

	if (from == FAR && !shape_untag(f, c->tags, c->n_tags))
		return false;
	if (shape_tcp(f, &tcp)) {
		c->chance = c->chance * 1103515245 + 12345;
		if (tcp.payload > 0 && (int)(c->chance >> 16) % 100 < c->lost)
			return false;
		if (c->wraps != NULL)
			shape_wrap(c->wraps, &tcp, from == NEAR);
	}
	if (from == NEAR)
		shape_tag(f, c->tags, c->n_tags);
	return true;
}

static void
hold(struct cable *c, const struct shape_frame *f, int side)
{
	struct waiting *at;

	if (c->n_waiting == WAITING)
		return;
	at = &c->queue[(c->first + c->n_waiting++) % WAITING];
	memcpy(at->frame.bytes, f->bytes, f->size);
	at->frame.size = f->size;
	at->due = talk_us() + c->delay;
	at->side = side;
}

static void
take(struct cable *c, int from)
{
	struct shape_frame f;

	while (receive(c->fds[from], &f)) {
		if (!pass(c, &f, from))
			continue;
		if (c->delay > 0)
			hold(c, &f, 1 - from);
		else
			deliver(c, &f, 1 - from);
	}
}

/* Delivers what is due; how long the next has to wait, or none: -1. */
static int64_t
release(struct cable *c)
{
	int64_t left = -1;

	while (c->n_waiting > 0) {
		const struct waiting *at = &c->queue[c->first];

		left = at->due - talk_us();
		if (left > 0)
			return left;
		deliver(c, &at->frame, at->side);
		c->first = (c->first + 1) % WAITING;
		c->n_waiting--;
		left = -1;
	}
	return left;
}

static void
run(struct cable *c)
{
	struct pollfd fds[2] = {
	    {.fd = c->fds[0], .events = POLLIN}, {.fd = c->fds[1], .events = POLLIN}};
	struct timespec wait = {0};
	int64_t left;

	for (;;) {
		left = release(c);
		wait.tv_sec = (time_t)(left / 1000000);
		wait.tv_nsec = (long)(left % 1000000) * 1000;
		if (ppoll(fds, 2, left < 0 ? NULL : &wait, NULL) == -1 && errno != EINTR)
			return;
		for (int i = 0; i < 2; i++) {
			if ((fds[i].revents & POLLIN) != 0)
				take(c, i);
		}
	}
}

static int
usage(void)
{
	(void)fputs(
	    "usage: cable [-t TPIDVID]... [-w] [-l PERCENT] [-d MICROSECONDS]\n", stderr);
	return 2;
}

int
main(int argc, char **argv)
{
	struct cable c = {.chance = 1};
	int option;

	while ((option = getopt(argc, argv, "t:wl:d:")) != -1) {
		if (option == 't' && c.n_tags < SHAPE_TAGS)
			c.tags[c.n_tags++] = (uint32_t)strtoul(optarg, NULL, 16);
		else if (option == 'w')
			c.wraps = shape_wraps_open();
		else if (option == 'l')
			c.lost = atoi(optarg);
		else if (option == 'd')
			c.delay = atol(optarg);
		else
			return usage();
	}
	c.queue = calloc(WAITING, sizeof(*c.queue));
	if (c.queue == NULL)
		return 1;
	c.fds[FAR] = plug("eth0");
	c.fds[NEAR] = plug("eth1");
	printf("ready\n");
	(void)fflush(stdout);
	run(&c);
	free(c.queue);
	shape_wraps_close(c.wraps);
	return 1;
}
