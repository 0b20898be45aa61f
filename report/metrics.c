#define _POSIX_C_SOURCE 200809L
#include "report/metrics.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define NAME_MAX_TEXT 96

/* The same label stands first in every sample: a machine may have several sensors. */
struct metrics {
	FILE *to;
	const struct vitals *v;
};

/* Text that is no UTF-8 would make the whole file unreadable. */
static void
put_label(const struct metrics *m, const char *name, const char *value)
{
	char safe[1024];
	const char *p;

	(void)text_safe(safe, sizeof(safe), bytes_str(value));
	(void)fprintf(m->to, "%s=\"", name);
	for (p = safe; *p != '\0'; p++) {
		if (*p == '"' || *p == '\\')
			(void)putc('\\', m->to);
		(void)putc(*p, m->to);
	}
	(void)putc('"', m->to);
}

static void
put_head(const struct metrics *m, const char *name, const char *help, bool level)
{
	(void)fprintf(m->to, "# HELP msnwatch_%s ", name);
	for (; *help != '\0'; help++)
		(void)fputs(*help == '\\' ? "\\\\" : (char[2]){*help, '\0'}, m->to);
	(void)fprintf(
	    m->to, "\n# TYPE msnwatch_%s %s\n", name, level ? "gauge" : "counter");
}

/* A sample up to its further labels; each of them begins with a comma. */
static void
put_start(const struct metrics *m, const char *name)
{
	(void)fprintf(m->to, "msnwatch_%s{", name);
	put_label(m, "sensor", m->v->sensor);
}

static void
put_more(const struct metrics *m, const char *name, const char *value)
{
	(void)putc(',', m->to);
	put_label(m, name, value);
}

static void
put_value(const struct metrics *m, uint64_t value)
{
	(void)fprintf(m->to, "} %" PRIu64 "\n", value);
}

static void
put_one(const struct metrics *m, const char *name, const char *help, bool level,
    uint64_t value)
{
	put_head(m, name, help, level);
	put_start(m, name);
	put_value(m, value);
}

static void
put_time(const struct metrics *m, const char *name, const char *help, int64_t ns)
{
	if (ns <= 0)
		return;
	put_head(m, name, help, true);
	put_start(m, name);
	(void)fprintf(
	    m->to, "} %" PRId64 ".%03d\n", ns / NS_PER_S, (int)(ns % NS_PER_S / 1000000));
}

static void
put_sensor(const struct metrics *m)
{
	const struct vitals *v = m->v;

	put_head(m, "info", "the program that wrote this", true);
	put_start(m, "info");
	put_more(m, "version", v->version);
	put_value(m, 1);
	put_one(m, "running", "1 while the sensor runs, 0 once it has ended", true,
	    !v->ended);
	put_time(m, "start_time_seconds", "when the sensor was started", v->started);
	put_time(m, "update_time_seconds", "when this was written", v->updated);
	put_time(m, "newest_packet_time_seconds", "time of the newest packet", v->newest);
	put_one(m, "packets_total", "packets read", false, v->packets);
	put_one(m, "bytes_total", "bytes of these on the wire", false, v->bytes);
	put_one(m, "events_total", "events told", false, v->events);
}

static void
put_attempts(const struct metrics *m)
{
	size_t o, p;

	put_head(
	    m, "attempts_total", "attempts by outcome, and the path that decided", false);
	for (o = 0; o < OUTCOMES; o++)
		for (p = 0; p < PATH_KINDS; p++) {
			put_start(m, "attempts_total");
			put_more(m, "outcome", outcome_word((enum outcome)o));
			put_more(m, "path", path_word((enum path)p));
			put_value(m, m->v->tally.attempts[o][p]);
		}
}

static void
put_tries(const struct metrics *m)
{
	size_t p, r;

	put_head(m, "tries_total", "tries by path, and what became of them", false);
	for (p = 0; p < PATH_KINDS; p++)
		for (r = 0; r < RESULTS; r++) {
			put_start(m, "tries_total");
			put_more(m, "path", path_word((enum path)p));
			put_more(m, "result", tally_result_word(r));
			put_value(m, m->v->tally.tries[p][r]);
		}
}

static void
put_interface(const struct metrics *m, const char *name, const char *interface)
{
	put_start(m, name);
	put_more(m, "interface", interface);
}

static void
put_interfaces(const struct metrics *m)
{
	const struct vitals_interface *i, *end = m->v->interface + m->v->n_interfaces;

	put_head(m, "interface_watched", "1 while the interface is there and up", true);
	for (i = m->v->interface; i < end; i++) {
		put_interface(m, "interface_watched", i->name);
		put_value(m, i->state == VITALS_WATCHED);
	}
	put_head(m, "interface_frames_total", "frames the kernel saw pass", false);
	for (i = m->v->interface; i < end; i++) {
		put_interface(m, "interface_frames_total", i->name);
		put_value(m, i->frames);
	}
	put_head(m, "interface_dropped_total", "frames dropped, by what", false);
	for (i = m->v->interface; i < end; i++) {
		put_interface(m, "interface_dropped_total", i->name);
		put_more(m, "by", "ring");
		put_value(m, i->dropped_ring);
		put_interface(m, "interface_dropped_total", i->name);
		put_more(m, "by", "adapter");
		put_value(m, i->dropped_adapter);
	}
}

static void
put_counter(const struct metrics *m, const struct counter *c)
{
	char name[NAME_MAX_TEXT], *p;

	(void)snprintf(name, sizeof(name), "%s%s", c->name, c->level ? "" : "_total");
	for (p = name; *p != '\0'; p++)
		if (!isalnum((unsigned char)*p))
			*p = '_';
	put_one(m, name, c->help, c->level, c->value);
}

char *
metrics_text(const struct vitals *v, const struct counters *counters)
{
	char *text = NULL;
	size_t i, size = 0;
	struct metrics m = {open_memstream(&text, &size), v};
	bool bad;

	if (m.to == NULL)
		return NULL;
	put_sensor(&m);
	put_attempts(&m);
	put_tries(&m);
	if (v->n_interfaces != 0)
		put_interfaces(&m);
	for (i = 0; i < counters->n; i++)
		put_counter(&m, &counters->c[i]);
	bad = ferror(m.to) != 0;
	if (fclose(m.to) != 0 || bad) {
		free(text);
		return NULL;
	}
	return text;
}
