/*
 * What a client's own words about itself (CVR) amount to: the name people know it by.
 * Clients imitate each other, so combinations decide (doc/protocol.md section 1), and
 * the answer is a claim, never the truth.
 */
#ifndef DETECT_PRODUCT_H
#define DETECT_PRODUCT_H

#include "base/event.h"

/*
 * Fills c->product from the other fields and the dialects offered; "" when nothing
 * fits.
 */
void product_name(struct client_claim *c, const uint8_t *offered, uint8_t n_offered);

#endif
