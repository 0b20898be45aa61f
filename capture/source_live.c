#define _DEFAULT_SOURCE
#include "capture/source_live.h"

#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>

#define SNAPLEN 262144

/* The ring then has slots of one size each. */
#define SNAPLEN_AT_ONCE 2048

#define IFF_UP 1UL /* as the kernel has it */

#define FILTER_TEXT_MAX 8192

/* The kernel hands a block over when it is full, or after that. */
#define RETIRE_MS 50

struct live {
	pcap_t *pcap;
	int fd;
	struct fanout *fanout; /* NULL: not joined */
	struct frame frame;
	struct live_counts counts;
};

static enum live_state
explain(const struct live_opts *o, pcap_t *p, int status, struct err *e)
{
	const char *why = pcap_geterr(p);

	switch (status) {
	case PCAP_ERROR_NO_SUCH_DEVICE:
		(void)err_set(e, "%s: there is no such interface", o->interface);
		return LIVE_AWAY;
	case PCAP_ERROR_IFACE_NOT_UP:
		(void)err_set(e,
		    "%s: the interface is down; 'ip link set %s up' brings it up",
		    o->interface, o->interface);
		return LIVE_AWAY;
	case PCAP_ERROR_PERM_DENIED:
	case PCAP_ERROR_PROMISC_PERM_DENIED:
		(void)err_set(e,
		    "%s: no permission to capture, which takes CAP_NET_RAW; run as root, "
		    "or "
		    "grant it with: setcap cap_net_raw+ep \"$(command -v msnwatch)\"",
		    o->interface);
		return LIVE_WRONG;
	default:
		(void)err_set(e, "%s: cannot be watched: %.150s", o->interface,
		    why[0] != '\0' ? why : pcap_statustostr(status));
		return LIVE_WRONG;
	}
}

/* The filter for a part of what the user's filter lets pass. */
static void
filter_of(const struct live_opts *o, char *out, size_t size)
{
	static const char common[] = "(port 53 or icmp or icmp6 or "
				     "(udp and ip[6:2] & 0x1fff != 0) or "
				     "(ip6 and ip6[6] = 44))";
	const char *of_user = o->filter != NULL ? o->filter : "";
	const char *and = o->filter != NULL ? ") and (" : "";
	const char *not = o->part == LIVE_SHARE ? "not " : "";

	if (o->part == LIVE_ALL)
		(void)snprintf(out, size, "%s", of_user);
	else
		(void)snprintf(out, size, "(%s%s%s%s)", of_user, and, not, common);
}

static enum live_state
set_filter(pcap_t *p, const struct live_opts *o, struct err *e)
{
	struct bpf_program code;
	char text[FILTER_TEXT_MAX];
	int status;

	filter_of(o, text, sizeof(text));
	if (text[0] == '\0')
		return LIVE_OK;
	if (pcap_compile(p, &code, text, 1, PCAP_NETMASK_UNKNOWN) != 0) {
		(void)err_set(e, "filter \"%.200s\": %.150s",
		    o->filter != NULL ? o->filter : text, pcap_geterr(p));
		return LIVE_WRONG;
	}
	status = pcap_setfilter(p, &code);
	pcap_freecode(&code);
	return status != 0 ? explain(o, p, status, e) : LIVE_OK;
}

/* The ring and what frames are wanted; the order is libpcap's. */
static enum live_state
activate(pcap_t *p, const struct live_opts *o, struct err *e)
{
	bool at_once = o->at_once || o->part == LIVE_COMMON;
	char why[PCAP_ERRBUF_SIZE];
	int status;

	(void)pcap_set_snaplen(p, at_once ? SNAPLEN_AT_ONCE : SNAPLEN);
	(void)pcap_set_immediate_mode(p, at_once);
	(void)pcap_set_promisc(p, 1);
	(void)pcap_set_timeout(p, RETIRE_MS);
	(void)pcap_set_buffer_size(p, (int)o->ring);
	(void)pcap_set_tstamp_precision(p, PCAP_TSTAMP_PRECISION_NANO);
	status = pcap_activate(p);
	if (status < 0)
		return explain(o, p, status, e);
	if (pcap_setnonblock(p, 1, why) != 0) {
		(void)err_set(e, "%s: %.150s", o->interface, why);
		return LIVE_WRONG;
	}
	return set_filter(p, o, e);
}

