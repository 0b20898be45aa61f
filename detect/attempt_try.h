/* Inside attempts: tries that never got to speak. */
#ifndef DETECT_ATTEMPT_TRY_H
#define DETECT_ATTEMPT_TRY_H

#include "detect/attempt_book.h"

/*
 * SIGN_TRYING, SIGN_REACHED or SIGN_BLOCKED; l and b as far as the try is known
 * already.
 */
void attempt_try(
    struct attempts *a, struct live *l, struct belonging *b, const struct observation *o);

#endif
