#include "tests/schema.h"

#include <jansson.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATTERNS_MAX 32

struct schema {
	json_t *root;
	const json_t *defs;
	struct {
		const char *text;
		regex_t re;
	} patterns[PATTERNS_MAX];
	size_t n_patterns;
	char why[160]; /* the last thing that did not hold */
};

static bool holds(struct schema *s, const json_t *rule, const json_t *v);

static const regex_t *
compiled(struct schema *s, const char *text)
{
	size_t i;

	for (i = 0; i < s->n_patterns; i++)
		if (s->patterns[i].text == text)
			return &s->patterns[i].re;
	if (i == PATTERNS_MAX ||
	    regcomp(&s->patterns[i].re, text, REG_EXTENDED | REG_NOSUB) != 0)
		abort();
	s->patterns[s->n_patterns++].text = text;
	return &s->patterns[i].re;
}

static bool
matches(struct schema *s, const char *pattern, const char *text)
{
	return regexec(compiled(s, pattern), text, 0, NULL, 0) == 0;
}

/* Every keyword: its rule, what it says, and the value, which may be of any type. */
#define KEYWORD(name)          \
	static bool is_##name( \
	    struct schema *s, const json_t *rule, const json_t *arg, const json_t *v)
#define UNUSED (void)s, (void)rule, (void)arg, (void)v

KEYWORD(remark)
{
	UNUSED;
	return true;
}

KEYWORD(reference)
{
	const char *to = json_string_value(arg);

	UNUSED;
	if (strncmp(to, "#/$defs/", 8) != 0)
		abort();
	return holds(s, json_object_get(s->defs, to + 8), v);
}

