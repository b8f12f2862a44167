/* What `parbench` alone measures: fixed jobs, so that runs on different machines can be compared.
 */
#pragma once

enum { SUITE_WORDS = 12 };

/* Each as typed after `parbench`, ending with NULL; the list ends with an empty one. */
extern const char *const suite_cases[][SUITE_WORDS];
