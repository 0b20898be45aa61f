#include "app/version.h"

const char *
version_text(void)
{
	return MSNWATCH_VERSION;
}
