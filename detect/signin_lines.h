/* Inside the sign-in machine: what each side's lines change. */
#ifndef DETECT_SIGNIN_LINES_H
#define DETECT_SIGNIN_LINES_H

#include "detect/signin.h"

void signin_client_line(
    struct signin *s, const struct signin_view *view, const struct msnp_line *line);
void signin_server_line(
    struct signin *s, const struct signin_view *view, const struct msnp_line *line);

#endif
