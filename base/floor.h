/* Division that rounds down, so that times before 1970 count like the others. */
#ifndef BASE_FLOOR_H
#define BASE_FLOOR_H

#include <stdint.h>

/* b > 0 */
static inline int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

#endif
