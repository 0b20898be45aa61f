/* Digests, and the one file that knows libgcrypt. */
#ifndef REPORT_DIGEST_H
#define REPORT_DIGEST_H

#include <stdint.h>

#include "base/bytes.h"

#define DIGEST_SHA1   20
#define DIGEST_SHA256 32

void digest_sha1(struct bytes of, uint8_t out[DIGEST_SHA1]);
void digest_hmac_sha256(struct bytes key, struct bytes of, uint8_t out[DIGEST_SHA256]);

#endif
