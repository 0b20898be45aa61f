#include "app/config_key.h"

#include <string.h>

#include "base/bytes.h"
#include "base/text.h"

#define NAME_MAX_LENGTH 40 /* of what is compared */
#define TYPING_ERRORS   2

bool
config_section_known(const struct settings *table, const char *section)
{
	size_t i;

	for (i = 0; i < table->n; i++)
		if (table->row[i].section != NULL &&
		    strcmp(table->row[i].section, section) == 0)
			return true;
	return false;
}

/* section NULL: any */
static const struct setting *
find(const struct settings *table, const char *section, const char *key)
{
	const struct setting *s;
	size_t i;

	for (i = 0; i < table->n; i++) {
		s = &table->row[i];
		if (s->section == NULL || strcmp(setting_key(s), key) != 0)
			continue;
		if (section == NULL || strcmp(s->section, section) == 0)
			return s;
	}
	return NULL;
}

const struct setting *
config_row(const struct settings *table, const char *section, const char *key)
{
	return find(table, section, key);
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* How many letters one name takes to become the other. */
static size_t
distance(const char *a, const char *b)
{
	size_t row[NAME_MAX_LENGTH + 1], n = strlen(a), m = strlen(b), i, j, diagonal, up;

	if (n > NAME_MAX_LENGTH || m > NAME_MAX_LENGTH)
		return SIZE_MAX;
	for (j = 0; j <= m; j++)
		row[j] = j;
	for (i = 1; i <= n; i++) {
		diagonal = row[0];
		row[0] = i;
		for (j = 1; j <= m; j++) {
			up = row[j];
			row[j] = least(diagonal + (byte_fold((uint8_t)a[i - 1]) !=
						      byte_fold((uint8_t)b[j - 1])),
			    least(up, row[j - 1]) + 1);
			diagonal = up;
		}
	}
	return row[m];
}

static const struct setting *
nearest(const struct settings *table, const char *section, const char *key)
{
	const struct setting *s, *best = NULL;
	size_t i, far, most = TYPING_ERRORS + 1;

	for (i = 0; i < table->n; i++) {
		s = &table->row[i];
		if (s->section == NULL)
			continue;
		if (section != NULL && strcmp(s->section, section) != 0)
			continue;
		far = distance(setting_key(s), key);
		if (far < most && far < strlen(key)) {
			most = far;
			best = s;
		}
	}
	return best;
}

static size_t
add(char *list, size_t used, size_t size, const char *what)
{
	int n = snprintf(list + used, size - used, "%s%s", used == 0 ? "" : ", ", what);

	return n > 0 ? least(used + (size_t)n, size - 1) : used;
}

void
config_no_section(const struct settings *table, const char *section, struct err *e)
{
	char list[200] = "", safe[80];
	const char *known, *last = NULL;
	size_t i, used = 0;

	(void)text_safe(safe, sizeof(safe), bytes_str(section));
	for (i = 0; i < table->n; i++) {
		known = table->row[i].section;
		if (known == NULL || (last != NULL && strcmp(last, known) == 0))
			continue;
		last = known;
		used = add(list, used, sizeof(list), known);
		if (distance(known, section) <= TYPING_ERRORS)
			(void)err_set(
			    e, "unknown section [%s]; did you mean [%s]?", safe, known);
	}
	(void)err_set(e, "unknown section [%s]; there are %s", safe, list);
}

void
config_no_key(
    const struct settings *table, const char *section, const char *key, struct err *e)
{
	const struct setting *s = find(table, NULL, key);
	char list[300] = "", safe[80];
	size_t i, used = 0;

	(void)text_safe(safe, sizeof(safe), bytes_str(key));
	if (s != NULL) {
		(void)err_set(e, "'%s' belongs in [%s]%s%s%s", safe, s->section,
		    section[0] != '\0' ? ", not in [" : "", section,
		    section[0] != '\0' ? "]" : "");
		return;
	}
	s = nearest(table, section, key);
	if (s == NULL && (s = nearest(table, NULL, key)) != NULL)
		(void)err_set(e, "unknown key '%s'; did you mean '%s' in [%s]?", safe,
		    setting_key(s), s->section);
	else if (s != NULL)
		(void)err_set(e, "unknown key '%s' in [%s]; did you mean '%s'?", safe,
		    section, setting_key(s));
	for (i = 0; i < table->n; i++)
		if (table->row[i].section != NULL &&
		    strcmp(table->row[i].section, section) == 0)
			used = add(list, used, sizeof(list), setting_key(&table->row[i]));
	if (section[0] == '\0')
		(void)err_set(e, "unknown key '%s'; keys stand in a [section]", safe);
	(void)err_set(e, "unknown key '%s' in [%s]; there are %s", safe, section, list);
}
