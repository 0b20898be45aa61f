/* The names in a configuration file, and what to say of one that is not known. */
#ifndef APP_CONFIG_KEY_H
#define APP_CONFIG_KEY_H

#include "app/settings.h"

bool config_section_known(const struct settings *table, const char *section);

/* NULL when there is none. */
const struct setting *config_row(
    const struct settings *table, const char *section, const char *key);

/* Says that there is no such section, or key, and which is meant. */
void config_no_section(const struct settings *table, const char *section, struct err *e);
void config_no_key(
    const struct settings *table, const char *section, const char *key, struct err *e);

#endif
