#include "report/vitals_json.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/obj_json.h"
#include "report/when.h"

const char *
vitals_state_word(enum vitals_state s)
{
	static const char *const words[] = {"watched", "down", "away"};

	return words[s];
}

static struct obj
attempts_obj(const struct tally *t)
{
	struct obj o = obj_new();
	size_t i;

	for (i = 0; i < OUTCOMES; i++)
		obj_number(
		    &o, outcome_word((enum outcome)i), tally_outcome(t, (enum outcome)i));
	return o;
}

static struct obj
interface_obj(const struct vitals_interface *i)
{
	struct obj o = obj_new();

	obj_text(&o, "name", i->name);
	obj_text(&o, "state", vitals_state_word(i->state));
	obj_number(&o, "frames", i->frames);
	obj_number(&o, "dropped_ring", i->dropped_ring);
	obj_number(&o, "dropped_adapter", i->dropped_adapter);
	return o;
}

static void
put_interfaces(struct obj *o, const struct vitals *v)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < v->n_interfaces; i++)
		obj_element(o, list, interface_obj(&v->interface[i]));
	obj_put(o, "interfaces", list);
}

char *
vitals_json_text(const struct vitals *v)
{
	struct obj o = obj_new();
	char *text = NULL, *longer = NULL;
	size_t n;

	obj_text(&o, "program", "msnwatch");
	obj_text(&o, "version", v->version);
	obj_text(&o, "state", v->ended ? "ended" : "running");
	obj_number(&o, "pid", (uint64_t)v->pid);
	obj_number(&o, "pid_mark", v->pid_mark);
	obj_text(&o, "sensor", v->sensor);
	obj_time(&o, "started", v->started);
	obj_time(&o, "updated", v->updated);
	obj_time(&o, "newest_packet", v->newest);
	obj_number(&o, "packets", v->packets);
	obj_number(&o, "bytes", v->bytes);
	obj_number(&o, "packets_per_s", v->packets_per_s);
	obj_number(&o, "bits_per_s", v->bits_per_s);
	obj_number(&o, "events", v->events);
	obj_child(&o, "attempts", attempts_obj(&v->tally));
	put_interfaces(&o, v);
	if (!o.bad)
		text = json_dumps(o.j, JSON_INDENT(1));
	json_decref(o.j);
	if (text == NULL)
		return NULL;
	n = strlen(text);
	longer = realloc(text, n + 2);
	if (longer == NULL)
		free(text);
	else
		memcpy(longer + n, "\n", 2);
	return longer;
}

/* Each notes what is not as it should be, and then leaves *to alone. */
static void
take_number(const json_t *j, const char *key, uint64_t *to, bool *bad)
{
	const json_t *n = json_object_get(j, key);

	if (!json_is_integer(n) || json_integer_value(n) < 0)
		*bad = true;
	else
		*to = (uint64_t)json_integer_value(n);
}

static void
take_time(const json_t *j, const char *key, int64_t *to, bool *bad)
{
	const char *text = json_string_value(json_object_get(j, key));

	*bad |= text == NULL || !when_read(text, to);
}

static void
take_text(const json_t *j, const char *key, char *to, size_t size)
{
	const char *text = json_string_value(json_object_get(j, key));

	if (text != NULL)
		text_put(to, size, text);
}

/* The index of the word, or n. */
static size_t
word_index(const json_t *j, const char *key, const char *(*word)(size_t), size_t n)
{
	const char *text = json_string_value(json_object_get(j, key));
	size_t i;

	for (i = 0; i < n && (text == NULL || strcmp(text, word(i)) != 0); i++)
		;
	return i;
}

static const char *
state_word(size_t i)
{
	return vitals_state_word((enum vitals_state)i);
}

static const char *
running_word(size_t i)
{
	return i == 0 ? "running" : "ended";
}

static void
take_interface(const json_t *j, struct vitals_interface *to, bool *bad)
{
	size_t state = word_index(j, "state", state_word, VITALS_STATES);

	*bad |= state == VITALS_STATES;
	to->state = state < VITALS_STATES ? (enum vitals_state)state : VITALS_AWAY;
	take_text(j, "name", to->name, sizeof(to->name));
	take_number(j, "frames", &to->frames, bad);
	take_number(j, "dropped_ring", &to->dropped_ring, bad);
	take_number(j, "dropped_adapter", &to->dropped_adapter, bad);
}

static void
take_lists(const json_t *j, struct vitals *v, bool *bad)
{
	const json_t *attempts = json_object_get(j, "attempts");
	const json_t *list = json_object_get(j, "interfaces");
	size_t i, n = json_array_size(list);

	*bad |= !json_is_array(list) || n > VITALS_INTERFACES_MAX;
	for (i = 0; i < OUTCOMES; i++)
		take_number(attempts, outcome_word((enum outcome)i),
		    &v->tally.attempts[i][PATH_DIRECT], bad);
	for (i = 0; i < n && !*bad; i++)
		take_interface(json_array_get(list, i), &v->interface[i], bad);
	v->n_interfaces = *bad ? 0 : n;
}

static void
take_all(const json_t *j, struct vitals *v, bool *bad)
{
	size_t state = word_index(j, "state", running_word, 2);
	uint64_t pid = 0;

	*bad |= state == 2;
	v->ended = state == 1;
	take_text(j, "version", v->version, sizeof(v->version));
	take_text(j, "sensor", v->sensor, sizeof(v->sensor));
	take_number(j, "pid", &pid, bad);
	v->pid = (int64_t)pid;
	take_number(j, "pid_mark", &v->pid_mark, bad);
	take_time(j, "started", &v->started, bad);
	take_time(j, "updated", &v->updated, bad);
	if (json_object_get(j, "newest_packet") != NULL)
		take_time(j, "newest_packet", &v->newest, bad);
	take_number(j, "packets", &v->packets, bad);
	take_number(j, "bytes", &v->bytes, bad);
	take_number(j, "packets_per_s", &v->packets_per_s, bad);
	take_number(j, "bits_per_s", &v->bits_per_s, bad);
	take_number(j, "events", &v->events, bad);
	take_lists(j, v, bad);
}

int
vitals_json_read(struct bytes text, struct vitals *out, struct err *e)
{
	json_t *j =
	    json_loadb((const char *)text.p, text.n, JSON_REJECT_DUPLICATES, NULL);
	const char *program = json_string_value(json_object_get(j, "program"));
	bool bad = program == NULL || strcmp(program, "msnwatch") != 0;

	*out = (struct vitals){.pid = 0};
	if (!bad)
		take_all(j, out, &bad);
	json_decref(j);
	return bad ? err_set(e, "it is no status that msnwatch wrote") : 0;
}
