#include "report/verdict_json.h"

#include <jansson.h>

#include "report/block_text.h"

static void
put_fates(struct obj *o, const uint32_t fate[FATES])
{
	size_t i;

	for (i = 0; i < FATES; i++)
		obj_number(o, fate_word((enum fate)i), fate[i]);
}

/* Hosts by the path they got past on; left out when there are none. */
static void
put_ways(struct obj *o, const char *key, const struct way ways[PATH_KINDS])
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < PATH_KINDS; i++) {
		struct obj w;

		if (ways[i].hosts == 0)
			continue;
		w = obj_new();
		obj_text(&w, "path", path_word((enum path)i));
		obj_known(&w, "port", ways[i].port);
		obj_number(&w, "hosts", ways[i].hosts);
		obj_element(o, list, w);
	}
	if (json_array_size(list) != 0)
		obj_put(o, key, list);
	else
		json_decref(list);
}

static void
put_what(struct obj *o, const struct verdict_block *b)
{
	obj_text(o, "path", path_word(b->path));
	obj_text(o, "reason", reason_word(b->reason));
	obj_addr(o, "by", &b->by);
}

/* What differs between the tries is left out, but for the first name. */
static struct obj
block_obj(const struct verdict_block *b)
{
	struct obj o = obj_new();
	struct line text = {"", 0};

	put_what(&o, b);
	if ((b->several & SEVERAL_PORTS) == 0)
		obj_known(&o, "port", b->port);
	obj_text(&o, "name", b->name);
	obj_true(&o, "more_names", (b->several & SEVERAL_NAMES) != 0);
	if ((b->several & SEVERAL_ANSWERS) == 0)
		obj_addr(&o, "answer", &b->answer);
	if ((b->several & SEVERAL_CODES) == 0)
		obj_known(&o, "code", b->code);
	obj_true(&o, "forged", b->forged);
	obj_number(&o, "tries", b->tries);
	obj_known(&o, "syns", b->syns);
	obj_text(&o, "holding", holding_word(block_holding(b->fate)));
	obj_number(&o, "hosts", b->hosts);
	put_fates(&o, b->fate);
	put_ways(&o, "leaked_by", b->leaks);
	put_ways(&o, "reached_by", b->reaches);
	block_sentence(b, &text);
	obj_text(&o, "text", text.text);
	return o;
}

static void
put_met(struct obj *o, const struct verdict *v, uint16_t met)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < v->n_blocks && i < VERDICT_BLOCKS_MAX; i++) {
		struct obj b;

		if ((met >> i & 1) == 0)
			continue;
		b = obj_new();
		put_what(&b, &v->blocks[i]);
		obj_element(o, list, b);
	}
	obj_put(o, "met", list);
}

static struct obj
host_obj(const struct verdict *v, const struct verdict_host *h)
{
	json_t *ways = json_array();
	struct obj o = obj_new();
	size_t i;

	obj_addr(&o, "src_ip", &h->addr);
	obj_text(&o, "fate", fate_word(h->fate));
	for (i = 0; i < PATH_KINDS; i++)
		if ((h->ways >> i & 1) != 0)
			obj_append(&o, ways, json_string(path_word((enum path)i)));
	if (json_array_size(ways) != 0)
		obj_put(&o, "by_path", ways);
	else
		json_decref(ways);
	put_met(&o, v, h->met);
	return o;
}

static void
put_lists(struct obj *o, const struct verdict *v)
{
	json_t *blocks = json_array(), *hosts = json_array();
	size_t i;

	for (i = 0; i < v->n_blocks && i < VERDICT_BLOCKS_MAX; i++)
		obj_element(o, blocks, block_obj(&v->blocks[i]));
	obj_put(o, "blocks", blocks);
	obj_known(o, "more_tries", v->more_tries);
	for (i = 0; i < v->n_hosts && i < VERDICT_HOSTS_MAX; i++)
		obj_element(o, hosts, host_obj(v, &v->hosts[i]));
	obj_put(o, "hosts", hosts);
	obj_known(o, "more_hosts", v->more_hosts);
	obj_known(o, "uncounted", v->uncounted);
}

struct obj
verdict_obj(const struct verdict *v)
{
	struct obj o = obj_new();

	obj_text(&o, "holding", holding_word(v->holding));
	obj_number(&o, "tried", v->tried);
	obj_number(&o, "signed_in", v->signed_in);
	obj_number(&o, "met", v->met);
	put_fates(&o, v->fate);
	obj_number(&o, "unmet", v->unmet);
	put_ways(&o, "unmet_by", v->unmet_by);
	put_lists(&o, v);
	return o;
}
