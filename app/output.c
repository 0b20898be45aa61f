#define _DEFAULT_SOURCE
#include "app/output.h"

#include <errno.h>
#include <inttypes.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "app/output_log.h"
#include "base/text.h"
#include "report/event_json.h"

#define WIDTH_DEFAULT 100
#define WIDTH_MIN     40
#define WIDTH_MAX     500

/* $XDG_STATE_HOME/msnwatch/account.key, by default under ~/.local/state. */
static int
own_key_path(char *out, size_t size, struct err *e)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	int n = -1;

	if (state != NULL && state[0] == '/')
		n = snprintf(out, size, "%s/msnwatch/account.key", state);
	else if (home != NULL && home[0] == '/')
		n = snprintf(out, size, "%s/.local/state/msnwatch/account.key", home);
	if (n < 0 || (size_t)n >= size)
		return err_set(e,
		    "no place for the account key: set HOME, or name a file with "
		    "--account-key");
	return 0;
}

int
output_open(struct output *o, const char *key_path, struct err *e)
{
	char own[4096];

	if (o->to == NULL)
		o->to = stdout;
	if (o->accounts == ACCOUNT_HASH) {
		if (key_path == NULL && own_key_path(own, sizeof(own), e) != 0)
			return -1;
		if (account_key_open(&o->key, key_path != NULL ? key_path : own, e) != 0)
			return -1;
	}
	return summary_open(&o->summary, e);
}

void
output_close(struct output *o)
{
	account_key_close(o->key);
	summary_close(o->summary);
}

static void
note_broken(struct output *o)
{
	if (!o->broken)
		o->code = errno;
	o->broken = true;
}

static void
write_line(struct output *o, struct event *ev)
{
	char *line;

	if (o->log != NULL) {
		if (!output_log_event(o->log, ev, o->sensor))
			note_broken(o);
		return;
	}
	line = event_json_line(ev, o->sensor);
	if (line == NULL || fputs(line, o->to) == EOF || fputc('\n', o->to) == EOF)
		note_broken(o);
	free(line);
}

void
output_event(struct output *o, struct event *ev)
{
	ev->seq = ++o->seq;
	ev->live = o->live;
	if (ev->type == EVENT_ATTEMPT)
		account_redact(ev->u.attempt.account, o->accounts, o->key);
	if (ev->type == EVENT_RESET)
		account_redact(ev->u.reset.account, o->accounts, o->key);
	if (ev->type == EVENT_MESSENGER)
		account_redact(ev->u.messenger.account, o->accounts, o->key);
	summary_add(o->summary, ev);
	tally_add(&o->tally, ev);
	if (o->json)
		write_line(o, ev);
}

void
output_flush(struct output *o)
{
	if (o->log != NULL)
		(void)syslog_flush(o->log);
	else if (fflush(o->to) != 0)
		note_broken(o);
}

bool
output_news(struct output *o, struct coverage *out)
{
	uint64_t lost = o->log != NULL ? syslog_lost(o->log) - o->lost_told : 0;

	if (lost == 0)
		return false;
	*out = (struct coverage){.kind = COVERAGE_OUTPUT};
	if (!o->losing) {
		o->losing = true;
		text_put(out->text, sizeof(out->text),
		    "the system log takes no events; some are lost until it does");
		return true;
	}
	if (!syslog_flush(o->log))
		return false;
	o->losing = false;
	o->lost_told += lost;
	out->count = lost;
	(void)snprintf(out->text, sizeof(out->text),
	    "the system log takes events again; %" PRIu64 " were lost", lost);
	return true;
}

void
output_counters(const struct output *o, struct counters *to)
{
	counters_add(to, "output.events", "events told", o->seq);
	counters_add(to, "output.lost", "events that the system log did not take",
	    o->log != NULL ? syslog_lost(o->log) : 0);
}

static unsigned
terminal_width(void)
{
	const char *columns = getenv("COLUMNS");
	unsigned long n = columns != NULL ? strtoul(columns, NULL, 10) : 0;
	struct winsize ws;

	if (n == 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) == 0)
		n = ws.ws_col;
	if (n == 0)
		n = WIDTH_DEFAULT;
	if (n > WIDTH_MAX)
		n = WIDTH_MAX;
	return n < WIDTH_MIN ? WIDTH_MIN : (unsigned)n;
}

static struct summary_style
style_of_stdout(void)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
	bool plain = (no_color != NULL && no_color[0] != '\0') || term == NULL ||
		     strcmp(term, "dumb") == 0;

	return (struct summary_style){.width = terminal_width(),
	    .utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0,
	    .colour = isatty(STDOUT_FILENO) == 1 && !plain};
}

static void
tell_totals(struct output *o, const struct summary_span *span, const struct counters *now)
{
	struct event ev = {.type = EVENT_VERDICT, .ts = span->last};

	summary_judge(o->summary, &ev.u.verdict);
	output_event(o, &ev);
	ev = (struct event){.type = EVENT_STATS, .ts = span->last};
	ev.u.stats = *now;
	output_event(o, &ev);
}

static int
end_log(struct output *o, struct err *e)
{
	if (!syslog_finish(o->log))
		return err_set(
		    e, "the last events are lost: the system log does not take them");
	if (syslog_lost(o->log) != 0)
		return err_set(e,
		    "%" PRIu64 " events are lost: the system log did not "
		    "take them",
		    syslog_lost(o->log));
	return 0;
}

int
output_end(struct output *o, const struct summary_span *span, const struct counters *now,
    struct err *e)
{
	struct summary_style style = style_of_stdout();

	if (o->json) {
		tell_totals(o, span, now);
	} else if (!o->quiet &&
		   summary_text(o->summary, span, now, &style, stdout) != 0) {
		note_broken(o);
	}
	output_flush(o);
	if (o->log != NULL && !o->broken)
		return end_log(o, e);
	return o->broken ? err_sys(e, o->code,
			       o->to == stdout ? "standard output: cannot be written"
					       : "the events cannot be written")
			 : 0;
}
