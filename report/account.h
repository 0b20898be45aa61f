/*
 * How an account may appear: as it is, as a keyed pseudonym, or not at all.  Applied to
 * an event before any sink sees it, so no later stage holds what it must not.
 */
#ifndef REPORT_ACCOUNT_H
#define REPORT_ACCOUNT_H

#include "base/err.h"
#include "base/event.h"

enum account_mode { ACCOUNT_SHOW, ACCOUNT_HASH, ACCOUNT_HIDE };

struct account_key;

/*
 * Reads the 32-byte key of file path, or makes it (mode 0600, its folder too when
 * missing) from the system's random source.  A key that others may read is refused.
 */
int account_key_open(struct account_key **key, const char *path, struct err *e);
void account_key_close(struct account_key *key);

/* "show", "hash", "hide", by enum account_mode; NULL ends. */
extern const char *const account_mode_words[];

/*
 * Rewrites the account in place, size ACCOUNT_MAX.  Hashed it is "k" + key id + ":" + 24
 * hex digits of HMAC-SHA256(key, account); the key id (4 hex digits) tells apart
 * pseudonyms made with different keys.  An empty account stays empty.  key is only needed
 * for ACCOUNT_HASH.
 */
void account_redact(char *account, enum account_mode mode, const struct account_key *key);

#endif
