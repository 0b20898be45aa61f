#define _DEFAULT_SOURCE
#include "capture/fanout.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"

/* Classic BPF, as the kernel has it; offsets are those of the network header. */
#define NET(offset)   ((uint32_t)SKF_NET_OFF + (offset))
#define WORD(offset)  BPF_STMT(BPF_LD | BPF_W | BPF_ABS, NET(offset))
#define HALF(offset)  BPF_STMT(BPF_LD | BPF_H | BPF_ABS, NET(offset))
#define OCTET(offset) BPF_STMT(BPF_LD | BPF_B | BPF_ABS, NET(offset))
#define PUT(cell)     BPF_STMT(BPF_ST, cell)

/* A step that goes to one of two others. */
#define GO(at, how, value, then, other) \
	[at] = BPF_JUMP(BPF_JMP | (how) | BPF_K, value, (then) - (at)-1, (other) - (at)-1)
#define IF(at, value, then, other) GO(at, BPF_JEQ, value, then, other)

/* Adds the word at offset to what is gathered. */
#define GATHER(offset)                                 \
	BPF_STMT(BPF_MISC | BPF_TAX, 0), WORD(offset), \
	    BPF_STMT(BPF_ALU | BPF_XOR | BPF_X, 0)

/* Behind the network header, whose length is in X. */
#define PORT(offset) BPF_STMT(BPF_LD | BPF_H | BPF_IND, NET(offset))
#define PORT_SRC     PORT(0)
#define PORT_DST     PORT(2)

#define PROTO_TCP 6
#define GATEWAY   80
#define MSNP      1863

/* Cells: what is left of either address. */
enum { SRC, DST };

/* Where the program goes on. */
enum {
	OTHER_THAN_IPV4 = 11,
	NEITHER = 12,
	IPV6 = 13,
	PORTS = 38,
	SRC_IS_GATEWAY = 46,
	SRC_IS_MSNP = 48,
	FORGET_SRC = 50,
	FORGET_DST = 53,
	NUMBER = 55,
};

/*
 * The packet's number is made of both addresses, whichever sends; of the client's alone
 * when one port tells which that is.  A packet of neither protocol goes to the first
 * reader.  A product's upper bits depend on every bit of what is multiplied.
 */
static const struct sock_filter number_of[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_PROTOCOL)),
    IF(1, ETH_P_IP, 2, OTHER_THAN_IPV4),
    [2] = WORD(12),
    PUT(SRC),
    WORD(16),
    PUT(DST),
    BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, NET(0)),
    HALF(6),
    GO(8, BPF_JSET, 0x3fff, NUMBER, 9), /* a piece: the others have no ports */
    [9] = OCTET(9),
    IF(10, PROTO_TCP, PORTS, NUMBER),
    IF(OTHER_THAN_IPV4, ETH_P_IPV6, IPV6, NEITHER),
    [NEITHER] = BPF_STMT(BPF_RET | BPF_K, 0),
    [IPV6] = WORD(8),
    GATHER(12),
    GATHER(16),
    GATHER(20),
    PUT(SRC),
    WORD(24),
    GATHER(28),
    GATHER(32),
    GATHER(36),
    PUT(DST),
    BPF_STMT(BPF_LDX | BPF_IMM, 40),
    OCTET(6),
    IF(37, PROTO_TCP, PORTS, NUMBER),
    [PORTS] = PORT_SRC,
    IF(39, GATEWAY, SRC_IS_GATEWAY, 40),
    [40] = PORT_DST,
    IF(41, GATEWAY, FORGET_DST, 42),
    [42] = PORT_SRC,
    IF(43, MSNP, SRC_IS_MSNP, 44),
    [44] = PORT_DST,
    IF(45, MSNP, FORGET_DST, NUMBER),
    [SRC_IS_GATEWAY] = PORT_DST,
    IF(47, GATEWAY, NUMBER, FORGET_SRC),
    [SRC_IS_MSNP] = PORT_DST,
    IF(49, MSNP, NUMBER, FORGET_SRC),
    [FORGET_SRC] = BPF_STMT(BPF_LD | BPF_IMM, 0),
    PUT(SRC),
    BPF_STMT(BPF_JMP | BPF_JA, NUMBER - 53),
    [FORGET_DST] = BPF_STMT(BPF_LD | BPF_IMM, 0),
    PUT(DST),
    [NUMBER] = BPF_STMT(BPF_LD | BPF_MEM, SRC),
    BPF_STMT(BPF_LDX | BPF_MEM, DST),
    BPF_STMT(BPF_ALU | BPF_XOR | BPF_X, 0),
    BPF_STMT(BPF_ALU | BPF_MUL | BPF_K, 0x9e3779b1),
    BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 16),
    BPF_STMT(BPF_RET | BPF_A, 0),
};

void
fanout_init(struct fanout *f)
{
	*f = (struct fanout){.id = 0};
	(void)pthread_mutex_init(&f->lock, NULL);
}

/* The first one lets the kernel find a number that nobody else uses. */
static int
join(struct fanout *f, int fd)
{
	struct sock_filter steps[sizeof(number_of) / sizeof(number_of[0])];
	const struct sock_fprog code = {sizeof(steps) / sizeof(steps[0]), steps};
	uint32_t how = PACKET_FANOUT_CBPF, now = 0;
	socklen_t size = sizeof(now);

	memcpy(steps, number_of, sizeof(steps));
	if (f->members == 0)
		how |= PACKET_FANOUT_FLAG_UNIQUEID;
	how = how << 16 | (f->members == 0 ? 0 : f->id);
	if (setsockopt(fd, SOL_PACKET, PACKET_FANOUT, &how, sizeof(how)) != 0 ||
	    getsockopt(fd, SOL_PACKET, PACKET_FANOUT, &now, &size) != 0 ||
	    setsockopt(fd, SOL_PACKET, PACKET_FANOUT_DATA, &code, sizeof(code)) != 0)
		return -1;
	f->id = (uint16_t)now;
	f->members++;
	atomic_store_explicit(&f->since, clock_wall(), memory_order_relaxed);
	return 0;
}

int
fanout_join(struct fanout *f, int fd, struct err *e)
{
	int r, code;

	(void)pthread_mutex_lock(&f->lock);
	r = join(f, fd);
	code = errno;
	(void)pthread_mutex_unlock(&f->lock);
	return r == 0
		   ? 0
		   : err_sys(e, code, "the kernel does not deal packets out to workers");
}

void
fanout_leave(struct fanout *f)
{
	(void)pthread_mutex_lock(&f->lock);
	f->members--;
	(void)pthread_mutex_unlock(&f->lock);
}
