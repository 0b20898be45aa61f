#include "enforce/zone.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"

#define NAME_MOST   64 /* characters */
#define RESERVED    15
#define TIME_SIZE   8
#define OLD_TIME    4
#define TYPE_SIZE   6
#define LEAP_COUNT  4
#define OFFSET_MOST (26 * 3600) /* beyond what RFC 8536 lets be */

/* A header's counts, in its order. */
struct counts {
	uint8_t version;
	size_t ut, standard, leaps, times, types, characters;
};

static bool
header(struct cur *c, struct counts *n)
{
	bool named = bytes_eq(cur_take(c, 4), bytes_str("TZif"));

	n->version = cur_u8(c);
	cur_skip(c, RESERVED);
	n->ut = cur_be32(c);
	n->standard = cur_be32(c);
	n->leaps = cur_be32(c);
	n->times = cur_be32(c);
	n->types = cur_be32(c);
	n->characters = cur_be32(c);
	return named && !c->bad;
}

static int64_t
time_at(const struct zone *z, size_t i)
{
	const uint8_t *p = z->at.p + i * TIME_SIZE;

	return (int64_t)((uint64_t)load_be32(p) << 32 | load_be32(p + 4));
}

static int32_t
type_offset(const struct zone *z, size_t i)
{
	return z->type.n == 0 ? 0 : (int32_t)load_be32(z->type.p + i * TYPE_SIZE);
}

/* Times ascend, and every type there is and is pointed to makes sense. */
static bool
is_sound(const struct zone *z)
{
	size_t i;

	for (i = 1; i < z->after.n; i++)
		if (time_at(z, i) <= time_at(z, i - 1))
			return false;
	for (i = 0; i < z->after.n; i++)
		if (z->after.p[i] >= z->type.n / TYPE_SIZE)
			return false;
	for (i = 0; i < z->type.n / TYPE_SIZE; i++)
		if (type_offset(z, i) < -OFFSET_MOST || type_offset(z, i) > OFFSET_MOST)
			return false;
	return z->type.n != 0;
}

/* "\nTZ\n", where TZ may be nothing. */
static bool
footer(struct bytes rest, struct zone *z)
{
	struct bytes text;

	if (rest.n == 0 || rest.p[0] != '\n')
		return false;
	rest = bytes_skip(rest, 1);
	text = bytes_take(rest, bytes_find(rest, '\n'));
	if (text.n == rest.n)
		return false;
	z->has_rule = text.n != 0;
	return text.n == 0 || zone_rule_parse(text, &z->rule);
}

/* Files that count leap seconds are for clocks that do, which is not what frames have. */
bool
zone_parse(struct bytes file, struct zone *out)
{
	struct cur c = cur_of(file);
	struct counts n;

	*out = (struct zone){.has_rule = false};
	if (!header(&c, &n) || n.version < '2')
		return false;
	cur_skip(&c, n.times * (OLD_TIME + 1) + n.types * TYPE_SIZE + n.characters);
	cur_skip(&c, n.leaps * (OLD_TIME + LEAP_COUNT) + n.standard + n.ut);
	if (!header(&c, &n) || n.leaps != 0)
		return false;
	out->at = cur_take(&c, n.times * TIME_SIZE);
	out->after = cur_take(&c, n.times);
	out->type = cur_take(&c, n.types * TYPE_SIZE);
	cur_skip(&c, n.characters + n.standard + n.ut);
	return !c.bad && is_sound(out) && footer(cur_rest(&c), out);
}

static bool
is_name(const char *name)
{
	size_t i;

	for (i = 0; name[i] != '\0'; i++) {
		uint8_t c = byte_fold((uint8_t)name[i]);
		bool plain = (c >= 'a' && c <= 'z') || byte_is_digit(c) || c == '_' ||
			     c == '+' || c == '-';

		if (!plain && (c != '/' || i == 0))
			return false;
	}
	return i > 0 && i <= NAME_MOST && name[i - 1] != '/';
}

static int
read_file(struct zone *z, const char *path, struct err *e)
{
	FILE *f = fopen(path, "re");
	struct zone found;
	uint8_t *file;
	size_t n = 0;
	int r = 0;

	if (f == NULL)
		return err_sys(e, errno, "the time zone's file %.200s", path);
	file = malloc(ZONE_FILE_MAX);
	if (file != NULL)
		n = fread(file, 1, ZONE_FILE_MAX, f);
	if (file == NULL)
		r = err_set(e, "out of memory for a time zone");
	else if (ferror(f) != 0)
		r = err_sys(e, errno, "the time zone's file %.200s", path);
	else if (!zone_parse(bytes_of(file, n), &found))
		r = err_set(e,
		    "%.200s is no file of a time zone without leap seconds (TZif, "
		    "version 2 or later)",
		    path);
	(void)fclose(f);
	if (r != 0) {
		free(file);
		return r;
	}
	*z = found;
	z->file = file;
	return 0;
}

static bool
is_there(const char *path)
{
	FILE *f = fopen(path, "re");

	if (f == NULL)
		return errno != ENOENT;
	(void)fclose(f);
	return true;
}

int
zone_open(struct zone *z, const char *name, struct err *e)
{
	char path[sizeof(ZONE_FOLDER) + NAME_MOST + 1], safe[NAME_MOST + 1];

	*z = (struct zone){.has_rule = false};
	if (name == NULL)
		return is_there(ZONE_SYSTEM) ? read_file(z, ZONE_SYSTEM, e) : 0;
	if (strcmp(name, "UTC") == 0)
		return 0;
	(void)text_safe(safe, sizeof(safe), bytes_str(name));
	if (is_name(name)) {
		(void)snprintf(path, sizeof(path), "%s/%s", ZONE_FOLDER, name);
		if (is_there(path))
			return read_file(z, path, e);
	}
	if (!is_there(ZONE_FOLDER))
		return err_set(
		    e, "there are no time zones in %s: install tzdata", ZONE_FOLDER);
	return err_set(e, "'%s' is no time zone in %s, such as Europe/Berlin or UTC",
	    safe, ZONE_FOLDER);
}

void
zone_close(struct zone *z)
{
	free(z->file);
	z->file = NULL;
}

/* How many changes there were by then. */
static size_t
changes_by(const struct zone *z, int64_t t)
{
	size_t low = 0, high = z->after.n, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (time_at(z, middle) <= t)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int32_t
zone_offset(const struct zone *z, int64_t t)
{
	size_t n = changes_by(z, t);

	if (n == z->after.n && z->has_rule)
		return zone_rule_offset(&z->rule, t);
	return type_offset(z, n == 0 ? 0 : z->after.p[n - 1]);
}
