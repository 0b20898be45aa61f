#include "app/output_log.h"

#include <stdlib.h>
#include <string.h>

#include "report/event_json.h"

static enum syslog_severity
severity_of(enum event_type type)
{
	switch (type) {
	case EVENT_ATTEMPT:
	case EVENT_RESET:
	case EVENT_VERDICT:
		return SYSLOG_NOTICE;
	case EVENT_COVERAGE:
		return SYSLOG_WARNING;
	case EVENT_MESSENGER:
	case EVENT_STATS:
		break;
	}
	return SYSLOG_INFO;
}

/* Hosts go first: which blocks they met is told by the blocks' own counts too. */
static bool
shrink(struct verdict *v)
{
	if (v->n_hosts != 0) {
		v->more_hosts += v->n_hosts - v->n_hosts / 2U;
		v->n_hosts /= 2;
		return true;
	}
	if (v->n_blocks == 0)
		return false;
	v->more_tries += v->blocks[--v->n_blocks].tries;
	return true;
}

bool
output_log_event(struct syslog *to, struct event *ev, const char *sensor)
{
	char *line = event_json_line(ev, sensor);

	while (line != NULL && strlen(line) > SYSLOG_LINE_MAX &&
	       ev->type == EVENT_VERDICT && shrink(&ev->u.verdict)) {
		free(line);
		line = event_json_line(ev, sensor);
	}
	if (line == NULL)
		return false;
	syslog_line(to, severity_of(ev->type), line);
	free(line);
	return true;
}
