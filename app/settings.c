#define _DEFAULT_SOURCE
#include "app/settings.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static void *
field_of(const struct setting *s, void *to)
{
	return (char *)to + s->at;
}

static const void *
field_in(const struct setting *s, const void *of)
{
	return (const char *)of + s->at;
}

const char *
setting_key(const struct setting *s)
{
	return s->key != NULL ? s->key : s->option;
}

static void
set_number(const struct setting *s, void *to, uint64_t n)
{
	uint32_t small = (uint32_t)n;

	if (s->size == sizeof(small))
		memcpy(field_of(s, to), &small, sizeof(small));
	else
		memcpy(field_of(s, to), &n, sizeof(n));
}

static uint64_t
number_in(const struct setting *s, const void *of)
{
	uint64_t n = 0;
	uint32_t small = 0;

	if (s->size == sizeof(n)) {
		memcpy(&n, field_in(s, of), sizeof(n));
		return n;
	}
	memcpy(&small, field_in(s, of), sizeof(small));
	return small;
}

static bool
switch_in(const struct setting *s, const void *of)
{
	return *(const bool *)field_in(s, of);
}

static uint64_t
unit_of(const struct setting *s)
{
	return s->unit != 0 ? s->unit : 1;
}

void
settings_default(const struct settings *table, void *to)
{
	const struct setting *s;
	size_t i;

	for (i = 0; i < table->n; i++) {
		s = &table->row[i];
		memset(field_of(s, to), 0, s->size);
		if (s->kind == SETTING_NUMBER || s->kind == SETTING_CHOICE)
			set_number(s, to, s->fallback * unit_of(s));
		else if (s->kind == SETTING_SWITCH)
			*(bool *)field_of(s, to) = s->fallback != 0;
	}
}

const char *
setting_wants(const struct setting *s, char buf[160])
{
	size_t used, i;

	switch (s->kind) {
	case SETTING_NUMBER:
		used = (size_t)snprintf(buf, 160, "%s, %" PRIu64, s->counts, s->least);
		if (s->most == UINT64_MAX)
			(void)snprintf(buf + used, 160 - used, " or more");
		else
			(void)snprintf(buf + used, 160 - used, " to %" PRIu64, s->most);
		break;
	case SETTING_CHOICE:
		buf[0] = '\0';
		for (i = 0, used = 0; s->words[i] != NULL; i++)
			used += (size_t)snprintf(buf + used, 160 - used, "%s%s",
			    i == 0                    ? ""
			    : s->words[i + 1] == NULL ? " or "
						      : ", ",
			    s->words[i]);
		break;
	case SETTING_SWITCH:
		(void)snprintf(buf, 160, "yes or no");
		break;
	case SETTING_TEXT:
	case SETTING_LIST:
	case SETTING_PHRASE:
		(void)snprintf(buf, 160, "%s", s->value);
		break;
	}
	return buf;
}

static int
unwanted(const struct setting *s, const char *value, struct err *e)
{
	char wants[160];

	return err_unwanted(e, setting_wants(s, wants), value);
}

static int
put_number(const struct setting *s, void *to, const char *value, struct err *e)
{
	char *end;
	unsigned long long n;

	errno = 0;
	n = strtoull(value, &end, 10);
	if (value[0] < '0' || value[0] > '9' || *end != '\0' || errno != 0 ||
	    n < s->least || n > s->most)
		return unwanted(s, value, e);
	set_number(s, to, n * unit_of(s));
	return 0;
}

static int
put_choice(const struct setting *s, void *to, const char *value, struct err *e)
{
	uint64_t i;

	for (i = 0; s->words[i] != NULL; i++) {
		if (strcmp(s->words[i], value) == 0) {
			set_number(s, to, i);
			return 0;
		}
	}
	return unwanted(s, value, e);
}

static int
put_switch(const struct setting *s, void *to, const char *value, struct err *e)
{
	bool yes = strcmp(value, "yes") == 0;

	if (!yes && strcmp(value, "no") != 0)
		return unwanted(s, value, e);
	*(bool *)field_of(s, to) = yes;
	return 0;
}

static int
put_word(const struct setting *s, void *to, const char *value, struct err *e)
{
	struct word_list *list = field_of(s, to);
	size_t i;

	for (i = 0; i < list->n; i++)
		if (strcmp(list->word[i], value) == 0)
			return 0;
	if (list->n == s->most_words)
		return err_set(e, "can be given %d times at most", s->most_words);
	list->word[list->n++] = value;
	return 0;
}

static int
put_phrase(const struct setting *s, void *to, const char *value, struct err *e)
{
	char *phrase = field_of(s, to);
	size_t used = strlen(phrase), n = strlen(value);

	if (used + n + 2 > s->size)
		return err_set(e, "is too long: at most %d bytes", s->size - 2);
	if (used != 0)
		phrase[used++] = ' ';
	memcpy(phrase + used, value, n + 1);
	return 0;
}

int
setting_put(const struct setting *s, void *to, const char *value, struct err *e)
{
	if (value[0] == '\0')
		return unwanted(s, value, e);
	if (s->check != NULL && s->check(value, e) != 0)
		return -1;
	switch (s->kind) {
	case SETTING_TEXT:
		*(const char **)field_of(s, to) = value;
		return 0;
	case SETTING_LIST:
		return put_word(s, to, value, e);
	case SETTING_NUMBER:
		return put_number(s, to, value, e);
	case SETTING_CHOICE:
		return put_choice(s, to, value, e);
	case SETTING_SWITCH:
		return put_switch(s, to, value, e);
	case SETTING_PHRASE:
		return put_phrase(s, to, value, e);
	}
	return -1;
}

void
setting_turn(const struct setting *s, void *to)
{
	*(bool *)field_of(s, to) = s->fallback == 0;
}

void
setting_copy(const struct setting *s, void *to, const void *from)
{
	memcpy(field_of(s, to), field_in(s, from), s->size);
}

static const char *
text_in(const struct setting *s, const void *of, size_t i)
{
	const struct word_list *list;
	const char *text;

	switch (s->kind) {
	case SETTING_TEXT:
		return i == 0 ? *(const char *const *)field_in(s, of) : NULL;
	case SETTING_LIST:
		list = field_in(s, of);
		return i < list->n ? list->word[i] : NULL;
	case SETTING_PHRASE:
		text = field_in(s, of);
		return i == 0 && text[0] != '\0' ? text : NULL;
	case SETTING_CHOICE:
		return i == 0 ? s->words[number_in(s, of)] : NULL;
	case SETTING_SWITCH:
		return i == 0 ? switch_in(s, of) ? "yes" : "no" : NULL;
	case SETTING_NUMBER:
		break;
	}
	return NULL;
}

const char *
setting_text(const struct setting *s, const void *of, size_t i, char buf[32])
{
	uint64_t n;

	if (s->kind != SETTING_NUMBER)
		return text_in(s, of, i);
	n = number_in(s, of) / unit_of(s);
	if (i != 0 || n < s->least)
		return NULL;
	(void)snprintf(buf, 32, "%" PRIu64, n);
	return buf;
}

bool
setting_same(const struct setting *s, const void *a, const void *b)
{
	char left[32], right[32];
	const char *x, *y;
	size_t i = 0;

	do {
		x = setting_text(s, a, i, left);
		y = setting_text(s, b, i, right);
		if (x == NULL || y == NULL)
			return x == y;
		i++;
	} while (strcmp(x, y) == 0);
	return false;
}
