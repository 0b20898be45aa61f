#define _POSIX_C_SOURCE 200809L
#include "app/standing.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/process.h"
#include "app/version.h"
#include "app/whole.h"
#include "base/clock.h"
#include "base/text.h"
#include "report/metrics.h"
#include "report/vitals_json.h"

#define METRICS_NS   (15 * NS_PER_S)
#define STATUS_MODE  0644
#define METRICS_MODE 0644
#define METRICS_END  ".prom"

static int
write_text(const char *path, char *text, mode_t mode, struct err *e)
{
	int r;

	if (text == NULL)
		return err_set(e, "%.300s: no memory to write it", path);
	r = whole_write(path, text, mode, e);
	free(text);
	return r;
}

static int
write_status(const struct standing *s, const struct vitals *v, struct err *e)
{
	if (s->status_path == NULL)
		return 0;
	return write_text(s->status_path, vitals_json_text(v), STATUS_MODE, e);
}

static int
write_metrics(const struct standing *s, const struct vitals *v,
    const struct counters *now, struct err *e)
{
	if (s->metrics_path == NULL)
		return 0;
	return write_text(s->metrics_path, metrics_text(v, now), METRICS_MODE, e);
}

static int
check_name(const char *path, struct err *e)
{
	const size_t n = strlen(METRICS_END);

	if (path == NULL)
		return 0;
	if (strlen(path) > n && strcmp(path + strlen(path) - n, METRICS_END) == 0)
		return 0;
	return err_set(e,
	    "%.300s: node_exporter reads only files whose names end in %s: call it "
	    "%.100s%s",
	    path, METRICS_END, path, METRICS_END);
}

void
standing_rename(struct standing *s, const char *sensor)
{
	text_put(s->told.sensor, sizeof(s->told.sensor), sensor != NULL ? sensor : "");
}

int
standing_open(
    struct standing *s, const struct live_options *lo, const char *sensor, struct err *e)
{
	const struct counters none = {.n = 0};
	struct vitals *v = &s->told;

	*s = (struct standing){
	    .status_path = lo->status_path, .metrics_path = lo->metrics_path};
	text_put(v->version, sizeof(v->version), version_text());
	standing_rename(s, sensor);
	v->pid = getpid();
	v->pid_mark = process_mark(v->pid);
	v->started = v->updated = clock_wall();
	if (check_name(s->metrics_path, e) != 0 || write_status(s, v, e) != 0)
		return -1;
	return write_metrics(s, v, &none, e);
}

static uint64_t
rate(uint64_t now, uint64_t before, int64_t ns)
{
	double n = now > before ? (double)(now - before) : 0;

	return ns > 0 ? (uint64_t)(n * (double)NS_PER_S / (double)ns + 0.5) : 0;
}

static void
fill_in(const struct standing *s, struct vitals *v, int64_t at)
{
	const struct vitals *then = &s->told;
	int64_t ns = s->at != 0 ? at - s->at : 0;

	memcpy(v->version, then->version, sizeof(v->version));
	memcpy(v->sensor, then->sensor, sizeof(v->sensor));
	v->pid = then->pid;
	v->pid_mark = then->pid_mark;
	v->started = then->started;
	v->updated = clock_wall();
	v->packets_per_s = rate(v->packets, then->packets, ns);
	v->bits_per_s = rate(8 * v->bytes, 8 * then->bytes, ns);
}

/* Whether the failure, if it is one, is news. */
static bool
is_news(bool *failing, bool fails)
{
	bool news = fails && !*failing;

	*failing = fails;
	return news;
}

bool
standing_tell(
    struct standing *s, struct vitals *v, const struct counters *now, struct err *e)
{
	int64_t at = clock_steady();
	struct err status = {{0}}, metrics = {{0}};
	bool news;

	fill_in(s, v, at);
	s->told = *v;
	s->at = at;
	news = is_news(&s->failing[0], write_status(s, v, &status) != 0);
	if (news)
		*e = status;
	if (!v->ended && s->metrics_at != 0 && at - s->metrics_at < METRICS_NS)
		return news;
	s->metrics_at = at;
	if (!is_news(&s->failing[1], write_metrics(s, v, now, &metrics) != 0))
		return news;
	if (!news)
		*e = metrics;
	return true;
}
