/* What `parbench` alone measures: fixed jobs, so that runs on different machines can be compared.
 */
#pragma once

enum { SUITE_WORDS = 12 };

struct suite_case {
  double share;                   /* of the time: in proportion to the others' */
  const char *words[SUITE_WORDS]; /* as typed after `parbench`, ending with NULL */
};

/* The list ends with a case without words. */
extern const struct suite_case suite_cases[];