static enum live_state
join(struct live *l, const struct live_opts *o, struct err *e)
{
	struct err why = {{0}};

	if (o->part != LIVE_SHARE)
		return LIVE_OK;
	if (fanout_join(o->fanout, pcap_fileno(l->pcap), &why) != 0) {
		(void)err_set(
		    e, "%s: %.200s; watch it with one worker", o->interface, why.text);
		return LIVE_WRONG;
	}
	l->fanout = o->fanout;
	return LIVE_OK;
}

enum live_state
live_open(struct live **out, const struct live_opts *opts, struct err *e)
{
	char why[PCAP_ERRBUF_SIZE];
	struct live *l = calloc(1, sizeof(*l));
	enum live_state s;

	if (l == NULL || (l->pcap = pcap_create(opts->interface, why)) == NULL) {
		(void)err_set(e, "%s: cannot be watched: %.150s", opts->interface,
		    l == NULL ? "out of memory" : why);
		free(l);
		return LIVE_WRONG;
	}
	s = activate(l->pcap, opts, e);
	if (s == LIVE_OK)
		s = join(l, opts, e);
	if (s != LIVE_OK) {
		live_close(l);
		return s;
	}
	l->fd = pcap_get_selectable_fd(l->pcap);
	l->frame.linktype = pcap_datalink(l->pcap);
	l->frame.origin = opts->interface;
	*out = l;
	return LIVE_OK;
}

void
live_close(struct live *l)
{
	if (l == NULL)
		return;
	pcap_close(l->pcap);
	if (l->fanout != NULL)
		fanout_leave(l->fanout);
	free(l);
}

/* With that precision the fraction is nanoseconds. */
static int64_t
time_of(const struct pcap_pkthdr *h)
{
	return (int64_t)h->ts.tv_sec * NS_PER_S + h->ts.tv_usec;
}

static bool
is_early(const struct live *l, const struct pcap_pkthdr *h)
{
	return time_of(h) < atomic_load_explicit(&l->fanout->since, memory_order_relaxed);
}

enum live_state
live_next(struct live *l, const struct frame **out, struct err *e)
{
	struct pcap_pkthdr *h;
	const u_char *data;
	int r;

	do
		r = pcap_next_ex(l->pcap, &h, &data);
	while (r == 1 && l->fanout != NULL && is_early(l, h));
	if (r == 0)
		return LIVE_QUIET;
	if (r < 0) {
		(void)err_set(e, "%s: %.150s", l->frame.origin, pcap_geterr(l->pcap));
		return LIVE_AWAY;
	}
	l->frame.data = bytes_of(data, h->caplen);
	l->frame.wire_len = h->len > h->caplen ? h->len : h->caplen;
	l->frame.ts = time_of(h);
	l->frame.number++;
	*out = &l->frame;
	return LIVE_OK;
}

int
live_fd(const struct live *l)
{
	return l->fd;
}

bool
live_is_up(const struct live *l)
{
	char path[128], flags[32] = "";
	FILE *f;

	(void)snprintf(path, sizeof(path), "/sys/class/net/%.64s/flags", l->frame.origin);
	f = fopen(path, "re");
	if (f == NULL)
		return true;
	if (fgets(flags, sizeof(flags), f) == NULL)
		flags[0] = '\0';
	(void)fclose(f);
	return flags[0] == '\0' || (strtoul(flags, NULL, 16) & IFF_UP) != 0;
}

/* The library counts in 32 bits, which a busy port passes in an hour. */
static void
go_on(uint64_t *count, uint32_t now)
{
	*count += (uint32_t)(now - (uint32_t)*count);
}

void
live_counts(struct live *l, struct live_counts *out)
{
	struct pcap_stat st;

	if (pcap_stats(l->pcap, &st) == 0) {
		go_on(&l->counts.seen, st.ps_recv);
		go_on(&l->counts.ring, st.ps_drop);
		go_on(&l->counts.adapter, st.ps_ifdrop);
	}
	*out = l->counts;
}
