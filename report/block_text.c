#include "report/block_text.h"

/* 407: who asks may yet be let through. */
#define PROXY_LOGIN 407

static void
add_addr(
    struct line *out, const char *before, const struct addr *a, const char *otherwise)
{
	char text[ADDR_TEXT_MAX];

	if (addr_is_unset(a))
		line_add(out, "%s", otherwise);
	else
		line_add(out, "%s%s", before, addr_text(a, text));
}

/* "CONNECT to messenger.hotmail.com" */
static void
add_request(struct line *out, const char *word, const struct verdict_block *b)
{
	line_add(out, "%s", word);
	if (b->name[0] != '\0')
		line_add(out, " to %s%s", b->name,
		    (b->several & SEVERAL_NAMES) != 0 ? " and others" : "");
}

/* A name or a port, and whether it stands for several things. */
static bool
add_name(struct line *out, const struct verdict_block *b)
{
	line_add(out, "%s", b->name[0] != '\0' ? b->name : "Messenger's name");
	if ((b->several & SEVERAL_NAMES) == 0)
		return false;
	line_add(out, " and other names");
	return true;
}

static bool
add_port(struct line *out, const struct verdict_block *b)
{
	line_add(out, "%u", (unsigned)b->port);
	if ((b->several & SEVERAL_PORTS) == 0)
		return false;
	line_add(out, " and other ports");
	return true;
}

/* What is blocked; true when its verb stands in the plural. */
static bool
add_what(struct line *out, const struct verdict_block *b)
{
	if (b->reason == REASON_SINKHOLED)
		return add_name(out, b);
	switch (b->path) {
	case PATH_DIRECT:
		if (b->port != 0)
			return add_port(out, b);
		line_add(out, "Messenger itself");
		break;
	case PATH_GATEWAY:
		line_add(out, "The gateway");
		if (b->port == 0 || b->reason == REASON_PROXY_DENIED)
			break;
		line_add(out, " on port ");
		(void)add_port(out, b);
		break;
	case PATH_CONNECT:
		add_request(out, "CONNECT", b);
		break;
	case PATH_SOCKS:
		add_request(out, "SOCKS", b);
		break;
	}
	return false;
}

static void
add_sinkhole(struct line *out, const struct verdict_block *b, bool plural)
{
	if ((b->several & SEVERAL_ANSWERS) != 0) {
		line_add(out, " %s sinkholed", plural ? "are" : "is");
		add_addr(out, " by the resolver ", &b->by, "");
	} else if (addr_is_unset(&b->answer)) {
		line_add(out, " %s no address", plural ? "get" : "gets");
		add_addr(out, " from the resolver ", &b->by, " from the resolver");
	} else {
		line_add(out, " %s", plural ? "are" : "is");
		add_addr(out, " answered with ", &b->answer, "");
		add_addr(out, " by the resolver ", &b->by, " by the resolver");
	}
}

static const char *
more_of_code(const struct verdict_block *b)
{
	if ((b->several & SEVERAL_CODES) != 0)
		return " and others";
	return b->code == PROXY_LOGIN ? ", asking for a login" : "";
}

static void
add_denial(struct line *out, const struct verdict_block *b)
{
	line_add(out, "denied");
	if (b->code != 0)
		line_add(out, " (%u%s)", (unsigned)b->code, more_of_code(b));
	add_addr(out, " by the proxy ", &b->by, " by a proxy");
}

static void
add_how(struct line *out, const struct verdict_block *b, bool plural)
{
	if (b->reason == REASON_SINKHOLED) {
		add_sinkhole(out, b, plural);
		return;
	}
	line_add(out, " %s ", plural ? "are" : "is");
	switch (b->reason) {
	case REASON_NO_ANSWER:
		line_add(out, "left unanswered");
		add_addr(out, " by ", &b->by, "");
		break;
	case REASON_REFUSED:
		line_add(out, "refused");
		add_addr(out, " by ", &b->by,
		    b->forged ? " by a device on the way (forged resets)" : "");
		break;
	case REASON_PROHIBITED:
		line_add(out, "prohibited");
		add_addr(out, " by ", &b->by, "");
		line_add(out, " (ICMP)");
		break;
	case REASON_PROXY_DENIED:
		add_denial(out, b);
		break;
	case REASON_SINKHOLED:
	case REASON_NONE:
		line_add(out, "blocked");
		break;
	}
}

/* "through the gateway on port 80"; blocked: NULL, or what was met before. */
static void
add_way(struct line *out, enum path path, uint16_t port, const struct verdict_block *met)
{
	static const char *const ways[PATH_KINDS] = {" directly", " through the gateway",
	    " through an HTTP proxy", " through a SOCKS proxy"};
	bool usual = path != PATH_GATEWAY && (port == 1863 || path != PATH_DIRECT);

	line_add(out, "%s", ways[path]);
	if (port != 0 && !usual)
		line_add(out, " on port %u", (unsigned)port);
	if (met == NULL || met->path != path)
		return;
	line_add(out, "%s",
	    met->reason == REASON_SINKHOLED ? " by an address known already"
					    : " all the same");
}

/*
 * " directly", " directly and through the gateway on port 80", or, when the n hosts did
 * not all go the same ways, " (5 through the gateway on port 80, 3 directly)".
 */
