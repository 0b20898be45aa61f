/* What this build is called. */
#ifndef APP_VERSION_H
#define APP_VERSION_H

const char *version_text(void);

#endif
