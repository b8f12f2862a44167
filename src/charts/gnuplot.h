/* Running gnuplot. */
#pragma once

#include <stdio.h>

#include "core/fault.h"

/* Let gnuplot draw what `script` (a stream to be read from its start) says, and write the picture
   to `picture`. STATUS_FAILED, with gnuplot's own words in one line, when it is not installed, or
   could not. Nothing is written to `picture` then. */
enum status gnuplot_draw(FILE *script, FILE *picture, struct fault *fault);
