#include "app/config.h"

#include <string.h>

#include "base/text.h"

static void
print_value(const struct config *c, const struct config_target *t,
    const struct setting *s, FILE *to)
{
	char buf[32], name[400];
	const char *value = setting_text(s, t->to, 0, buf);
	size_t i;

	(void)text_safe(name, sizeof(name), bytes_str(t->name));
	if (value == NULL)
		(void)fprintf(to, "# %s: default, %s\n", setting_key(s),
		    s->unset != NULL ? s->unset : "none");
	for (i = 0; value != NULL; value = setting_text(s, t->to, ++i, buf)) {
		if (config_line(c, s, i) != 0)
			(void)fprintf(to, "# %s:%u\n", name, config_line(c, s, i));
		else
			(void)fputs("# default\n", to);
		/* Behind a space it would begin a comment. */
		(void)fprintf(
		    to, "%s =%s%s\n", setting_key(s), value[0] == ';' ? "" : " ", value);
	}
}

void
config_print(const struct config *c, const struct config_target *target, FILE *to)
{
	const struct settings *table = target->table;
	const char *section = "";
	size_t i;

	for (i = 0; i < table->n; i++) {
		if (table->row[i].section == NULL)
			continue;
		if (strcmp(section, table->row[i].section) != 0) {
			(void)fprintf(to, "%s[%s]\n", section[0] != '\0' ? "\n" : "",
			    table->row[i].section);
			section = table->row[i].section;
		}
		print_value(c, target, &table->row[i], to);
	}
}
