/*
 * SOCKS4, 4a (the de facto memos) and 5 (RFC 1928, 1929) as far as it takes to find
 * where the relayed stream begins.  Pure pull parsers; credentials are stepped over
 * and never handed out.
 */
#ifndef DETECT_SOCKS_H
#define DETECT_SOCKS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/addr.h"
#include "base/bytes.h"

struct socks_target {
	struct endpoint to; /* port always; address when one was sent */
	struct bytes name;  /* host name when one was sent, else empty */
};

/* SOCKS4/4a CONNECT.  >0 consumed, 0 more, -1 not this. */
ssize_t socks4_request(struct bytes in, struct socks_target *out);
/* Its answer; *granted when the code is 90. */
ssize_t socks4_reply(struct bytes in, bool *granted);

/* SOCKS5: greeting, its answer (*method 0xff: none acceptable), username and password,
 * their answer. */
ssize_t socks5_greeting(struct bytes in);
ssize_t socks5_method(struct bytes in, uint8_t *method);
ssize_t socks5_auth(struct bytes in);
ssize_t socks5_auth_reply(struct bytes in, bool *granted);
/* SOCKS5 CONNECT and its answer (*code 0: granted, 2: not allowed by ruleset, ...). */
ssize_t socks5_request(struct bytes in, struct socks_target *out);
ssize_t socks5_reply(struct bytes in, uint8_t *code);

#endif