static void
add_ways(struct line *out, const struct way ways[PATH_KINDS], uint32_t n,
    const struct verdict_block *met)
{
	bool begun = false, all = true;
	size_t i;

	for (i = 0; i < PATH_KINDS; i++)
		all &= ways[i].hosts == 0 || ways[i].hosts == n;
	for (i = 0; i < PATH_KINDS; i++) {
		if (ways[i].hosts == 0)
			continue;
		if (!all) {
			line_add(out, begun ? ", " : " (");
			line_count(out, ways[i].hosts);
		} else if (begun) {
			line_add(out, " and");
		}
		add_way(out, (enum path)i, ways[i].port, met);
		begun = true;
	}
	line_add(out, all ? "" : ")");
}

static void
add_fate(struct line *out, const struct verdict_block *b, enum fate fate)
{
	switch (fate) {
	case FATE_LEAKED:
		line_add(out, " then signed in");
		add_ways(out, b->leaks, b->fate[fate], b);
		break;
	case FATE_REACHED:
		line_add(out, " then reached the service");
		add_ways(out, b->reaches, b->fate[fate], b);
		line_add(out, " without signing in");
		break;
	case FATE_UNDECIDED:
		line_add(out, b->fate[fate] == 1 ? " was" : " were");
		line_add(out, " still trying when last seen");
		break;
	case FATE_HELD:
		line_add(out, " did not get in");
		break;
	}
}

static void
add_all(struct line *out, const struct verdict_block *b, enum fate fate)
{
	bool two = b->hosts == 2;

	if (b->hosts == 1) {
		line_add(out, "1 host met it and");
		add_fate(out, b, fate);
	} else if (fate == FATE_HELD) {
		line_add(out, two ? "neither of the " : "none of the ");
		line_count(out, b->hosts);
		line_add(out, " hosts that met it got in");
	} else {
		line_add(out, two ? "both" : "all ");
		if (!two)
			line_count(out, b->hosts);
		line_add(out, " hosts that met it");
		add_fate(out, b, fate);
	}
}

/* "7 of 9 hosts then signed in ..., 2 did not get in" */
static void
add_result(struct line *out, const struct verdict_block *b)
{
	bool begun = false;
	int f;

	for (f = FATE_LEAKED; f >= FATE_HELD; f--) {
		if (b->fate[f] == 0)
			continue;
		if (b->fate[f] == b->hosts) {
			add_all(out, b, (enum fate)f);
			return;
		}
		line_add(out, begun ? ", " : "");
		line_count(out, b->fate[f]);
		if (!begun) {
			line_add(out, " of ");
			line_some(out, b->hosts, "host");
		}
		add_fate(out, b, (enum fate)f);
		begun = true;
	}
}

static bool
only_way(const struct way ways[PATH_KINDS], enum path path)
{
	size_t i;

	for (i = 0; i < PATH_KINDS; i++)
		if (i != path && ways[i].hosts != 0)
			return false;
	return true;
}

/* A server that was down for a while looks the same. */
static bool
may_be_none(const struct verdict_block *b)
{
	return (b->reason == REASON_NO_ANSWER || b->reason == REASON_REFUSED) &&
	       !b->forged && only_way(b->leaks, b->path) && only_way(b->reaches, b->path);
}

static void
add_conclusion(struct line *out, const struct verdict_block *b)
{
	switch (block_holding(b->fate)) {
	case HOLDING_NONE:
		break;
	case HOLDING_LEAKS:
		line_add(out, "%s",
		    may_be_none(b) ? ": if this is a block, it leaks"
				   : ": the block leaks");
		break;
	case HOLDING_HOLDS:
		line_add(out, ": the block holds%s",
		    b->fate[FATE_UNDECIDED] != 0 ? " as far as seen" : "");
		break;
	case HOLDING_UNDECIDED:
		line_add(out, ": whether the block holds is not seen");
		break;
	}
}

void
block_sentence(const struct verdict_block *b, struct line *out)
{
	bool plural = add_what(out, b);

	add_how(out, b, plural);
	if (b->hosts != 0)
		line_add(out, "; ");
	add_result(out, b);
	add_conclusion(out, b);
	line_add(out, ".");
}

void
block_unmet(const struct verdict *v, struct line *out)
{
	if (v->unmet == 0)
		return;
	line_some(out, v->unmet, "host");
	line_add(out, " signed in");
	add_ways(out, v->unmet_by, v->unmet, NULL);
	line_add(out, " without meeting a block.");
}

void
block_brief(const struct verdict_block *b, bool with_device, struct line *out)
{
	line_add(out, "%s %s", path_word(b->path), reason_word(b->reason));
	if (with_device)
		add_addr(out, " by ", &b->by, b->forged ? " (forged)" : "");
}

void
block_brief_fate(enum fate fate, uint8_t ways, bool utf8, struct line *out)
{
	const char *before = " by ";
	size_t i;

	if (fate == FATE_HELD || fate == FATE_UNDECIDED)
		return;
	line_add(out, "%s%s", utf8 ? " \xe2\x86\x92 " : " > ", fate_word(fate));
	for (i = 0; i < PATH_KINDS; i++) {
		if ((ways >> i & 1) == 0)
			continue;
		line_add(out, "%s%s", before, path_word((enum path)i));
		before = ", ";
	}
}
