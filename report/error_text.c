#include "report/error_text.h"

#include <stddef.h>

static const struct {
	unsigned code;
	const char *text;
} errors[] = {
    {200, "syntax error in the client's command"},
    {201, "invalid parameter in the client's command"},
    {205, "no such account"},
    {206, "account without a domain"},
    {207, "already signed in"},
    {208, "invalid account name"},
    {302, "not signed in"},
    {420, "client not admitted to this service"},
    {500, "internal error of the service"},
    {501, "database error of the service"},
    {502, "command disabled by the service"},
    {510, "file error of the service"},
    {520, "service out of memory"},
    {540, "challenge failed"},
    {600, "service busy"},
    {601, "service unavailable"},
    {602, "a server of the service is down"},
    {603, "service cannot reach its database"},
    {604, "service is going down"},
    {605, "service unavailable"},
    {700, "service cannot create the connection"},
    {707, "service cannot create the connection"},
    {710, "client information refused"},
    {711, "session restricted"},
    {712, "session overloaded"},
    {713, "too active"},
    {714, "too many sessions"},
    {715, "not expected: account not verified, or command out of order"},
    {717, "bad friend file"},
    {731, "client information not expected"},
    {800, "too many requests"},
    {801, "too many requests"},
    {910, "service too busy"},
    {911, "authentication failed"},
    {912, "service too busy"},
    {913, "not allowed while hidden"},
    {914, "service unavailable"},
    {915, "service unavailable"},
    {916, "service unavailable"},
    {917, "authentication failed"},
    {918, "service too busy"},
    {919, "service too busy"},
    {920, "service takes no new users"},
    {921, "service too busy"},
    {922, "service too busy"},
    {923, "child account without a parent's consent"},
    {924, "account not verified yet"},
    {926, "managed account with a client that does not know managed accounts"},
    {927, "account suspended, or blocked by a guardian"},
    {928, "bad or expired ticket"},
    {930, "account belongs to an enterprise domain"},
    {931, "wrong server for this account"},
};

const char *
error_text(unsigned code)
{
	size_t i;

	for (i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (errors[i].code == code)
			return errors[i].text;
	return NULL;
}
