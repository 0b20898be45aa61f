#define _DEFAULT_SOURCE
#include "capture/source_filter.h"

#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>

struct program {
	int linktype;
	bool compiled;
	struct bpf_program code;
};

struct filter {
	struct program programs[FILTER_LINKTYPES_MAX];
	size_t n;
	char expression[];
};

/* The others have one number. */
static const struct {
	int file;
	int dlt;
} numbers[] = {
    {100, DLT_ATM_RFC1483},
    {101, DLT_RAW},
    {102, DLT_SLIP_BSDOS},
    {103, DLT_PPP_BSDOS},
    {106, DLT_ATM_CLIP},
};

int
linktype_from_file(int linktype)
{
	size_t i;

	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (numbers[i].file == linktype)
			return numbers[i].dlt;
	return linktype;
}

int
linktype_to_file(int dlt)
{
	size_t i;

	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (numbers[i].dlt == dlt)
			return numbers[i].file;
	return dlt;
}

const char *
source_linktype_name(int linktype, char buf[32])
{
	const char *name = pcap_datalink_val_to_name(linktype);

	if (name != NULL)
		(void)snprintf(buf, 32, "%s", name);
	else
		(void)snprintf(buf, 32, "link type %d", linktype);
	return buf;
}

int
filter_open(struct filter **f, const char *expression, struct err *e)
{
	size_t n = strlen(expression) + 1;
	struct filter *fresh = calloc(1, sizeof(*fresh) + n);

	if (fresh == NULL)
		return err_set(e, "no memory for the filter");
	memcpy(fresh->expression, expression, n);
	*f = fresh;
	return 0;
}

void
filter_close(struct filter *f)
{
	size_t i;

	if (f == NULL)
		return;
	for (i = 0; i < f->n; i++)
		if (f->programs[i].compiled)
			pcap_freecode(&f->programs[i].code);
	free(f);
}

static int
compile(const struct filter *f, struct program *p, struct err *e)
{
	char name[32];
	pcap_t *dead = pcap_open_dead(p->linktype, 262144);

	if (dead == NULL)
		return err_set(e, "no memory for the filter");
	p->compiled =
	    pcap_compile(dead, &p->code, f->expression, 1, PCAP_NETMASK_UNKNOWN) == 0;
	if (!p->compiled)
		(void)err_set(e, "filter \"%.200s\" (%s): %.200s", f->expression,
		    source_linktype_name(p->linktype, name), pcap_geterr(dead));
	pcap_close(dead);
	return p->compiled ? 0 : -1;
}

static struct program *
program_for(struct filter *f, int linktype)
{
	size_t i;

	for (i = 0; i < f->n; i++)
		if (f->programs[i].linktype == linktype)
			return &f->programs[i];
	return NULL;
}

int
filter_prepare(struct filter *f, int linktype, struct err *e)
{
	struct program *p = program_for(f, linktype);

	if (p != NULL)
		return p->compiled ? 0 : -1;
	if (f->n == FILTER_LINKTYPES_MAX)
		return -1;
	p = &f->programs[f->n++];
	p->linktype = linktype;
	return compile(f, p, e);
}

bool
filter_passes(struct filter *f, const struct frame *frame, struct err *e)
{
	struct pcap_pkthdr h = {
	    .caplen = (bpf_u_int32)frame->data.n, .len = frame->wire_len};
	struct program *p = program_for(f, frame->linktype);

	if (p == NULL) {
		if (filter_prepare(f, frame->linktype, e) != 0)
			return false;
		p = program_for(f, frame->linktype);
	}
	return p->compiled && pcap_offline_filter(&p->code, &h, frame->data.p) != 0;
}