static bool
has_control(const json_t *v)
{
	const char *p = json_string_value(v);

	for (; p != NULL && *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return true;
	return false;
}

KEYWORD(type)
{
	static const char *const names[] = {
	    "object", "array", "string", "integer", "real", "boolean", "boolean", "null"};
	const char *want = json_string_value(arg);

	UNUSED;
	if (has_control(v))
		return false;
	return strcmp(want, names[json_typeof(v)]) == 0 ||
	       (strcmp(want, "number") == 0 && json_is_number(v));
}

KEYWORD(required)
{
	const json_t *name;
	size_t i;

	UNUSED;
	json_array_foreach(arg, i,
	    name) if (json_is_object(v) &&
		      json_object_get(v, json_string_value(name)) == NULL) return false;
	return true;
}

KEYWORD(properties)
{
	json_t *sub, *o = (json_t *)arg;
	const char *name;

	UNUSED;
	json_object_foreach(o, name, sub)
	{
		const json_t *field = json_object_get(v, name);

		if (field != NULL && !holds(s, sub, field))
			return false;
	}
	return true;
}

KEYWORD(pattern_properties)
{
	json_t *sub, *field, *o = (json_t *)arg, *value = (json_t *)v;
	const char *pattern, *name;

	UNUSED;
	json_object_foreach(o, pattern, sub) json_object_foreach(value, name,
	    field) if (matches(s, pattern, name) && !holds(s, sub, field)) return false;
	return true;
}

static bool
named(struct schema *s, const json_t *rule, const char *name)
{
	json_t *sub, *patterns = json_object_get(rule, "patternProperties");
	const char *pattern;

	if (json_object_get(json_object_get(rule, "properties"), name) != NULL)
		return true;
	json_object_foreach(
	    patterns, pattern, sub) if (matches(s, pattern, name)) return true;
	return false;
}

KEYWORD(additional)
{
	json_t *field, *value = (json_t *)v;
	const char *name;

	UNUSED;
	json_object_foreach(value, name,
	    field) if (!named(s, rule, name) && !holds(s, arg, field)) return false;
	return true;
}

/* Named by the rule itself or by the branch that holds. */
KEYWORD(unevaluated)
{
	const json_t *branches = json_object_get(rule, "oneOf"), *branch;
	json_t *field, *value = (json_t *)v;
	const char *name;
	size_t i;

	UNUSED;
	json_object_foreach(value, name, field)
	{
		bool known = named(s, rule, name);

		json_array_foreach(branches, i, branch) known |=
		    named(s, branch, name) && holds(s, branch, v);
		if (!known && !holds(s, arg, field))
			return false;
	}
	return true;
}

KEYWORD(enumerated)
{
	const json_t *one;
	size_t i;

	UNUSED;
	json_array_foreach(arg, i, one) if (json_equal(one, v)) return true;
	return false;
}

KEYWORD(constant)
{
	UNUSED;
	return json_equal(arg, v);
}

KEYWORD(pattern)
{
	UNUSED;
	return !json_is_string(v) ||
	       matches(s, json_string_value(arg), json_string_value(v));
}

KEYWORD(min_length)
{
	UNUSED;
	if (json_integer_value(arg) != 1)
		abort();
	return !json_is_string(v) || json_string_length(v) != 0;
}

KEYWORD(minimum)
{
	UNUSED;
	return !json_is_number(v) || json_number_value(v) >= json_number_value(arg);
}

KEYWORD(maximum)
{
	UNUSED;
	return !json_is_number(v) || json_number_value(v) <= json_number_value(arg);
}

KEYWORD(items)
{
	const json_t *one;
	size_t i;

	UNUSED;
	json_array_foreach(v, i, one) if (!holds(s, arg, one)) return false;
	return true;
}

KEYWORD(min_items)
{
	UNUSED;
	return !json_is_array(v) || json_array_size(v) >= (size_t)json_integer_value(arg);
}

KEYWORD(max_items)
{
	UNUSED;
	return json_array_size(v) <= (size_t)json_integer_value(arg);
}

KEYWORD(unique_items)
{
	size_t i, j;

	UNUSED;
	for (i = 0; i < json_array_size(v); i++)
		for (j = 0; j < i; j++)
			if (json_equal(json_array_get(v, i), json_array_get(v, j)))
				return false;
	return true;
}

KEYWORD(min_properties)
{
	UNUSED;
	return !json_is_object(v) ||
	       json_object_size(v) >= (size_t)json_integer_value(arg);
}

static size_t
branches_that_hold(struct schema *s, const json_t *list, const json_t *v)
{
	const json_t *one;
	size_t i, n = 0;

	json_array_foreach(list, i, one) n += holds(s, one, v);
	return n;
}

KEYWORD(one_of)
{
	UNUSED;
	return branches_that_hold(s, arg, v) == 1;
}

KEYWORD(any_of)
{
	UNUSED;
	return branches_that_hold(s, arg, v) != 0;
}

KEYWORD(all_of)
{
	UNUSED;
	return branches_that_hold(s, arg, v) == json_array_size(arg);
}

KEYWORD(condition)
{
	const json_t *next = json_object_get(rule, holds(s, arg, v) ? "then" : "else");

	UNUSED;
	return next == NULL || holds(s, next, v);
}

static const struct {
	const char *name;
	bool (*is)(
	    struct schema *s, const json_t *rule, const json_t *arg, const json_t *v);
} keywords[] = {{"$ref", is_reference}, {"type", is_type}, {"const", is_constant},
    {"enum", is_enumerated}, {"pattern", is_pattern}, {"minLength", is_min_length},
    {"minimum", is_minimum}, {"maximum", is_maximum}, {"required", is_required},
    {"properties", is_properties}, {"patternProperties", is_pattern_properties},
    {"additionalProperties", is_additional}, {"unevaluatedProperties", is_unevaluated},
    {"minProperties", is_min_properties}, {"items", is_items}, {"minItems", is_min_items},
    {"maxItems", is_max_items}, {"uniqueItems", is_unique_items}, {"oneOf", is_one_of},
    {"anyOf", is_any_of}, {"allOf", is_all_of}, {"if", is_condition}, {"then", is_remark},
    {"else", is_remark}, {"$schema", is_remark}, {"title", is_remark},
    {"$defs", is_remark}};

#define KEYWORDS (sizeof(keywords) / sizeof(keywords[0]))

/* What is inside says more than what is around it. */
static void
note(struct schema *s, const char *keyword, const json_t *v)
{
	char *text;

	if (json_is_object(v) || json_is_array(v)) {
		if (s->why[0] == '\0')
			(void)snprintf(s->why, sizeof(s->why), "%s", keyword);
		return;
	}
	text = json_dumps(v, JSON_ENCODE_ANY);
	(void)snprintf(s->why, sizeof(s->why), "%s: %s", keyword, text);
	free(text);
}

static bool
holds(struct schema *s, const json_t *rule, const json_t *v)
{
	json_t *arg, *o = (json_t *)rule;
	const char *name;
	size_t i;

	if (json_is_boolean(rule))
		return json_is_true(rule);
	if (!json_is_object(rule))
		abort();
	json_object_foreach(o, name, arg)
	{
		for (i = 0; i < KEYWORDS && strcmp(keywords[i].name, name) != 0; i++)
			;
		if (i == KEYWORDS)
			abort();
		if (!keywords[i].is(s, rule, arg, v)) {
			note(s, name, v);
			return false;
		}
	}
	return true;
}

struct schema *
schema_open(void)
{
	struct schema *s = calloc(1, sizeof(*s));

	if (s == NULL)
		abort();
	s->root = json_load_file(SOURCE_DIR "/doc/events.schema.json", 0, NULL);
	s->defs = json_object_get(s->root, "$defs");
	if (s->defs == NULL)
		abort();
	return s;
}

void
schema_close(struct schema *s)
{
	while (s->n_patterns > 0)
		regfree(&s->patterns[--s->n_patterns].re);
	json_decref(s->root);
	free(s);
}

bool
schema_accepts(struct schema *s, const char *line, char *why, size_t size)
{
	json_error_t error;
	json_t *v = json_loads(line, JSON_REJECT_DUPLICATES, &error);
	bool good;

	s->why[0] = '\0';
	good = v != NULL && holds(s, s->root, v);
	if (!good)
		(void)snprintf(why, size, "%s", v == NULL ? error.text : s->why);
	json_decref(v);
	return good;
}
