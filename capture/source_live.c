#define _DEFAULT_SOURCE
#include "capture/source_live.h"

#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>

#define SNAPLEN 262144
#define IFF_UP  1UL /* as the kernel has it */

/* The kernel hands a block over when it is full, or after that. */
#define RETIRE_MS 50

struct live {
	pcap_t *pcap;
	int fd;
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

/* The ring and what frames are wanted; the order is libpcap's. */
static enum live_state
activate(pcap_t *p, const struct live_opts *o, struct err *e)
{
	struct bpf_program code;
	char why[PCAP_ERRBUF_SIZE];
	int status;

	(void)pcap_set_snaplen(p, SNAPLEN);
	(void)pcap_set_promisc(p, 1);
	(void)pcap_set_timeout(p, RETIRE_MS);
	(void)pcap_set_buffer_size(p, (int)o->ring);
	(void)pcap_set_tstamp_precision(p, PCAP_TSTAMP_PRECISION_NANO);
	status = pcap_activate(p);
	if (status < 0)
		return explain(o, p, status, e);
	if (o->filter != NULL) {
		if (pcap_compile(p, &code, o->filter, 1, PCAP_NETMASK_UNKNOWN) != 0) {
			(void)err_set(
			    e, "filter \"%.200s\": %.150s", o->filter, pcap_geterr(p));
			return LIVE_WRONG;
		}
		status = pcap_setfilter(p, &code);
		pcap_freecode(&code);
		if (status != 0)
			return explain(o, p, status, e);
	}
	if (pcap_setnonblock(p, 1, why) != 0) {
		(void)err_set(e, "%s: %.150s", o->interface, why);
		return LIVE_WRONG;
	}
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
	free(l);
}

enum live_state
live_next(struct live *l, const struct frame **out, struct err *e)
{
	struct pcap_pkthdr *h;
	const u_char *data;
	int r = pcap_next_ex(l->pcap, &h, &data);

	if (r == 0)
		return LIVE_QUIET;
	if (r < 0) {
		(void)err_set(e, "%s: %.150s", l->frame.origin, pcap_geterr(l->pcap));
		return LIVE_AWAY;
	}
	l->frame.data = bytes_of(data, h->caplen);
	l->frame.wire_len = h->len > h->caplen ? h->len : h->caplen;
	/* With that precision the fraction is nanoseconds. */
	l->frame.ts = (int64_t)h->ts.tv_sec * NS_PER_S + h->ts.tv_usec;
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
