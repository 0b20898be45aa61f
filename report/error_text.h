/* The error codes that can end a sign-in, in words. */
#ifndef REPORT_ERROR_TEXT_H
#define REPORT_ERROR_TEXT_H

/* NULL for a code that has no known meaning at sign-in. */
const char *error_text(unsigned code);

#endif
