/* Community ID version 1 (corelight/community-id-spec), seed 0. */
#ifndef REPORT_COMMUNITY_ID_H
#define REPORT_COMMUNITY_ID_H

#include "base/addr.h"

#define COMMUNITY_ID_MAX 31

/* Writes "1:" and the base64 of the SHA-1; proto is the IP protocol number. */
void community_id(const struct tuple *t, uint8_t proto, char out[COMMUNITY_ID_MAX]);

#endif
