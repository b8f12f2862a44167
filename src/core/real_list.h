/* Lists of real numbers as users write them: "a,b,c", "LO:HI:STEP", "LO:HI:nCOUNT".

   Values of LO:HI:STEP are computed in decimal and rounded once, so 0.1:1.2:0.1 has twelve values
   and its third is 0.3, not 0.30000000000000004. HI is included when it is reached. LO:HI:nCOUNT
   gives COUNT evenly spaced values with both ends, each the double nearest to the exact fraction.
 */
#pragma once

#include <stddef.h>

#include "core/fault.h"

struct real_list {
  size_t count;
  double *values; /* malloc'ed; real_list_free */
};

enum { REAL_LIST_MAX = 1000000 };

/* Parse text; every item finite, at most REAL_LIST_MAX of them. On failure the fault says what is
   wrong (without naming the argument) and list is empty. */
enum status real_list_parse(const char *text, struct real_list *list, struct fault *fault);

void real_list_free(struct real_list *list);
